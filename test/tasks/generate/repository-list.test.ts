/** `--repos`: what the program makes of a list, and of one that it cannot use. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as NodeContext from "@effect/platform-node/NodeContext"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { repositoriesAsked } from "../../../tasks/shared/repository-list.ts"
import { rowsIn, runProgram } from "../../support/program.ts"
import { makeRepository, pythonModule, temporaryFolder, type TestRepository } from "../../support/repository.ts"
import { runTask } from "../../support/task.ts"

let root = ""
const listOf = (name: string, text: string | Uint8Array) => {
  const path = join(root, name)
  writeFileSync(path, text)
  return path
}
const output = () => join(root, "dataset")

beforeAll(() => {
  root = temporaryFolder()
  mkdirSync(join(root, "lists"))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

it.effect("repositories named by hand come first, and paths of a list are relative to its folder", () =>
  Effect.gen(function*() {
    const list = listOf("lists/some.txt", "../a main\nhttps://host/o/b\n")
    assert.deepStrictEqual(yield* repositoriesAsked(["c", "https://host/o/d"], list), [
      { location: "c", rev: null, isListed: false },
      { location: "https://host/o/d", rev: null, isListed: false },
      { location: join(root, "a"), rev: "main", isListed: true },
      { location: "https://host/o/b", rev: null, isListed: true }
    ])
    assert.deepStrictEqual(yield* repositoriesAsked(["c"], undefined), [{ location: "c", rev: null, isListed: false }])
  }).pipe(Effect.provide(NodeContext.layer)))

it("a list that cannot be used ends the run with one line", async () => {
  const bad = listOf("bad.txt", "# mine\nhttps://ada:secret@host/x main and more\n")
  const twice = listOf("twice.txt", "https://ada:secret@host/o/x\n")
  const cases: ReadonlyArray<readonly [args: ReadonlyArray<string>, code: number, told: RegExp]> = [
    [["--repos", bad], 65, /^Cannot read .*bad\.txt:2: it has 4 words; .*\n$/],
    [["--repos", listOf("empty.txt", "# nobody\n\n")], 65, /^Cannot read .*empty\.txt: it names no repository; .*\n$/],
    [["--repos", listOf("wide.txt", Buffer.from("\ufeffx", "utf16le"))], 65, /^Cannot read .*not UTF-8.*\n$/],
    [["--repos", join(root, "none.txt")], 66, /^Cannot read .*none\.txt": there is no such file\n$/],
    [["--repos", root], 66, /^Cannot read .*\n$/],
    [
      ["--repos", twice, "--repo", "git@host:o/x.git"],
      64,
      /^Cannot read "https:\/\/ada:\*\*\*@host\/o\/x" twice: .*\n$/
    ],
    [["--repos", bad, "--repos", bad], 64, /^Cannot use --repos 2 times: it takes one value\n$/],
    [[], 64, /^Cannot start without a repository: .*\n$/]
  ]
  for (const [args, code, told] of cases) {
    const ended = await runTask(["generate", "--output", output(), ...args])
    assert.strictEqual(ended.code, code, ended.stderr)
    assert.match(ended.stderr, told)
    assert.notInclude(ended.stderr, "secret")
    assert.strictEqual(ended.stdout, "")
  }
})

describe("a run over a list", () => {
  let sources: ReadonlyArray<TestRepository> = []
  beforeAll(() => {
    sources = ["alpha", "beta"].map((name) => {
      const source = makeRepository(name)
      for (const step of [1, 2, 3, 4]) {
        source.write(`${name}.py`, pythonModule(step, name))
        source.commit(`step ${step}`)
      }
      source.git("tag", "old", "HEAD~1")
      return source
    })
    const empty = makeRepository("empty")
    sources = [...sources, empty]
  })
  afterAll(() => {
    for (const source of sources) source.dispose()
  })

  it("reads each at its revision, and leaves out and counts what cannot be opened", { timeout: 60_000 }, async () => {
    const [alpha, beta, empty] = sources.map(({ path }) => path)
    const list = listOf(
      "all.txt",
      `file://${alpha}   # the newest\n"${beta}" old\nhttp://127.0.0.1:1/gone\n./nowhere\n${empty}\nfile://${root}/none\n`
    )
    const args = ["--repos", list, "--dataset-type", "sft", "--cross-file-context", "-j", "2"]
    const env = { ...process.env, XDG_CACHE_HOME: join(root, "cache") }
    const ended = await runProgram(["generate", ...args, "--output", output()], { env })
    assert.strictEqual(ended.code, 0, ended.stderr)
    const { identity, ledger } = JSON.parse(readFileSync(join(output(), "metadata.json"), "utf8"))
    assert.deepStrictEqual(ledger.repositories, {
      came: 6,
      kept: 2,
      leftOut: { "host not reached": 1, "no repository there": 2, "no such revision": 1 }
    })
    const heads: ReadonlyArray<{ readonly commit: string | null }> = identity.repositories
    assert.sameMembers(heads.flatMap(({ commit }) => commit ?? []), [
      sources[0]?.git("rev-parse", "HEAD").trim() ?? "",
      sources[1]?.git("rev-parse", "old").trim() ?? ""
    ])
    assert.strictEqual(
      ended.stderr.split("\n").filter((line) => /left out: Cannot /.test(line)).length,
      4,
      ended.stderr
    )
    const rows = ["train_sft.jsonl", "val_sft.jsonl"].map((name) => join(output(), name)).filter(existsSync)
      .flatMap((path) => rowsIn(readFileSync(path, "utf8")))
    assert.isAbove(rows.length, 0)
    // Nothing of the run is left beside the clone that is kept.
    assert.match(readdirSync(join(root, "cache/retrace/clones")).join(), /^alpha-[\da-f]{8}\.git$/)

    // Those who share a run make the same of it.
    const shared = join(root, "shared")
    const ranked = await runProgram(["generate", ...args, "--output", shared, "--rank", "0/1"], { env })
    assert.strictEqual(ranked.code, 0, ranked.stderr)
    for (const name of ["train_sft.jsonl", "metadata.json"]) {
      assert.strictEqual(readFileSync(join(shared, name), "utf8"), readFileSync(join(output(), name), "utf8"), name)
    }

    const byHand = await runProgram(["generate", ...args, "--repo", "/no/such/place", "--output", join(root, "no")], {
      env
    })
    assert.strictEqual(byHand.code, 66, byHand.stderr)
  })
})
