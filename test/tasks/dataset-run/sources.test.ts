/** Repositories of a run that are closed while nobody reads from them: opened again, they are what was surveyed. */
import { existsSync, readdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { assert, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import * as SimpleGit from "../../../layers/git/SimpleGit.ts"
import { Git, type Repository } from "../../../services/Git.ts"
import { noLosses } from "../../../tasks/shared/dataset-run/losses.ts"
import { openSources } from "../../../tasks/shared/dataset-run/sources.ts"
import { makeRepository, pythonModule, temporaryFolder } from "../../support/repository.ts"

const gitIn = (cache: string, bound: string) =>
  SimpleGit.layer.pipe(
    Layer.provide(Layer.merge(NodeFileSystem.layer, NodePath.layer)),
    Layer.provide(
      Layer.setConfigProvider(
        ConfigProvider.fromMap(new Map([["XDG_CACHE_HOME", cache], ["RETRACE_CLONE_CACHE", bound]]))
      )
    )
  )
const range = { rev: "HEAD", maxCommits: 10, startDate: null, endDate: null }
const options = { orFolder: false, mostFiles: 100 }
const commitsOf = (repository: Repository) =>
  Effect.map(Stream.runCollect(repository.commits(range)), (all) => [...all])

it.scoped("a clone that was rewritten, replaced and removed meanwhile has what was surveyed, or says that it is gone", () =>
  Effect.gen(function*() {
    const source = makeRepository("moving")
    source.write("a.py", pythonModule(2))
    source.commit("first")
    source.write("a.py", pythonModule(3))
    const head = source.commit("second")
    const cache = temporaryFolder()
    yield* Effect.addFinalizer(() =>
      Effect.sync(() => {
        source.dispose()
        rmSync(cache, { recursive: true })
      })
    )
    const url = `file://${source.path}`
    const listen = { lost: noLosses(), listen: () => Effect.void }
    const sources = yield* Effect.provide(openSources([url], options, listen), gitIn(cache, "unlimited"))
    const surveyed = yield* sources.use(
      0,
      (repository) => Effect.map(commitsOf(repository), (commits) => ({ commits, location: repository.location }))
    )
    const blobs = surveyed.commits.flatMap(({ changes }) => changes.flatMap(({ newBlob }) => newBlob ?? []))
    assert.strictEqual(blobs.length, 2)
    const read = sources.useAgain(
      0,
      head,
      (repository) => Effect.map(repository.blobs(blobs), (contents) => ({ contents, location: repository.location }))
    )
    const whole = yield* read
    assert.strictEqual(whole.location, surveyed.location)
    assert.notInclude(whole.contents, null)

    const closed = Effect.gen(function*() {
      yield* TestClock.adjust("3 seconds")
      while (readdirSync(join(cache, "retrace/clones")).some((name) => name.startsWith("draft-"))) {
        yield* Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 10)))
      }
    })
    yield* closed
    assert.isFalse(existsSync(surveyed.location))
    source.git("reset", "--quiet", "--hard", "HEAD~1")
    source.write("b.py", pythonModule(5))
    source.commit("instead")
    // Nobody has fetched since: what is kept has it.
    assert.deepStrictEqual((yield* read).contents, whole.contents)
    yield* closed
    // Another run removes what is kept: it is cloned anew, and the commit, which no branch has, is fetched.
    const other = Effect.flatMap(Git, (git) => git.open(url, { ...options, asKept: false }))
    yield* Effect.scoped(other).pipe(Effect.provide(gitIn(cache, "0")))
    assert.deepStrictEqual((yield* read).contents, whole.contents)
    yield* closed
    yield* Effect.scoped(other).pipe(Effect.provide(gitIn(cache, "0")))
    source.git("reflog", "expire", "--expire=now", "--all")
    rmSync(join(source.path, ".git/ORIG_HEAD"))
    source.git("gc", "--quiet", "--prune=now")
    const gone = yield* Effect.flip(read)
    assert.match(gone.message, /Cannot find commit [\da-f]{40} in "[^"]*": its history was rewritten/)
  }))
