/** The rows that a person keeps, as a file of rows. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { NodeFileSystem } from "@effect/platform-node"
import * as Effect from "effect/Effect"
import { openLabels } from "../../../tasks/view/labels.ts"
import { trainFirst } from "../../../tasks/shared/row-files.ts"
import { temporaryFolder } from "../../support/repository.ts"
import { runTask } from "../../support/task.ts"
import type { FileRow } from "../../../services/Reader.ts"

const fixtures = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), "fixtures", "reader")
let root = ""
const at = (name: string) => join(root, name)
/** Bytes that no writer of JSON would write the same. */
const lines = [
  "{\"id\": 9007199254740993, \"f\":1.0,\"f\":2,\"language\":\"c\"}",
  "{\"id\":2,\"s\":\"\\u003cb\\/\\u00E9 é\",\"language\":\"cpp\"}",
  "{ \"id\" :3, \"language\":\"c\" }",
  "{\"torn\": tr",
  "{\"id\":5,\"language\":\"go\"}"
]
const rowOf = (line: string): FileRow => ({ _tag: "row", value: JSON.parse(line), text: line })

beforeAll(async () => {
  root = temporaryFolder()
  writeFileSync(at("rows.jsonl"), `${lines.join("\r\n")}\r\n`)
  const labelled = Effect.gen(function*() {
    const labels = yield* openLabels(at("rows.jsonl"))
    yield* labels.set(0, rowOf(lines[0] ?? ""), "keep")
    yield* labels.set(1, rowOf(lines[1] ?? ""), "drop")
    // A label that was taken away, and one of a row that has changed since.
    yield* labels.set(2, rowOf(lines[2] ?? ""), "drop")
    yield* labels.set(2, rowOf(lines[2] ?? ""), null)
    yield* labels.set(4, rowOf("{\"id\":6}"), "drop")
  })
  await Effect.runPromise(Effect.provide(labelled, NodeFileSystem.layer))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

describe("view --export", () => {
  it("writes what is not dropped, byte for byte, and says what is left out", async () => {
    const { code, stderr, stdout } = await runTask(["view", at("rows.jsonl"), "--export", at("kept.jsonl")])
    assert.deepStrictEqual([code, stdout], [0, ""], stderr)
    assert.strictEqual(readFileSync(at("kept.jsonl"), "utf8"), `${[lines[0], lines[2], lines[4]].join("\n")}\n`)
    assert.include(
      stderr,
      "kept.jsonl: 3 rows (1 labelled keep, 2 without a label, 1 labelled drop left out, 1 that cannot be read left out)"
    )
    const only = await runTask(["view", at("rows.jsonl"), "--export", at("only.jsonl"), "--only-kept"])
    assert.include(only.stderr, "only.jsonl: 1 row (1 labelled keep, 2 without a label left out,")
    assert.strictEqual(readFileSync(at("only.jsonl"), "utf8"), `${lines[0]}\n`)
    const args = ["view", at("rows.jsonl"), "--export", at("c.jsonl"), "--filter", "language==c"]
    assert.strictEqual((await runTask(args)).code, 0)
    assert.strictEqual(readFileSync(at("c.jsonl"), "utf8"), `${lines[0]}\n${lines[2]}\n`)
  })

  it("writes rows of other forms as JSON Lines", async () => {
    const packed = join(fixtures, "rows.jsonl.zst")
    assert.strictEqual((await runTask(["view", packed, "--export", at("unpacked.jsonl")])).code, 0)
    const printed = await runTask(["view", packed, "--json"])
    assert.strictEqual(readFileSync(at("unpacked.jsonl"), "utf8"), printed.stdout)
  })

  it("replaces nothing unless it is told to, and never what it reads", async () => {
    writeFileSync(at("mine.jsonl"), "mine")
    symlinkSync(at("rows.jsonl"), at("link.jsonl"))
    mkdirSync(at("folder.jsonl"))
    for (
      const [args, code, message] of [
        [["--export", at("mine.jsonl")], 73, /it is there already; pass --overwrite/],
        [["--export", at("rows.jsonl"), "--overwrite"], 73, /it is the file that is read/],
        [["--export", at("link.jsonl"), "--overwrite"], 73, /it is the file that is read/],
        [["--export", at("folder.jsonl"), "--overwrite"], 73, /it is a folder/],
        [["--export", at("none/kept.jsonl")], 73, /no such file or (?:folder|directory)/],
        [["--export", at("kept.parquet")], 64, /its name must end in \.jsonl/]
      ] as const
    ) {
      const before = readdirSync(root)
      const ended = await runTask(["view", at("rows.jsonl"), ...args])
      assert.deepStrictEqual([ended.code, ended.stdout], [code, ""], ended.stderr)
      assert.match(ended.stderr, message)
      assert.deepStrictEqual(readdirSync(root), before)
    }
    assert.strictEqual(readFileSync(at("mine.jsonl"), "utf8"), "mine")
    const replaced = await runTask(["view", at("rows.jsonl"), "--export", at("mine.jsonl"), "--overwrite"])
    assert.strictEqual(replaced.code, 0, replaced.stderr)
    assert.notStrictEqual(readFileSync(at("mine.jsonl"), "utf8"), "mine")
    assert.isFalse(existsSync(at("mine.jsonl.part")))
    assert.strictEqual((await runTask(["view", root, "--export", at("all.jsonl")])).code, 64)
  })
})

it("what is trained on is looked at first, and what is held out last", () => {
  const named = (names: ReadonlyArray<string>) => names.map((name) => ({ name, path: name }))
  const names = ["attempts.jsonl", "test_kto.jsonl", "tests.jsonl", "train_kto.jsonl", "val.jsonl", "valley.jsonl"]
  assert.deepStrictEqual(
    trainFirst(named(names)).map(({ name }) => name),
    ["train_kto.jsonl", "attempts.jsonl", "tests.jsonl", "valley.jsonl", "test_kto.jsonl", "val.jsonl"]
  )
})
