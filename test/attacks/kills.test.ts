/**
 * Kills: of a writer at each step of what it does to files, of the whole program at moments of a seed, and of processes that
 * take a lock. Set RETRACE_KILLS=all for every step instead of a sample; `pnpm bench kills` is the long form.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { inject } from "vitest"
import { randomOf } from "../../services/text/random.ts"
import { ensureBundle } from "../../tasks/bundle.mjs"
import { makeKilledRuns } from "../support/killed-runs.ts"
import { drawKills, makeKiller } from "../support/kills.ts"
import { makeRepository, pythonModule, temporaryFolder, type TestRepository } from "../support/repository.ts"
import { withTools } from "../support/with-tools.ts"
import { scenarios } from "../support/writer-scenarios.ts"

const seed = Number(process.env["RETRACE_KILL_SEED"] ?? 20_260)
const isExhaustive = process.env["RETRACE_KILLS"] === "all"
/** Steps of each scenario at which it is killed. */
const sample = 5

const support = join(dirname(fileURLToPath(import.meta.url)), "..", "support")
let root = ""
let writer = ""
let locker = ""
let used = 0
const fresh = () => {
  const folder = join(root, `folder-${used++}`)
  mkdirSync(folder)
  return folder
}

beforeAll(async () => {
  root = temporaryFolder()
  chmodSync(root, 0o755)
  const entries = { writer: "test/support/killed-writer.ts", locker: "test/support/locker.ts" }
  const bundle = await ensureBundle("killed", entries)
  writer = join(bundle, "writer.mjs")
  locker = join(bundle, "locker.mjs")
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** The text of each file below a folder, by its path. */
const contentsOf = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => [name, readFileSync(join(folder, name), "latin1")])
  )

describe(`a writer that is killed at steps of seed ${seed}`, () => {
  const start = (name: string, folder: string, step: number) =>
    spawnSync(process.execPath, ["--require", join(support, "kill-at-step.cjs"), writer, name, folder], {
      encoding: "utf8",
      env: { ...process.env, RETRACE_KILL_STEP: step === 0 ? "" : String(step) }
    })

  /** A seal that stands, with what it says of its run. */
  const sealIn = (contents: Readonly<Record<string, string>>) => {
    const text = contents["rows/metadata.json"] ?? contents["rows.metadata.json"]
    return text === undefined ? undefined : JSON.parse(text).identity
  }

  for (const [name, { after, does }] of Object.entries(scenarios)) {
    it(`${name}: equal bytes, nothing left behind`, { timeout: isExhaustive ? 3_600_000 : 300_000 }, async () => {
      const prepared = async () => {
        const folder = fresh()
        if (after !== undefined) await Effect.runPromise(after({ folder, resume: false, overwrite: false }))
        return folder
      }
      const calm = await prepared()
      const before = contentsOf(calm)
      const { status, stderr, stdout } = start(name, calm, 0)
      assert.strictEqual(status, 0, stderr)
      const wanted = contentsOf(calm)
      const isOther = sealIn(before) !== sealIn(wanted)
      const steps = Number(stdout)
      assert.isAbove(steps, 20)
      const random = randomOf("step", seed, name)
      const all = Array.from({ length: steps }, (_, step) => step + 1)
      // In the second step it takes its lock; the last steps are those that publish.
      const drawn = isExhaustive
        ? all
        : [2, ...all.slice(-2), ...Array.from({ length: sample - 3 }, () => 1 + random.below(steps))]
      for (const step of drawn) {
        const folder = await prepared()
        const { signal } = start(name, folder, step)
        assert.strictEqual(signal, "SIGKILL", `step ${step}`)
        const between = contentsOf(folder)
        if (isOther && sealIn(between) === sealIn(wanted)) {
          assert.deepStrictEqual(between, wanted, `sealed at step ${step}`)
        }
        const resumed = await Effect.runPromise(
          Effect.either(does({ folder, resume: true, overwrite: false }))
        )
        if (Either.isLeft(resumed)) {
          // What was to be replaced stands as it was: so it is replaced again.
          assert.strictEqual(resumed.left._tag, "FolderTaken", `step ${step}: ${resumed.left.message}`)
          assert.isTrue(after !== undefined && isOther, `step ${step}: ${resumed.left.message}`)
          const now = contentsOf(folder)
          for (const [file, text] of Object.entries(before)) assert.strictEqual(now[file], text, `${file} at ${step}`)
          await Effect.runPromise(does({ folder, resume: false, overwrite: true }))
        }
        assert.deepStrictEqual(contentsOf(folder), wanted, `resumed after step ${step} of ${steps}`)
        rmSync(folder, { recursive: true })
      }
    })
  }
})

describe("a lock", () => {
  /** Processes that take a lock at once. */
  const lockers: Array<{ readonly child: ChildProcess; readonly lines: AsyncIterator<string> }> = []
  beforeAll(() => {
    for (let number = 0; number < 4; number++) {
      const child = spawn(process.execPath, [locker], { stdio: ["pipe", "pipe", "inherit"] })
      lockers.push({ child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() })
    }
  })
  afterAll(() => {
    for (const { child } of lockers) child.stdin?.end()
  })
  /** Tells all processes the same; returns what each answers. */
  const tell = async (line: string): Promise<ReadonlyArray<string>> => {
    for (const { child } of lockers) child.stdin?.write(`${line}\n`)
    return Promise.all(lockers.map(async ({ lines }) => String((await lines.next()).value)))
  }

  const dead = spawnSync(process.execPath, ["-e", ""]).pid
  const plant = (folder: string, name: string, text: string) => writeFileSync(join(folder, name), text)

  it.each<[string, (folder: string) => void]>([
    ["nobody held", () => undefined],
    ["a dead process held", (folder) => plant(folder, "run.lock", `${dead} 12345`)],
    ["a dead process of an older version held", (folder) => plant(folder, "run.lock", `${dead}`)],
    ["an earlier process of this number held", (folder) => plant(folder, "run.lock", `${process.pid} 1`)],
    ["a kill or a full disk left empty", (folder) => plant(folder, "run.lock", "")],
    ["holds no number", (folder) => plant(folder, "run.lock", "\u0000\u0000")],
    ["was killed while it was taken over", (folder) => {
      plant(folder, "run.lock", `${dead} 1`)
      plant(folder, "run.lock.free", `${dead} 2`)
    }],
    ["was killed twice while it was taken over", (folder) => {
      plant(folder, "run.lock", `${dead} 1`)
      plant(folder, "run.lock.free", `${dead} 2`)
      plant(folder, "run.lock.free.free", `${dead} 3`)
    }],
    ["was killed before it had its name", (folder) => plant(folder, `run.lock.${dead}-0`, `${dead} 1`)],
    ["was killed after it was taken over", (folder) => {
      plant(folder, "run.lock.free", `${dead} 2`)
      plant(folder, `run.lock.${dead}-3`, `${dead} 2`)
    }]
  ])("that %s is taken by one of several that start at once, and nothing is left of it", async (_, prepare) => {
    for (let round = 0; round < 10; round++) {
      const folder = fresh()
      prepare(folder)
      const said = await tell(join(folder, "run.lock"))
      assert.strictEqual(said.filter((line) => line === "taken").length, 1, said.join(", "))
      await tell("")
      assert.deepStrictEqual(readdirSync(folder), [])
    }
  })
})

withTools("/proc").describe("the program, killed", () => {
  let repository: TestRepository
  beforeAll(() => {
    repository = makeRepository("shop")
    for (let step = 0; step < 6; step++) {
      for (let file = 0; file < 3; file++) {
        repository.write(`src/part_${file}.py`, pythonModule(4 + (step + file) % 5, `v${step}_`))
      }
      repository.commit(`step ${step}`)
    }
  })
  afterAll(() => repository.dispose())

  const kinds = ["llama-factory", "plain folder", "shards, rejected", "page, card"]

  it(`at moments of seed ${seed} and started again, gives equal bytes and leaves nothing behind`, {
    timeout: 300_000
  }, async () => {
    const main = join(inject("bundleFolder"), "main.mjs")
    const material = fresh()
    const all = makeKilledRuns({ repositories: [repository.path], main, folder: material, commits: 6 })
    const runs = all.filter(({ format }) => kinds.some((kind) => format.includes(kind)))
    assert.strictEqual(runs.length, kinds.length)
    const folder = fresh()
    const { kill } = makeKiller({ main, root: folder })
    let killed = 0
    for (const asked of drawKills(runs, 12, seed)) {
      const { difference, left, wasKilled } = await kill(asked)
      const name = `${asked.run.task}, ${asked.run.format}, kill ${asked.number} while ${asked.phase}`
      assert.strictEqual(difference, "", name)
      assert.deepStrictEqual(left, [], name)
      if (wasKilled) killed++
    }
    assert.isAtLeast(killed, 6)
  })
})

describe("the folder for temporary files", () => {
  const main = () => join(inject("bundleFolder"), "main.mjs")
  const place = () => {
    // The name that a run gives its folder, seen while it runs.
    const folder = fresh()
    const child = spawnSync(process.execPath, [
      "--import",
      `data:text/javascript,process.on("exit",()=>process.stderr.write(process.env.TMPDIR))`,
      main(),
      "--help"
    ], { encoding: "utf8", env: { ...process.env, TMPDIR: folder } })
    const name = child.stderr.slice(child.stderr.lastIndexOf("/") + 1)
    assert.match(name, /^retrace-\d+-\d*-[\da-f]{8}$/, child.stderr)
    assert.deepStrictEqual(readdirSync(folder), [])
    return name.slice(-8)
  }
  const dead = spawnSync(process.execPath, ["-e", ""]).pid

  it("is removed for dead runs of this place, in the cache too, and no other", () => {
    const here = place()
    const folder = fresh()
    const gone = [`retrace-${dead}-1-${here}`, `retrace-${dead}--${here}`, `retrace-${process.pid}-1-${here}`]
    const kept = [
      `retrace-${process.pid}--${here}`,
      `retrace-${dead}-1-00000000`,
      `retrace-${dead}-1-${here}0`,
      "retrace-vim-Ab12",
      "retrace-tree-1-2-3",
      `retrace--1-${here}`,
      "notes"
    ]
    for (const name of [...gone, ...kept]) {
      mkdirSync(join(folder, name))
      writeFileSync(join(folder, name, "file"), "")
    }
    const clones = join(folder, "cache", "retrace", "clones")
    mkdirSync(join(clones, `draft-retrace-${dead}-1-${here}-Ab12cd`, "clone.git"), { recursive: true })
    mkdirSync(join(clones, `draft-retrace-${process.pid}--${here}-Ab12cd`))
    mkdirSync(join(clones, "github.com_a_b-12345678.git"))
    const env = { ...process.env, TMPDIR: folder, XDG_CACHE_HOME: join(folder, "cache") }
    assert.strictEqual(spawnSync(process.execPath, [main(), "--help"], { env }).status, 0)
    assert.deepStrictEqual(readdirSync(folder).sort(), [...kept, "cache"].sort())
    assert.deepStrictEqual(readdirSync(clones).sort(), [
      `draft-retrace-${process.pid}--${here}-Ab12cd`,
      "github.com_a_b-12345678.git"
    ])
  })

  it("is not made where none can be made, and the task says so if it needs one", () => {
    const env = { ...process.env, TMPDIR: join(root, "nowhere") }
    assert.strictEqual(spawnSync(process.execPath, [main(), "--help"], { env }).status, 0)
    assert.isFalse(existsSync(join(root, "nowhere")))
  })
})
