/** Clones of URLs: what is kept of them, for how long, what others may do meanwhile, and why one cannot be made. */
import { type ChildProcess, spawn } from "node:child_process"
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import { readCacheBytes } from "../../layers/git/clone-cache.ts"
import * as SimpleGit from "../../layers/git/SimpleGit.ts"
import { Git, type Repository } from "../../services/Git.ts"
import { randomOf } from "../../services/text/random.ts"
import { ensureBundle } from "../../tasks/bundle.mjs"
import { startGitServer } from "../support/git-server.ts"
import { makeRepository, pythonModule, runGit, temporaryFolder, type TestRepository } from "../support/repository.ts"

const support = join(dirname(fileURLToPath(import.meta.url)), "..", "support")
let root = ""
let used = 0
const fresh = () => {
  const folder = join(root, `folder-${used++}`)
  mkdirSync(folder)
  return folder
}
beforeAll(() => {
  root = temporaryFolder()
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const isExhaustive = process.env["RETRACE_KILLS"] === "all"

/** Git whose clones are kept in a folder, which is named as the environment would, and so is their bound. */
const gitIn = (cache: string, bound = "") =>
  SimpleGit.layer.pipe(
    Layer.provide(Layer.merge(NodeFileSystem.layer, NodePath.layer)),
    Layer.provide(
      Layer.setConfigProvider(
        ConfigProvider.fromMap(new Map([["XDG_CACHE_HOME", cache], ["RETRACE_CLONE_CACHE", bound]]))
      )
    )
  )
const open = (url: string) => Effect.flatMap(Git, (git) => git.open(url, { orFolder: false }))
const range = { rev: "HEAD", maxCommits: 1000, startDate: null, endDate: null }
const subjectsOf = (repository: Repository) =>
  Effect.map(Stream.runCollect(repository.commits(range)), (all) => [...all].map(({ subject }) => subject))

const clonesIn = (cache: string) => join(cache, "retrace/clones")
const bytesOf = (folder: string): number =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .reduce((sum, name) => sum + (lstatSync(join(folder, name)).isFile() ? statSync(join(folder, name)).size : 0), 0)
/** The names of what a cache holds; every clone there is whole. */
const wholeIn = (cache: string): ReadonlyArray<string> => {
  const names = readdirSync(clonesIn(cache)).sort()
  for (const name of names) {
    if (!name.startsWith("draft-")) runGit(join(clonesIn(cache), name), ["fsck", "--full", "--strict"])
  }
  return names
}

/** A repository of some commits, each with a file that cannot be packed. */
const makeSource = (name: string, bytes = 0): TestRepository => {
  const source = makeRepository(name)
  source.write("a.py", pythonModule(2, name.replace(/\W/g, "")))
  source.commit("first")
  const random = randomOf("noise", name)
  source.write("noise", Uint8Array.from({ length: bytes }, () => random.below(256)))
  source.commit("second")
  return source
}
const urlOf = ({ path }: TestRepository) => `file://${path}`

describe("a clone that is opened again", () => {
  const changes: Readonly<Record<string, (source: TestRepository) => void>> = {
    "nothing": () => undefined,
    "a commit": (source) => {
      source.write("a.py", pythonModule(3))
      source.commit("third")
    },
    "a branch that was rewritten": (source) => {
      source.git("reset", "--quiet", "--hard", "HEAD~1")
      source.write("b.py", pythonModule(3))
      source.commit("other")
    },
    "another default branch": (source) => {
      source.git("checkout", "--quiet", "-b", "trunk")
      source.git("branch", "-D", "main")
      source.commit("on trunk")
    },
    "no branch at all at its head": (source) => source.git("checkout", "--quiet", "--detach", "HEAD~1"),
    "tags that came, moved and went": (source) => {
      source.git("tag", "-d", "gone")
      source.git("tag", "-f", "moved", "HEAD")
      source.git("tag", "-a", "-m", "told", "come", "HEAD~1")
    },
    "a branch that took the place of a folder of branches": (source) => {
      source.git("branch", "-D", "work/one")
      source.git("branch", "work")
    }
  }

  it.scopedLive.each(Object.keys(changes))("is as a new one, after %s", (change) =>
    Effect.gen(function*() {
      const source = makeSource("changing")
      for (const tag of ["gone", "moved"]) source.git("tag", tag, "HEAD~1")
      source.git("branch", "work/one")
      const [kept, other] = [fresh(), fresh()]
      const refsIn = (cache: string) =>
        Effect.gen(function*() {
          const repository = yield* open(urlOf(source))
          const told = [
            runGit(repository.location, ["for-each-ref"]),
            readFileSync(join(repository.location, "HEAD"), "utf8"),
            ...yield* subjectsOf(repository)
          ]
          return { told, name: repository.name }
        }).pipe(Effect.scoped, Effect.provide(gitIn(cache)))
      yield* refsIn(kept)
      changes[change]?.(source)
      const again = yield* refsIn(kept)
      assert.deepStrictEqual(again, yield* refsIn(other))
      // What was kept then is as new as what was opened.
      assert.deepStrictEqual(yield* refsIn(kept), again)
      assert.deepStrictEqual(wholeIn(kept).length, 1)
      source.dispose()
    }))

  it.scopedLive("is made anew where what was kept is broken or was given other settings", () =>
    Effect.gen(function*() {
      const source = makeSource("broken")
      const cache = fresh()
      const subjects = Effect.scoped(Effect.flatMap(open(urlOf(source)), subjectsOf)).pipe(Effect.provide(gitIn(cache)))
      const expected = yield* subjects
      const [name = ""] = readdirSync(clonesIn(cache))
      const kept = join(clonesIn(cache), name)
      const breaks = [
        () => rmSync(join(kept, "HEAD")),
        () => rmSync(join(kept, "objects"), { recursive: true }),
        () => writeFileSync(join(kept, "config"), "[remote \"origin\"]\n\tuploadpack = /bin/false\n"),
        () => rmSync(join(kept, "config"))
      ]
      for (const breakIt of breaks) {
        breakIt()
        source.commit(`after ${breakIt}`.slice(0, 20))
        assert.strictEqual((yield* subjects).length, expected.length + 1 + breaks.indexOf(breakIt))
        wholeIn(cache)
      }
      source.dispose()
    }))

  it.scopedLive("stays as it was while others bring it up to date and remove it", () =>
    Effect.gen(function*() {
      const source = makeSource("rewritten", 5_000)
      const cache = fresh()
      const read = Effect.fnUntraced(function*(repository: Repository) {
        const commits = [...yield* Stream.runCollect(repository.commits(range))]
        const blobs = commits.flatMap(({ changes }) => changes.flatMap(({ newBlob }) => newBlob ?? []))
        return { commits, contents: yield* repository.blobs(blobs), files: yield* repository.files("HEAD") }
      })
      const mine = yield* Effect.provide(open(urlOf(source)), gitIn(cache))
      const before = yield* read(mine)
      source.git("reset", "--quiet", "--hard", "HEAD~1")
      source.write("b.py", pythonModule(9))
      source.commit("rewritten")
      const others = Effect.scoped(Effect.flatMap(open(urlOf(source)), subjectsOf))
      assert.deepStrictEqual(yield* Effect.provide(others, gitIn(cache)), ["rewritten", "first"])
      assert.deepStrictEqual(yield* Effect.provide(others, gitIn(cache, "0")), ["rewritten", "first"])
      assert.deepStrictEqual(readdirSync(clonesIn(cache)).filter((name) => !name.startsWith("draft-")), [])
      assert.deepStrictEqual(yield* read(mine), before)
      const inThread = yield* Effect.provide(open(mine.location), gitIn(fresh()))
      assert.deepStrictEqual([inThread.name, yield* read(inThread)], [mine.name, before])
      source.dispose()
    }))

  it.scopedLive("is opened as it was kept where that is asked, with its origin out of reach", () =>
    Effect.gen(function*() {
      const source = makeSource("away")
      const cache = fresh()
      const as = (asKept: boolean) =>
        Effect.scoped(
          Effect.flatMap(Git, (git) => git.open(urlOf(source), { orFolder: false, asKept })).pipe(
            Effect.flatMap(subjectsOf)
          )
        ).pipe(Effect.provide(gitIn(cache)))
      // Nothing is kept yet.
      assert.deepStrictEqual(yield* as(true), ["second", "first"])
      source.commit("third")
      assert.deepStrictEqual(yield* as(true), ["second", "first"])
      assert.deepStrictEqual(yield* as(false), ["third", "second", "first"])
      source.dispose()
      assert.deepStrictEqual(yield* as(true), ["third", "second", "first"])
      assert.strictEqual((yield* Effect.flip(as(false)))._tag, "NotARepository")
    }))

  it.scopedLive("leaves nothing but the clone", () =>
    Effect.gen(function*() {
      const source = makeSource("tidy")
      const cache = fresh()
      yield* Effect.scoped(open(urlOf(source))).pipe(Effect.provide(gitIn(cache)))
      const failed = yield* Effect.either(
        Effect.scoped(open("file:///no/such/place")).pipe(Effect.provide(gitIn(cache)))
      )
      assert.strictEqual(failed._tag, "Left")
      assert.match(wholeIn(cache).join(), /^[\w.-]*tidy-[\da-f]{8}\.git$/)
      source.dispose()
    }))
})

describe("the bound of the cache", () => {
  it.each([
    ["20G", 20 * 1024 ** 3],
    ["1.5 GiB", 1.5 * 1024 ** 3],
    ["500mb", 500 * 1024 ** 2],
    ["3k", 3072],
    ["0", 0],
    [" 12 ", 12],
    ["Unlimited", Number.POSITIVE_INFINITY],
    ["", undefined],
    ["-1", undefined],
    ["20 gigs", undefined],
    ["G", undefined],
    ["1e3", undefined]
  ])("is read: %s", (text, bytes) => assert.strictEqual(readCacheBytes(text), bytes))

  it.scopedLive("that is no size ends the run, whatever URL it is", () =>
    Effect.gen(function*() {
      const failure = yield* Effect.flip(Effect.provide(open("file:///x"), gitIn(fresh(), "much")))
      assert.strictEqual(failure._tag, "GitFailed")
      assert.match(failure.message, /RETRACE_CLONE_CACHE is "much"; set it to a size such as 20G/)
    }))

  it.scopedLive("is kept, and what was used last stays", () =>
    Effect.gen(function*() {
      const sources = ["one", "two", "three", "four"].map((name) => makeSource(name, 100_000))
      const cache = fresh()
      const use = (number: number, bound: string) => {
        const source = sources[number]
        assert.isDefined(source)
        return source === undefined
          ? Effect.void
          : Effect.scoped(open(urlOf(source))).pipe(Effect.provide(gitIn(cache, bound)))
      }
      const kept = () => wholeIn(cache).map((name) => /(one|two|three|four)/.exec(name)?.[1])
      const bound = "250k"
      for (const number of [0, 1]) yield* use(number, bound)
      assert.sameMembers(kept(), ["one", "two"])
      // The one that was made first is used again, so that the other one goes.
      yield* use(0, bound)
      yield* use(2, bound)
      assert.sameMembers(kept(), ["one", "three"])
      yield* use(3, bound)
      assert.sameMembers(kept(), ["three", "four"])
      assert.isAtMost(bytesOf(clonesIn(cache)), 250 * 1024)
      yield* use(1, "unlimited")
      assert.sameMembers(kept(), ["three", "four", "two"])
      yield* use(0, "50k")
      assert.deepStrictEqual(kept(), [])
      for (const source of sources) source.dispose()
    }))
})

describe("several processes with one cache", () => {
  let program = ""
  beforeAll(async () => {
    program = join(await ensureBundle("open-clones", { clones: "test/support/open-clones.ts" }), "clones.mjs")
  })

  const start = (cache: string, urls: ReadonlyArray<string>, more: Readonly<Record<string, string>> = {}) => {
    const child = spawn(process.execPath, ["--require", join(support, "kill-at-step.cjs"), program, ...urls], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env["PATH"], HOME: root, TMPDIR: root, XDG_CACHE_HOME: cache, ...more }
    })
    return { child, ended: endingOf(child) }
  }
  const endingOf = (child: ChildProcess) => {
    let [stdout, stderr] = ["", ""]
    child.stdout?.on("data", (data) => stdout += data)
    child.stderr?.on("data", (data) => stderr += data)
    return new Promise<{ readonly signal: string | null; readonly stdout: string; readonly stderr: string }>((
      resolve
    ) => child.on("close", (_, signal) => resolve({ signal, stdout, stderr })))
  }

  it("each find what they open whole, whatever is fetched, replaced and removed", { timeout: 120_000 }, async () => {
    const sources = ["a", "b", "c"].map((name) => makeSource(`shared-${name}`, 30_000))
    const cache = fresh()
    const orders = [[0, 1, 2], [2, 1, 0], [1, 1, 1], [0, 2, 0]]
    let expected = "second,first"
    for (let round = 0; round < 3; round++) {
      const runs = orders.map((order) =>
        // About two of the three have room.
        start(cache, order.flatMap((number) => sources.slice(number, number + 1).map(urlOf)), {
          RETRACE_CLONE_CACHE: "80k"
        })
      )
      for (const { ended } of runs) {
        assert.strictEqual((await ended).stderr, `${expected} 0\n`.repeat(3))
      }
      const left = wholeIn(cache)
      assert.isAtMost(left.length, 2)
      assert.isTrue(left.every((name) => name.endsWith(".git")), left.join())
      for (const source of sources) source.commit(`round ${round}`)
      expected = `round ${round},${expected}`
    }
    for (const source of sources) source.dispose()
  })

  it("leave nothing half when they are killed, at steps of a seed", { timeout: 300_000 }, async () => {
    const source = makeSource("killed")
    const [url] = [urlOf(source)]
    // A clone is made, then brought up to date: what is done to files differs.
    for (const hasKept of [false, true]) {
      const prepare = async () => {
        const cache = fresh()
        if (hasKept) {
          source.git("reset", "--quiet", "--hard", "HEAD~1")
          await start(cache, [url]).ended
          source.git("reset", "--quiet", "--hard", "ORIG_HEAD")
        }
        return cache
      }
      const calm = await start(await prepare(), [url]).ended
      assert.strictEqual(calm.stderr, "second,first 0\n")
      const steps = Number(calm.stdout)
      assert.isAbove(steps, 5)
      const random = randomOf("step", steps)
      const all = Array.from({ length: steps }, (_, step) => step + 1)
      const drawn = isExhaustive
        ? all
        : [1, ...all.slice(-3), ...Array.from({ length: 4 }, () => 1 + random.below(steps))]
      for (const step of drawn) {
        const cache = await prepare()
        const killed = await start(cache, [url], { RETRACE_KILL_STEP: String(step) }).ended
        assert.strictEqual(killed.signal, "SIGKILL", `step ${step} of ${steps}`)
        if (existsSync(clonesIn(cache))) wholeIn(cache)
        assert.strictEqual((await start(cache, [url]).ended).stderr, "second,first 0\n", `step ${step}`)
        assert.match(wholeIn(cache).join(), /^[\w.-]*killed-[\da-f]{8}\.git$/, `step ${step}`)
      }
    }
    source.dispose()
  })
})

describe("a URL that cannot be cloned", () => {
  let source: TestRepository
  let server: Awaited<ReturnType<typeof startGitServer>>
  beforeAll(async () => {
    source = makeSource("served")
    server = await startGitServer(dirname(source.path))
    server.behave("missing", (_, response) => response.writeHead(404).end("Not Found") !== undefined)
    server.behave(
      "private",
      (_, response) => response.writeHead(401, { "www-authenticate": "Basic realm=\"x\"" }).end() !== undefined
    )
    server.behave("forbidden", (_, response) => response.writeHead(403).end() !== undefined)
    server.behave("busy", (_, response) => response.writeHead(503).end() !== undefined)
    server.behave("limited", (_, response) => response.writeHead(429).end() !== undefined)
    server.behave("page-timed-out", (_, response) => response.writeHead(200).end("<html>\n</html>\n") !== undefined)
    server.behave("reset", (request) => request.socket.resetAndDestroy() !== undefined)
    server.behave("silent", () => true)
  })
  afterAll(async () => {
    await server.stop()
    source.dispose()
  })
  const faultsOf = (url: string, cache = fresh()) =>
    Effect.map(Effect.flip(Effect.provide(open(url), gitIn(cache))), (failure) => {
      assert.strictEqual(failure._tag, "NotARepository", failure.message)
      assert.notInclude(failure.message, "\n")
      return failure._tag === "NotARepository" ? failure.fault : failure._tag
    })
  const tries = (name: string) => server.asked.filter((path) => path.startsWith(`/${name}/`)).length

  it.scopedLive.each<readonly [string, string, number]>([
    ["missing", "no repository there", 1],
    ["nowhere", "no repository there", 1],
    ["private", "login needed", 1],
    ["forbidden", "login needed", 1],
    ["page-timed-out", "no repository there", 1],
    ["busy", "server failed", 4],
    ["limited", "server failed", 4],
    ["reset", "connection lost", 4]
  ])("is told why, by a server that says %s", ([name, fault, times]) =>
    Effect.gen(function*() {
      const before = tries(name)
      assert.strictEqual(yield* faultsOf(server.url(name)), fault)
      assert.strictEqual(tries(name) - before, times)
    }))

  it.scopedLive("is told why, without a server", () =>
    Effect.gen(function*() {
      const closed = yield* Effect.promise(freePort)
      const faults: ReadonlyArray<readonly [url: string, fault: string]> = [
        [`http://127.0.0.1:${closed}/x`, "host not reached"],
        [`git://127.0.0.1:${closed}/x`, "host not reached"],
        ["https://nowhere.invalid/x", "host not reached"],
        ["file:///no/such/place", "no repository there"],
        ["/no/such/place", "no repository there"],
        ["ext::sh -c id", "protocol not allowed"]
      ]
      const told = yield* Effect.forEach(faults, ([url]) => faultsOf(url), { concurrency: "unbounded" })
      assert.deepStrictEqual(told, faults.map(([, fault]) => fault))
    }))

  it.scopedLive("is told why, by git's own server", () =>
    Effect.gen(function*() {
      const port = yield* Effect.promise(freePort)
      const folder = fresh()
      const daemon = spawn("git", ["daemon", "--listen=127.0.0.1", `--port=${port}`, `--base-path=${folder}`], {
        stdio: "ignore"
      })
      yield* Effect.addFinalizer(() => Effect.sync(() => daemon.kill()))
      mkdirSync(join(folder, "unexported.git"))
      runGit(join(folder, "unexported.git"), ["init", "--quiet", "--bare"])
      // Until it listens, it is not reached, which is tried again.
      yield* faultsOf(`git://127.0.0.1:${port}/unexported.git`).pipe(
        Effect.repeat({ until: (fault) => fault !== "host not reached" })
      )
      assert.strictEqual(yield* faultsOf(`git://127.0.0.1:${port}/unexported.git`), "no repository there")
    }))

  it.scopedLive("that is only busy for a while is cloned, and kept", () =>
    Effect.gen(function*() {
      let left = 2
      server.behave("served", (request, response) => {
        if (left-- > 0) return response.writeHead(503).end() !== undefined
        return request.url === undefined
      })
      const cache = fresh()
      const repository = yield* Effect.provide(open(server.url("served")), gitIn(cache))
      assert.deepStrictEqual(yield* subjectsOf(repository), ["second", "first"])
      assert.isBelow(left, 0)
      // With nothing new, one question is all that the next one asks.
      const before = server.asked.length
      yield* Effect.provide(open(server.url("served")), gitIn(cache))
      assert.isAtMost(server.asked.length - before, 2)
      source.commit("third")
      const again = yield* Effect.provide(open(server.url("served")), gitIn(cache))
      assert.deepStrictEqual(yield* subjectsOf(again), ["third", "second", "first"])
    }))

  it.scoped("is given up when its server says nothing", () =>
    Effect.gen(function*() {
      const asked = server.nextRequest(/^\/silent\//)
      const waiting = yield* Effect.fork(faultsOf(server.url("silent")))
      yield* Effect.promise(() => asked)
      yield* TestClock.adjust("4 minutes")
      assert.isNull(waiting.unsafePoll())
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(yield* Fiber.join(waiting), "timed out")
    }))

  it.scopedLive("by a user who may not write to the cache is told so", () =>
    Effect.gen(function*() {
      const file = join(fresh(), "file")
      writeFileSync(file, "")
      assert.strictEqual(yield* faultsOf(urlOf(source), file), "cache not writable")
    }))
})

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0))
    })
  })

describe("a commit that was read before", () => {
  it.scopedLive("is fetched where the clone lacks it, and is gone where its server lacks it too", () =>
    Effect.gen(function*() {
      const source = makeSource("moving")
      const cache = fresh()
      const old = source.git("rev-parse", "HEAD").trim()
      source.git("reset", "--quiet", "--hard", "HEAD~1")
      source.write("b.py", pythonModule(5))
      const now = source.commit("instead")
      const repository = yield* Effect.provide(open(urlOf(source)), gitIn(cache))
      yield* repository.ensure(now)
      yield* repository.ensure(old)
      const found = yield* Stream.runCollect(repository.commits({ ...range, rev: old }))
      assert.deepStrictEqual([...found].map(({ subject }) => subject), ["second", "first"])
      assert.deepStrictEqual(yield* subjectsOf(repository), ["instead", "first"])

      source.git("reflog", "expire", "--expire=now", "--all")
      rmSync(join(source.path, ".git/ORIG_HEAD"))
      source.git("gc", "--quiet", "--prune=now")
      yield* repository.ensure(old)
      const later = yield* Effect.provide(open(urlOf(source)), gitIn(fresh()))
      const gone = yield* Effect.flip(later.ensure(old))
      assert.strictEqual(gone._tag, "CommitGone")
      assert.match(gone.message, /^Cannot find commit [\da-f]{40} in "[\w.-]*moving[\w.-]*": its history was rewritten/)
      const local = yield* Effect.provide(open(source.path), gitIn(cache))
      assert.strictEqual((yield* Effect.flip(local.ensure(old)))._tag, "CommitGone")
      yield* local.ensure(now)
      const blob = source.git("rev-parse", "HEAD:b.py").trim()
      assert.strictEqual((yield* Effect.flip(local.ensure(blob)))._tag, "CommitGone")
      assert.strictEqual((yield* Effect.flip(local.ensure("--all")))._tag, "CommitGone")
      source.dispose()
    }))
})
