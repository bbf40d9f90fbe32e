import { execFileSync } from "node:child_process"
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, assert, beforeAll, describe, inject, it } from "@effect/vitest"
import { temporaryFolder } from "../../support/repository.ts"
import { runTask } from "../../support/task.ts"
import { startInTerminal, type TerminalProgram } from "../../support/terminal-program.ts"
import { withSandbox, withTools } from "../../support/with-tools.ts"

const fixtures = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), "fixtures", "view")

let root = ""
const started: Array<TerminalProgram> = []
const at = (name: string) => join(root, name)
const start = (...args: Parameters<typeof startInTerminal>) => {
  const program = startInTerminal(...args)
  started.push(program)
  return program
}

/** Rows of every shape, with what makes terminals stumble. */
const rows: ReadonlyArray<unknown> = [
  {
    prompt: "<|fim_prefix|>def total(items):\n    return <|fim_suffix|>\n\nprint(total([]))\n<|fim_middle|>",
    completion: "sum(items)",
    label: true,
    metadata: { repo: "shop", filepath: "a.py", language: "python", kind: "expression", commit: null }
  },
  {
    prompt: "<|fim_prefix|>def total(items):\n    return <|fim_suffix|>\n\nprint(total([]))\n<|fim_middle|>",
    chosen: "sum(items)",
    rejected: "len(items)",
    metadata: { repo: "shop", filepath: "a.py", language: "python", negative: "operator" }
  },
  { text: `<|fim_prefix|>${"x = 1\n".repeat(60)}<|fim_suffix|>\ny = 2\n<|fim_middle|>middle_of_it`, id: 3 },
  {
    edit_path: [
      "@@ -0,0 +1,2 @@\n+import os\n+print(os)",
      "@@ -1,0 +2 @@\n+import sys",
      "@@ -3 +3 @@\n-print(os)\n+print(os, sys)"
    ]
  },
  { source: "one\ntwo\n", target: "one\n2\n", keys: "jcw2<Esc>", transform: "jcw2{esc}", depth: "statement" },
  {
    messages: [
      { role: "user", content: "wide: 漢字かな交じり文 and 👩‍👩‍👧 and combining e\u0301" },
      { role: "assistant", content: "\u001b[31mred\u001b[0m \u0007bell \u009b2J\ttab\r\nline \u202Eturned\u202C" }
    ]
  },
  { text: "very long: " + "0123456789".repeat(60) }
]

beforeAll(() => {
  root = temporaryFolder()
  writeFileSync(at("rows.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join("") + "{\"torn\": tru")
  mkdirSync(at("folder"))
  for (const name of ["a.jsonl", "b.jsonl"]) {
    writeFileSync(at(`folder/${name}`), `${JSON.stringify({ text: `in ${name}` })}\n`)
  }
})
afterAll(() => {
  for (const { kill } of started) kill()
  rmSync(root, { recursive: true, force: true })
})

/** Compares a screen with the one that was read and found good; RETRACE_UPDATE=1 writes it anew. */
const assertGolden = (name: string, screen: ReadonlyArray<string>) => {
  const path = join(fixtures, `${name}.txt`)
  const text = `${screen.join("\n").trimEnd()}\n`
  if (process.env["RETRACE_UPDATE"] === "1") writeFileSync(path, text)
  assert.isTrue(existsSync(path), `${path} is not there; RETRACE_UPDATE=1 writes it`)
  assert.strictEqual(text, readFileSync(path, "utf8"))
}

const isAt = (row: number) => (screen: ReadonlyArray<string>) =>
  screen[0]?.includes(`· ${row} of ${rows.length + 1} `) === true ||
  screen[0]?.includes(`· ${row} of ${rows.length + 1}`) === true

withTools("node-pty").describe("view in a terminal", () => {
  const sizes = [
    ["80x24", { columns: 80, rows: 24 }],
    ["200x60", { columns: 200, rows: 60 }],
    ["plain", { columns: 80, rows: 24, env: { NO_COLOR: "1" } }]
  ] as const
  for (const [name, size] of sizes) {
    it(`draws every shape at ${name}`, { timeout: 60_000 }, async () => {
      const program = start(["view", at("rows.jsonl")], size)
      for (let row = 1; row <= rows.length + 1; row++) {
        const screen = await program.screenWhen(isAt(row))
        assert.strictEqual(screen.length, size.rows)
        assertGolden(`${name}-row${row}`, screen)
        if (row === 4) {
          program.type("]]")
          assertGolden(`${name}-row4-step3`, await program.screenWhen((lines) => lines.join().includes("state 3 of 3")))
        }
        program.type("n")
      }
      program.type("?")
      assertGolden(`${name}-help`, await program.screenWhen((screen) => screen.join().includes("next row ")))
      program.type("q")
      program.type("t")
      assertGolden(`${name}-stats`, await program.screenWhen((screen) => screen.join().includes("characters a row")))
      program.type("q")
      program.type("q")
      assert.strictEqual(await program.ended, 0)
      // The terminal is given back: the other screen, the cursor, wrapping; and nothing of a row was a command.
      assert.match(program.sent(), /\[\?7h.\[\?25h.\[\?1049l$/)
      assert.notInclude(program.sent(), "\u009b")
      assert.notInclude(program.sent(), "\u0007")
      assert.notInclude(program.sent(), "\u202e")
      const colours = new RegExp(`${String.fromCharCode(27)}\\[[1-9][\\d;]*m`)
      assert.strictEqual(colours.test(program.sent()), name !== "plain")
    })
  }

  it("goes, searches, filters, scrolls and takes the originals' commands", { timeout: 60_000 }, async () => {
    const program = start(["view", at("rows.jsonl")])
    await program.screenWhen(isAt(1))
    program.type(":goto 5\r")
    await program.screenWhen(isAt(5))
    program.type("g2\r")
    await program.screenWhen(isAt(2))
    program.type("/漢字\r")
    await program.screenWhen(isAt(6))
    program.type(":search no such text\r")
    await program.screenWhen((screen) => screen.at(-1)?.includes("No row holds") === true)
    program.type(":filter language python\r")
    await program.screenWhen((screen) => screen[0]?.includes("1 of 8 · kto · language = python, match 1") === true)
    program.type("n")
    await program.screenWhen((screen) => screen[0]?.includes("match 2") === true)
    program.type("n")
    await program.screenWhen((screen) => screen.at(-1)?.includes("2 rows pass") === true)
    program.type("p")
    await program.screenWhen((screen) => screen[0]?.includes("match 1") === true)
    // Every way of going stays among the rows that pass.
    program.type("G")
    await program.screenWhen((screen) => screen[0]?.includes("2 of 8 · dpo · language = python, match 2") === true)
    program.type("g1\r")
    await program.screenWhen((screen) => screen[0]?.includes("1 of 8") === true && screen[0].includes("match 1"))
    program.type("g3\r")
    await program.screenWhen((screen) => screen.at(-1)?.includes("No row from there on passes") === true)
    program.type("/rejected\r")
    await program.screenWhen((screen) => screen[0]?.includes("2 of 8") === true && screen[0].includes("match 2"))
    program.type("p")
    await program.screenWhen((screen) => screen[0]?.includes("match 1") === true)
    program.type("c")
    await program.screenWhen((screen) => screen[0]?.includes("match") === false)
    program.type("G")
    await program.screenWhen(isAt(8))
    program.type("g3\r")
    await program.screenWhen((screen) => screen.some((line) => line.includes("⟦middle_of_it⟧")))
    // The lines that are far from the middle are folded, and open.
    program.type("z")
    await program.screenWhen((screen) =>
      screen.some((line) => line.includes("⟦middle_of_it⟧")) && screen.filter((line) => line === "  x = 1").length > 3
    )
    program.type("\u001b[H")
    await program.screenWhen((screen) => screen[2]?.includes("──") === true && !screen.join().includes("middle_of_it"))
    program.type("\u001b[F")
    await program.screenWhen((screen) => screen.at(-1)?.trimEnd().endsWith("end") === true)
    program.type(":what\r")
    await program.screenWhen((screen) => screen.at(-1)?.includes("there is no command") === true)
    program.type("\u0003")
    assert.strictEqual(await program.ended, 0)
  })

  it("draws anew when the window changes", { timeout: 30_000 }, async () => {
    const program = start(["view", at("rows.jsonl")], { columns: 80, rows: 24 })
    await program.screenWhen(isAt(1))
    program.resize(40, 10)
    const screen = await program.screenWhen((lines) =>
      lines.length === 10 && lines[9]?.includes("next") !== undefined && lines[0] !== ""
    )
    assert.strictEqual(screen.length, 10)
    program.type("q")
    assert.strictEqual(await program.ended, 0)
  })

  withSandbox.it("types the keys of a row in Vim, and comes back", { timeout: 30_000 }, async () => {
    const program = start(["view", at("rows.jsonl")])
    await program.screenWhen(isAt(1))
    program.type("r")
    await program.screenWhen((screen) => screen.at(-1)?.includes("no keys to type") === true)
    program.type("g5\r")
    await program.screenWhen(isAt(5))
    program.type("r")
    await program.screenWhen((screen) => screen[0] === "one" && screen[1] === "2")
    await program.screenWhen((screen) => screen.at(-1)?.includes("Vim finished after 5 keys") === true)
    program.type("q")
    assert.strictEqual(await program.ended, 0)
  })

  it("goes from file to file of a folder", { timeout: 30_000 }, async () => {
    const program = start(["view", "-d", at("folder")])
    await program.screenWhen((screen) => screen.join().includes("in a.jsonl"))
    program.type("\t")
    await program.screenWhen((screen) =>
      screen[0]?.includes("b.jsonl (file 2 of 2)") === true && screen.join().includes("in b.jsonl")
    )
    program.type("\t")
    await program.screenWhen((screen) => screen.join().includes("in a.jsonl"))
    program.type("q")
    assert.strictEqual(await program.ended, 0)
  })
})

describe("view in a pipe", () => {
  it("prints rows, JSON and figures, and says what is not there", { timeout: 60_000 }, async () => {
    const second = await runTask(["view", at("rows.jsonl"), "--row", "2"])
    assert.include(second.stdout, "+     return ⟦sum⟧(items)\n-     return ⟦len⟧(items)")
    assert.notInclude(second.stdout, "\u001b")
    const asJson = await runTask(["view", at("rows.jsonl"), "--row", "2", "--json"])
    assert.deepStrictEqual(JSON.parse(asJson.stdout), rows[1])
    const stats = await runTask(["view", at("rows.jsonl"), "--stats", "--json"])
    assert.deepInclude(JSON.parse(stats.stdout), { rows: rows.length + 1, malformed: 1 })
    const some = await runTask(["view", at("rows.jsonl"), "--plain", "--filter", "language=python"])
    assert.strictEqual(some.stdout.match(/· row /g)?.length, 2)
    const lines = ["goto last", "search two", "filter language python", "n", "n", "clear", "stats", "what", "q", "n"]
      .join("\n")
    const typed = execFileSync(process.execPath, [join(inject("bundleFolder"), "main.mjs"), "view", at("rows.jsonl")], {
      input: `${lines}\n`,
      encoding: "utf8"
    })
    const told = typed.split("\n").filter((line) => /· row|Found|pass|All rows|8 rows|no command/.test(line))
    assert.deepStrictEqual(told, [
      "rows.jsonl · row 1",
      "rows.jsonl · row 8",
      "Found from the top on",
      "rows.jsonl · row 5",
      "rows.jsonl · row 1",
      "rows.jsonl · row 2",
      "2 rows pass",
      "All rows again",
      "rows.jsonl: 8 rows, 1 of them no JSON",
      "there is no command \"what\"; ? lists them"
    ])
    const hostile = await runTask(["view", at("rows.jsonl"), "--plain"])
    assert.notMatch(hostile.stdout, /[^\n\P{Cc}]/u)
    const noSuch = /^No row has "nosuch"; the fields are .*label.*, language/
    for (
      const [args, code, message] of [
        [["view", at("rows.jsonl"), "--row", "99"], 65, /it has 8/],
        [["view", at("nothing.jsonl")], 66, /no such file or folder/],
        [["view"], 64, /pass one file/],
        [["view", "--web", root, "--port", "99999"], 64, /--port 99999/],
        [["view", at("rows.jsonl"), "--plain", "--only-kept"], 64, /--only-kept without --export/],
        [["view", at("rows.jsonl"), "--stats", "--overwrite"], 64, /--overwrite without --export/],
        [["view", at("rows.jsonl"), "--stats", "--port", "8000"], 64, /--port without --web/],
        [["lintseq", "--directory", root, "-o", "-", "--output-format", "parquet"], 64, /to standard output/],
        [["view", at("rows.jsonl"), "--filter", "x"], 64, /field=value/],
        [["view", at("rows.jsonl"), "--plain", "--filter", "nosuch=1"], 65, noSuch],
        [["view", at("rows.jsonl"), "--stats", "--filter", "nosuch=1"], 65, noSuch],
        [["view", at("rows.jsonl"), "--export", at("none.jsonl"), "--filter", "nosuch=1"], 65, noSuch],
        [["view", at("rows.jsonl"), "--plain", "--filter", "language=cobol"], 0, /^$/]
      ] as const
    ) {
      const ended = await runTask(args)
      assert.strictEqual(ended.code, code)
      assert.match(ended.stderr, message)
    }
    assert.isFalse(existsSync(at("none.jsonl")))
  })
})
