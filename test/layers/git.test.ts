import { execFileSync } from "node:child_process"
import { renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import * as MemoryGit from "../../layers/git/MemoryGit.ts"
import { normalisedOrigin } from "../../services/history/origin.ts"
import * as SimpleGit from "../../layers/git/SimpleGit.ts"
import { Git } from "../../services/Git.ts"
import { contractHistory, gitContract } from "../contract/Git.ts"
import { makePipes } from "../support/pipe.ts"
import { makeMortalGit, watchGitChildren } from "../support/git-children.ts"
import { makeRepository, pythonModule, temporaryFolder, type TestRepository } from "../support/repository.ts"

const layer = SimpleGit.layer.pipe(Layer.provide(Layer.merge(NodeFileSystem.layer, NodePath.layer)))

describe("SimpleGit", () => {
  let repository: TestRepository
  beforeAll(() => {
    repository = makeRepository()
    for (const { files, subject } of contractHistory) {
      for (const path of ["a.py", "dir", "lib"]) repository.remove(path)
      for (const [path, text] of Object.entries(files)) repository.write(path, text)
      repository.commit(subject)
    }
  })
  afterAll(() => repository.dispose())
  gitContract("SimpleGit", layer, () => repository.path)
})

describe("MemoryGit", () => {
  const commits = contractHistory.map(({ files, subject }, index) => ({
    sha: `commit-${index}`,
    parents: index === 0 ? [] : [`commit-${index - 1}`],
    seconds: index,
    author: "ada@example.org",
    subject,
    files
  }))
  gitContract("MemoryGit", MemoryGit.layer({ "/toy": { name: "toy", commits } }), () => "/toy")
})

describe("SimpleGit on awkward repositories", () => {
  const open = (location: string, orFolder = false) => Effect.flatMap(Git, (git) => git.open(location, { orFolder }))
  const range = { rev: "HEAD", maxCommits: 100, startDate: null, endDate: null }

  it.scoped("reads history although an object is missing that rename detection wants", () =>
    Effect.gen(function*() {
      const repository = makeRepository()
      repository.write("a.py", pythonModule(4))
      repository.commit("add")
      repository.remove("a.py")
      repository.write("b.py", `${pythonModule(4)}\nlast = 1\n`)
      repository.commit("move with edits")
      const blob = repository.git("rev-parse", "HEAD:b.py").trim()
      rmSync(join(repository.path, ".git/objects", blob.slice(0, 2), blob.slice(2)))
      const opened = yield* open(repository.path)
      const commits = [...yield* Stream.runCollect(opened.commits(range))]
      assert.deepStrictEqual(commits.map(({ changes }) => changes.map(({ status }) => status)), [["deleted", "added"], [
        "added"
      ]])
      assert.deepStrictEqual(yield* opened.blobs([blob]), [null])
      repository.dispose()
    }).pipe(Effect.provide(layer)))

  it.scoped("marks the border of a shallow clone", () =>
    Effect.gen(function*() {
      const repository = makeRepository()
      for (const value of [1, 2, 3]) {
        repository.write("a.py", `x = ${value}\n`)
        repository.commit(`set ${value}`)
      }
      const folder = temporaryFolder()
      execFileSync("git", ["clone", "--quiet", "--depth", "2", `file://${repository.path}`, join(folder, "shallow")])
      const opened = yield* open(join(folder, "shallow"))
      const commits = [...yield* Stream.runCollect(opened.commits(range))]
      assert.deepStrictEqual(commits.map(({ isCutOff }) => isCutOff), [false, true])
      repository.dispose()
      rmSync(folder, { recursive: true })
    }).pipe(Effect.provide(layer)))

  it.scoped("clones a URL into the cache once, and brings it up to date", () =>
    Effect.gen(function*() {
      const repository = makeRepository()
      repository.write("a.py", "x = 1\n")
      repository.commit("one")
      const cache = temporaryFolder()
      const url = `file://${repository.path}`
      const subjects = Effect.gen(function*() {
        const opened = yield* open(url)
        return [...yield* Stream.runCollect(opened.commits(range))].map(({ subject }) => subject)
      }).pipe(
        Effect.scoped,
        Effect.provide(layer),
        Effect.withConfigProvider(ConfigProvider.fromMap(new Map([["XDG_CACHE_HOME", cache]])))
      )
      assert.deepStrictEqual(yield* subjects, ["one"])
      repository.write("a.py", "x = 2\n")
      repository.commit("two")
      assert.deepStrictEqual(yield* subjects, ["two", "one"])
      repository.dispose()
      rmSync(cache, { recursive: true })
    }).pipe(Effect.provide(layer)))

  it.scoped("opens a git directory where it is named, not where a folder lies in one", () =>
    Effect.gen(function*() {
      const repository = makeRepository()
      repository.write("a.py", "x = 1\n")
      repository.commit("one")
      repository.git("clone", "--quiet", "--bare", ".git", "bare")
      for (const named of ["bare", ".git", "."]) {
        const opened = yield* open(join(repository.path, named))
        assert.strictEqual((yield* opened.files("HEAD")).files.length, 1, named)
      }
      for (const inside of ["bare/objects", ".git/refs"]) {
        const refused = yield* Effect.flip(open(join(repository.path, inside)))
        assert.include(refused.message, "it lies in the git directory", inside)
      }
      repository.dispose()
    }).pipe(Effect.provide(layer)))

  it.scoped("waits for git so long and no longer", () =>
    Effect.gen(function*() {
      const folder = temporaryFolder()
      makePipes(join(folder, ".gitignore"))
      const children = watchGitChildren()
      const listing = yield* Effect.fork(Effect.flip(Effect.flatMap(Git, (git) => git.workingFiles(folder))))
      while (!children.alive().some(({ spawnargs }) => spawnargs.includes("--work-tree"))) {
        yield* Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 10)))
      }
      yield* TestClock.adjust("2 minutes")
      assert.include((yield* Fiber.join(listing)).message, "it gave no answer in 2 minutes")
      children.stop()
      rmSync(folder, { recursive: true })
    }).pipe(Effect.provide(layer)))

  it.scoped("gives the files of a plain folder as they lie there, with the ids that git gives them", () =>
    Effect.gen(function*() {
      const folder = temporaryFolder()
      writeFileSync(join(folder, "a.py"), "x = 1\r\n")
      writeFileSync(join(folder, ".gitattributes"), "* text=auto\n")
      symlinkSync("a.py", join(folder, "link.py"))
      const inner = makeRepository("inner")
      inner.write("b.py", "x = 1\n")
      inner.commit("inner")
      renameSync(inner.path, join(folder, "inner"))
      const opened = yield* open(folder, true)
      const { files } = yield* opened.files("HEAD")
      assert.deepStrictEqual(files.map(({ kind, path }) => `${kind} ${path}`), [
        "file .gitattributes",
        "file a.py",
        "file inner/b.py",
        "symlink link.py"
      ])
      const blob = files[1]?.blob ?? ""
      const id = execFileSync("git", ["hash-object", "--stdin"], { input: "x = 1\r\n", encoding: "utf8" }).trim()
      assert.strictEqual(blob, id)
      assert.deepStrictEqual(yield* opened.sizes([blob, "unknown"]), [7, null])
      const read = () => Effect.map(opened.blobs([blob]), ([content]) => content?.length ?? null)
      assert.strictEqual(yield* read(), 7)
      // What was written since is another file.
      writeFileSync(join(folder, "a.py"), "x = 2\r\n")
      assert.isNull(yield* read())
      rmSync(folder, { recursive: true })
      inner.dispose()
    }).pipe(Effect.provide(layer)))

  it.scoped("looks at a folder of a repository only, and at a plain folder as one tree", () =>
    Effect.gen(function*() {
      const repository = makeRepository()
      repository.write("lib/a.py", "x = 1\n")
      repository.write("web/b.py", "y = 1\n")
      repository.commit("both")
      const part = yield* open(join(repository.path, "lib"))
      assert.deepStrictEqual((yield* part.files("HEAD")).files.map(({ path }) => path), ["lib/a.py"])
      const commits = [...yield* Stream.runCollect(part.commits(range))]
      assert.deepStrictEqual(commits[0]?.changes.map(({ path }) => path), ["lib/a.py"])

      const folder = temporaryFolder()
      writeFileSync(join(folder, "c.py"), "z = 1\n")
      writeFileSync(join(folder, ".gitignore"), "ignored.py\n")
      writeFileSync(join(folder, "ignored.py"), "z = 1\n")
      const refused = yield* Effect.flip(open(folder))
      assert.include(refused.message, "--source tree")
      const plain = yield* open(folder, true)
      const tree = yield* plain.files("HEAD")
      assert.isNull(tree.commit)
      assert.deepStrictEqual(tree.files.map(({ path }) => path), [".gitignore", "c.py"])
      repository.dispose()
      rmSync(folder, { recursive: true })
    }).pipe(Effect.provide(layer)))
})

describe("SimpleGit whose processes are killed", () => {
  const children = watchGitChildren()
  const mortal = makeMortalGit()
  let repository: TestRepository
  beforeAll(() => {
    repository = makeRepository()
    for (const value of [1, 2, 3]) {
      repository.write("a.py", pythonModule(value))
      repository.commit(`set ${value}`)
    }
    repository.git("remote", "add", "origin", "https://example.org/ada/toy.git")
  })
  afterAll(() => {
    children.stop()
    mortal.stop()
    repository.dispose()
  })
  const open = Effect.flatMap(Git, (git) => git.open(repository.path, { orFolder: false }))
  const range = { rev: "HEAD", maxCommits: 100, startDate: null, endDate: null }

  it.scopedLive("say that they were lost, and the next question is answered by another", () =>
    Effect.gen(function*() {
      const opened = yield* open
      const { commit, files } = yield* opened.files("HEAD")
      const ids = files.map(({ blob }) => blob)
      const before = { blobs: yield* opened.blobs(ids), sizes: yield* opened.sizes(ids) }
      yield* opened.treeChanges(commit ?? "", `${commit}`)
      for (const child of children.alive()) child.kill("SIGKILL")
      const failures = yield* Effect.forEach(
        [opened.blobs(ids), opened.sizes(ids), opened.treeChanges(commit ?? "", `${commit}`)],
        (question) => Effect.flip<unknown, { readonly _tag: string; readonly message: string }, never>(question),
        { concurrency: "unbounded" }
      )
      for (const failure of failures) {
        assert.strictEqual(failure._tag, "GitLost")
        assert.include(failure.message, "SIGKILL")
      }
      assert.deepStrictEqual({ blobs: yield* opened.blobs(ids), sizes: yield* opened.sizes(ids) }, before)
      assert.deepStrictEqual(yield* opened.treeChanges(commit ?? "", `${commit}`), [])
    }).pipe(Effect.provide(layer)))

  it.scopedLive("give no part of an answer for the whole", () =>
    Effect.gen(function*() {
      const opened = yield* open
      assert.strictEqual(opened.name, "example.org/ada/toy")
      const questions = [
        ["log", Stream.runDrain(opened.commits(range))],
        ["ls-tree", opened.files("HEAD")],
        ["get-url", open]
      ] as const
      for (const [command, question] of questions) {
        mortal.doom(command)
        const ended = yield* Effect.either<unknown, { readonly _tag: string }, Git | Scope.Scope>(question)
        assert.strictEqual(ended._tag === "Left" ? ended.left._tag : "an answer", "GitLost", command)
      }
      assert.strictEqual((yield* opened.files("HEAD")).files.length, 1)
      assert.strictEqual((yield* Effect.flip(opened.files("no-such-revision")))._tag, "NoSuchRevision")
    }).pipe(Effect.provide(layer)))
})

it.each([
  ["git@github.com:spf13/cobra.git", "github.com/spf13/cobra"],
  ["https://user:secret@github.com/spf13/cobra", "github.com/spf13/cobra"],
  ["ssh://git@GitLab.com:2222/a/b/c.git/", "gitlab.com/a/b/c"],
  ["file:///srv/x.git", null],
  ["/srv/x", null],
  ["C:\\x", null]
])("normalisedOrigin(%s) is %s", (url, origin) => {
  assert.strictEqual(normalisedOrigin(url), origin)
})
