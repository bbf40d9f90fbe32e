/** What is shown of a row is what the row says, to the last digit; and every task that reads rows reads the same files. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { contentOf } from "../../../tasks/view/web/answers.ts"
import { plainLines } from "../../../tasks/view/web/highlight.ts"
import { rowsIn } from "../../support/program.ts"
import { temporaryFolder } from "../../support/repository.ts"
import { runTask } from "../../support/task.ts"
import { withSandbox } from "../../support/with-tools.ts"

const fixtures = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), "fixtures", "reader")
let root = ""
const write = (name: string, bytes: string | Uint8Array): string => {
  writeFileSync(join(root, name), bytes)
  return join(root, name)
}

beforeAll(() => {
  root = temporaryFolder()
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const exact =
  "{\"id\": 9007199254740993, \"a\":1,\"a\":2, \"f\":1.0,\"g\":1e400,\"z\":-0,\"d\":0.10,\"2\":1,\"s\":\"\\u003cb\\/\\u00E9\"}"
const near = "{\"id\": 9007199254740992, \"d\": 0.1}"
const deep = `{"x":${"[".repeat(20_000)}${"]".repeat(20_000)}}`

describe("view", () => {
  it("prints the bytes of rows as JSON, and says what is none", async () => {
    const path = write("rows.jsonl", `${exact}\n${near}\n${deep}\n{"torn": tr\n`)
    const all = await runTask(["view", path, "--json"])
    assert.strictEqual(all.code, 0, all.stderr)
    assert.strictEqual(
      all.stdout,
      `${exact}\n${near}\n${deep}\n{"row":4,"reason":"no JSON","text":"{\\"torn\\": tr"}\n`
    )
    for (const [number, text] of [[1, exact], [3, deep]] as const) {
      assert.strictEqual((await runTask(["view", path, "--row", String(number), "--json"])).stdout, `${text}\n`)
    }
  })

  it("shows and filters by all digits", async () => {
    const path = write("shown.jsonl", `${exact}\n${near}\n`)
    const { stdout } = await runTask(["view", path, "--row", "1"])
    assert.include(stdout, "id 9007199254740993 · a 1 · a 2 · f 1.0 · g 1e400 · z -0 · d 0.10 · 2 1 · s <b/é")
    const passing = async (filter: string) => (await runTask(["view", path, "--json", "--filter", filter])).stdout
    assert.strictEqual(await passing("id=9007199254740993"), `${exact}\n`)
    assert.strictEqual(await passing("id=9007199254740992"), `${near}\n`)
    assert.strictEqual(await passing("f=1"), `${exact}\n`)
    assert.strictEqual(await passing("d=0.1"), `${exact}\n${near}\n`)
    assert.strictEqual(await passing("g=10e399"), `${exact}\n`)
    assert.strictEqual(await passing("s=<b/é"), `${exact}\n`)
  })

  it("counts what it cannot look at by what is wrong with it", async () => {
    const path = write(
      "faults.jsonl",
      Buffer.concat([Buffer.from(`${deep}\nno\nno\n{"a":1}\n`), Buffer.from("\"\xe9\"", "latin1")])
    )
    const { stdout } = await runTask(["view", path, "--stats"])
    assert.include(stdout, "5 rows, 1 of them nested too deeply and 2 no JSON and 1 not UTF-8")
    const stats = JSON.parse((await runTask(["view", path, "--stats", "--json"])).stdout)
    assert.deepStrictEqual(stats.faults, { "nested too deeply": 1, "no JSON": 2, "not UTF-8": 1 })
  })

  it.effect("tells the page the same", () =>
    Effect.gen(function*() {
      const plain = (text: string) => Effect.succeed(plainLines(text))
      const { facts } = yield* contentOf({ _tag: "row", value: JSON.parse(exact), text: exact }, "none", plain)
      assert.deepStrictEqual(facts.map(([name, value]) => `${name} ${value}`).slice(0, 5), [
        "id 9007199254740993",
        "a 1",
        "a 2",
        "f 1.0",
        "g 1e400"
      ])
      const { sections, shape } = yield* contentOf(
        { _tag: "malformed", text: deep, reason: "nested too deeply" },
        "none",
        plain
      )
      assert.deepStrictEqual([shape, sections.length], ["nested too deeply", 1])
    }))

  it("goes on when a file cannot be read to its end, and says so", async () => {
    const rows = Array.from({ length: 20_000 }, (_, id) => `{"id":${id},"noise":"${(id * 7919).toString(36)}"}\n`)
    const packed = gzipSync(rows.join(""))
    const path = write("cut.jsonl.gz", packed.subarray(0, packed.length / 2))
    const shown = await runTask(["view", path, "--row", "3", "--json"])
    assert.deepStrictEqual([shown.code, shown.stdout], [0, rows[2]])
    const all = await runTask(["view", path, "--stats"])
    assert.strictEqual(all.code, 65)
    const cutShort = /^Cannot read ".*cut\.jsonl\.gz": its gzip data ends too early; the file was cut short\n$/
    assert.match(all.stderr, cutShort)
    const counted = Number(/^cut\.jsonl\.gz: (\d+) rows\n/.exec(all.stdout)?.[1])
    assert.isTrue(counted > 1000 && counted < rows.length, all.stdout)
    // The other answer of this row would stand behind the break.
    const answers = rows.map((row, at) =>
      JSON.stringify({ prompt: `question ${100_000 + at}`, completion: row, label: true })
    )
    const half = gzipSync(answers.join("\n"))
    const halfPath = write("half.jsonl.gz", half.subarray(0, half.length / 2))
    const third = await runTask(["view", halfPath, "--row", "3"])
    assert.strictEqual(third.code, 65)
    assert.match(third.stdout, /^half\.jsonl\.gz · row 3\n/)
    assert.match(third.stderr, /half\.jsonl\.gz": its gzip data ends too early/)
  })

  it("shows what is in a folder, packed or not", async () => {
    const folder = join(root, "folder")
    mkdirSync(folder)
    writeFileSync(join(folder, "a.jsonl"), "{\"n\":1}\n")
    writeFileSync(join(folder, "b.jsonl.gz"), gzipSync("{\"n\":2}\n"))
    writeFileSync(join(folder, "c.json.gz"), gzipSync("[{\"n\":3}]"))
    writeFileSync(join(folder, "d.jsonl.zst"), readFileSync(join(fixtures, "rows.jsonl.zst")))
    writeFileSync(join(folder, "metadata.json"), "{}")
    const { stdout } = await runTask(["view", "-d", folder, "--json"])
    assert.deepStrictEqual(rowsIn(stdout).map(({ id, n }) => n ?? `id ${id}`), [1, 2, 3, "id 1", "id 2", "id 3"])
  })
})

describe("rows of other forms", () => {
  const program = { instruction: "", response: "x = 1\n\ndef f(a):\n    return a + x\n", language: "python" }
  const programs = [program, { ...program, response: "y = 2\nprint(y)\n" }]
  const pairs = [{ source: "a\nb\nc\n", target: "a\nx\nc\n", keys: "jrx" }, {
    source: "one two\n",
    target: "two\n",
    keys: "dw"
  }]
  const formsOf = (rows: ReadonlyArray<object>): ReadonlyArray<readonly [string, Uint8Array]> => {
    const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join("")
    return [
      ["rows.jsonl", Buffer.from(lines)],
      ["rows.jsonl.gz", gzipSync(lines)],
      ["rows.json", Buffer.from(JSON.stringify(rows, null, 2))],
      ["data.json", Buffer.from(JSON.stringify({ data: rows }))],
      ["rows16.jsonl", Buffer.from(`\ufeff${lines}`, "utf16le")],
      ["mark.jsonl", Buffer.from(`\ufeff${lines}`)],
      ["cr.jsonl", Buffer.from(lines.replaceAll("\n", "\r"))]
    ]
  }

  it("give lintseq the same sequences", { timeout: 60_000 }, async () => {
    const outputs: Array<string> = []
    for (const [name, bytes] of formsOf(programs)) {
      const { code, stderr, stdout } = await runTask(["lintseq", "--input", write(name, bytes), "-o", "-", "-c", "1"])
      assert.strictEqual(code, 0, `${name}: ${stderr}`)
      outputs.push(stdout.replaceAll(name, "rows.jsonl"))
    }
    assert.strictEqual(rowsIn(outputs[0]).length, 2)
    assert.strictEqual(new Set(outputs).size, 1)
  })

  it("give vim-loop the same edits", async () => {
    const outputs: Array<string> = []
    for (const [name, bytes] of formsOf(pairs)) {
      const { code, stderr, stdout } = await runTask(["vim-loop", "--pairs", write(name, bytes), "--list-edits", "-q"])
      assert.strictEqual(code, 0, `${name}: ${stderr}`)
      outputs.push(stdout)
    }
    assert.strictEqual(rowsIn(outputs[0]).length, 2)
    assert.strictEqual(new Set(outputs).size, 1)
  })

  it("give report the same measures", async () => {
    const outputs: Array<string> = []
    const rows = [{ prompt: "<|fim_prefix|>a<|fim_suffix|>b<|fim_middle|>", completion: "" }]
    for (const [name, bytes] of formsOf(rows)) {
      const { code, stderr, stdout } = await runTask(["report", write(name, bytes), "--score", "--json"])
      assert.strictEqual(code, 0, `${name}: ${stderr}`)
      outputs.push(stdout.replaceAll(name, "rows.jsonl"))
    }
    assert.deepStrictEqual(JSON.parse(outputs[0] ?? "")["blank-completions"].hit, 1)
    assert.strictEqual(new Set(outputs).size, 1)
  })

  withSandbox.it("give keys the same outcomes", async () => {
    const outputs: Array<string> = []
    for (const [name, bytes] of formsOf(pairs)) {
      const { code, stderr, stdout } = await runTask(["keys", "--batch", write(name, bytes)])
      assert.strictEqual(code, 0, `${name}: ${stderr}`)
      outputs.push(stdout)
    }
    assert.deepStrictEqual(rowsIn(outputs[0]).map(({ solved }) => solved), [true, true])
    assert.strictEqual(new Set(outputs).size, 1)
  })

  const archive = join(fixtures, "rows.zip")
  const endsWithOneLine = async (args: ReadonlyArray<string>) => {
    const { code, stderr, stdout } = await runTask(args)
    assert.strictEqual(code, 65, args.join(" "))
    assert.match(
      stderr,
      /^Cannot read ".*rows\.zip": it is a zip archive; unpack it with unzip first\n$/,
      args.join(" ")
    )
    assert.strictEqual(stdout, "")
  }

  it("that are none end each task with one line and code 65", async () => {
    for (
      const args of [
        ["view", archive],
        ["view", archive, "--web"],
        ["report", archive, "--score"],
        ["lintseq", "--input", archive, "-o", "-"],
        ["lintseq", "--input", archive, "-o", join(root, "none.jsonl")],
        ["vim-loop", "--pairs", archive, "--list-edits"]
      ]
    ) {
      await endsWithOneLine(args)
    }
  })

  withSandbox.it("that are none end keys so too", () => endsWithOneLine(["keys", "--batch", archive]))

  it("have the columns that a loader sees in the card", async () => {
    const folder = join(root, "card")
    mkdirSync(folder)
    writeFileSync(join(folder, "train.jsonl.gz"), gzipSync("{\"id\":9007199254740993,\"f\":1.0,\"s\":\"x 1.5\"}\n"))
    const { code, stderr } = await runTask(["report", folder])
    assert.strictEqual(code, 0, stderr)
    const card = readFileSync(join(folder, "README.md"), "utf8")
    assert.match(card, /name: id\s+dtype: int64\s+- name: f\s+dtype: float64\s+- name: s\s+dtype: string/)
    assert.include(card, "path: train.jsonl.gz")
    assert.include(card, "config_name: fim")
    assert.include(readFileSync(join(folder, "report.html"), "utf8"), "<b>9007199254740993</b>")
  })
})
