/** How a person goes about in the terminal: table and back, hits, figures that filter, and labels. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, it } from "@effect/vitest"
import { renderCast } from "../../../services/keys/cast.ts"
import { temporaryFolder } from "../../support/repository.ts"
import { startInTerminal, type TerminalProgram } from "../../support/terminal-program.ts"
import { withTools } from "../../support/with-tools.ts"

let root = ""
const at = (name: string) => join(root, name)
const started: Array<TerminalProgram> = []
const start = (...args: Parameters<typeof startInTerminal>) => {
  const program = startInTerminal(...args)
  started.push(program)
  return program
}
type Screen = ReadonlyArray<string>
const bar = (text: string) => (screen: Screen) => screen[0]?.includes(text) === true
const bottom = (text: string) => (screen: Screen) => screen.at(-1)?.includes(text) === true
const holds = (text: string) => (screen: Screen) => screen.join("\n").includes(text)
const both = (...tests: ReadonlyArray<(screen: Screen) => boolean>) => (screen: Screen) =>
  tests.every((test) => test(screen))

const languages = ["python", "c", "cpp"]
const rows = Array.from({ length: 90 }, (_, index) => ({
  prompt: `<|fim_prefix|>${"above\n".repeat(20)}x${index >> 1} = <|fim_suffix|>\nbelow\n<|fim_middle|>`,
  completion: `answer_${index}${"+".repeat(index % 7)}`,
  label: index % 2 === 0,
  metadata: { language: languages[index % 3], kind: index % 5 === 0 ? "needle" : "hay", commit: null }
}))

beforeAll(() => {
  root = temporaryFolder()
  writeFileSync(at("train_kto.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""))
  mkdirSync(at("folder"))
  for (const name of ["attempts", "test_kto", "train_kto"]) writeFileSync(at(`folder/${name}.jsonl`), "{\"a\":1}\n")
})
afterAll(() => {
  for (const { kill } of started) kill()
  rmSync(root, { recursive: true, force: true })
})

withTools("node-pty").describe("view in a terminal", () => {
  it("shows both answers of a labelled pair at once, whichever row is looked at", { timeout: 30_000 }, async () => {
    const program = start(["view", at("train_kto.jsonl")], { columns: 120, rows: 40 })
    const pair = both(holds("── wanted"), holds("── unwanted"), holds("+ x0 = answer_0"), holds("- x0 = answer_1+"))
    await program.screenWhen(both(bar("1 of 90"), pair))
    program.type("n")
    await program.screenWhen(both(bar("2 of 90"), pair, holds("label false")))
    program.type("q")
    assert.strictEqual(await program.ended, 0)
  })

  it("goes to a table and back, opens its rows, and sorts it", { timeout: 30_000 }, async () => {
    const program = start(["view", at("train_kto.jsonl")])
    await program.screenWhen(bar("1 of 90"))
    program.type("l")
    const table = await program.screenWhen(both(holds("answer_19"), bottom("enter opens")))
    assert.isTrue(table.some((line) => /row .*language +kind +label .*answer +text/.test(line)))
    program.type("jj")
    await program.screenWhen(bar("3 of 90"))
    program.type("\u001b[6~")
    await program.screenWhen(both(bar("23 of 90"), holds("answer_39")))
    program.type("\r")
    await program.screenWhen(both(bar("23 of 90"), holds("answer_22"), bottom("esc table")))
    // From the row to the table, and from the table to the row.
    program.type("\u001b")
    await program.screenWhen(bottom("enter opens"))
    program.type("\u001b[F")
    await program.screenWhen(bar("90 of 90"))
    program.type(":sort answer\r")
    await program.screenWhen(both(bar("by answer↑, 1"), bar("1 of 90")))
    program.type(":sort answer\r")
    const sorted = await program.screenWhen(both(bar("by answer↓, 1"), bar("14 of 90")))
    assert.isTrue(sorted.some((line) => line.includes("answer↓")))
    program.type("\r")
    await program.screenWhen(holds("answer_13++++++"))
    program.type("n")
    await program.screenWhen(both(bar("21 of 90"), bar("by answer↓, 2")))
    program.type("\u001b")
    await program.screenWhen(bottom("enter opens"))
    program.type("\u001b")
    await program.screenWhen(bottom("l table"))
    program.type("c")
    await program.screenWhen((screen) => screen[0]?.includes("by answer") === false)
    program.type(":sort what\r")
    await program.screenWhen(bottom("sort takes one of row, "))
    program.type("q")
    assert.strictEqual(await program.ended, 0)
  })

  it("goes from hit to hit, forth and back, and shows where they are", { timeout: 30_000 }, async () => {
    const program = start(["view", at("train_kto.jsonl")])
    await program.screenWhen(bar("1 of 90"))
    program.type("/needle\r")
    await program.screenWhen(both(bar("1 of 90"), bottom("n next  N previous  esc ends"), holds("kind      needle")))
    program.type("n")
    await program.screenWhen(bar("6 of 90"))
    program.type("\r")
    await program.screenWhen(bar("11 of 90"))
    program.type("N")
    await program.screenWhen(bar("6 of 90"))
    program.type("NN")
    await program.screenWhen(both(bar("86 of 90"), bottom("Found from the end on")))
    program.type("n")
    await program.screenWhen(both(bar("1 of 90"), bottom("Found from the top on")))
    // A row of the neighbourhood is still one key away, and n is the next row again when the search has ended.
    program.type("\u001b[C")
    await program.screenWhen(bar("2 of 90"))
    program.type("\u001b")
    await program.screenWhen(bottom("l table"))
    program.type("n")
    await program.screenWhen(bar("3 of 90"))
    program.type("N")
    await program.screenWhen(bottom("Nothing is searched for"))
    // What was wrong is gone with the next command that works.
    program.type("n")
    await program.screenWhen(both(bar("4 of 90"), bottom("l table")))
    // A hit that is folded away is opened.
    program.type("/above\r")
    await program.screenWhen(both(bar("4 of 90"), holds("above"), () => program.sent().includes("[7;33mabove")))
    program.type("\u0003")
    assert.strictEqual(await program.ended, 0)
  })

  it("filters by a figure, says how many rows pass, and names the fields there are", { timeout: 30_000 }, async () => {
    const program = start(["view", at("train_kto.jsonl")], { columns: 120, rows: 40 })
    await program.screenWhen(bar("1 of 90"))
    program.type("t")
    await program.screenWhen(both(holds("characters a row"), holds("> true")))
    program.type("jjj")
    const figures = await program.screenWhen(holds("> c "))
    assert.isTrue(figures.some((line) => /> c +30 +33\.3 % +█/.test(line)))
    program.type("\r")
    // C is not C++.
    await program.screenWhen(both(bar("2 of 90"), bar("language is c, match 1 · 30 of 90 pass")))
    program.type(":filter langage go\r")
    await program.screenWhen(bottom("No row has \"langage\"; the fields are label, kind, language, commit"))
    program.type(":filter language go\r")
    await program.screenWhen(bottom("No row has language = go"))
    program.type("t")
    await program.screenWhen(holds("characters a row"))
    program.type("\u001b")
    await program.screenWhen(bottom("l table"))
    program.type("q")
    assert.strictEqual(await program.ended, 0)
  })

  it("keeps and drops rows, in the file that the page writes too", { timeout: 30_000 }, async () => {
    const program = start(["view", at("train_kto.jsonl")], { columns: 120, rows: 40 })
    await program.screenWhen(bar("1 of 90"))
    program.type("-")
    await program.screenWhen(both(bar("kto · drop"), bottom("Labelled drop")))
    program.type("n+")
    await program.screenWhen(both(bar("2 of 90"), bar("kto · keep")))
    program.type("n--")
    await program.screenWhen(both(bar("3 of 90"), bottom("The label is taken away")))
    program.type("l")
    await program.screenWhen((screen) =>
      /1 +drop +kto/.test(screen.join("\n")) && /2 +keep +kto/.test(screen.join("\n"))
    )
    const labels = readFileSync(at("train_kto.labels.jsonl"), "utf8").trim().split("\n").map((line) => JSON.parse(line))
    assert.deepStrictEqual(labels.map(({ label, row }) => [row, label]), [[0, "drop"], [1, "keep"], [2, "drop"], [
      2,
      null
    ]])
    program.type("\u0003")
    assert.strictEqual(await program.ended, 0)
    const again = start(["view", at("train_kto.jsonl")])
    await again.screenWhen(bar("kto · drop"))
    again.type("q")
    assert.strictEqual(await again.ended, 0)
    rmSync(at("train_kto.labels.jsonl"))
  })

  it("opens what is trained on first", { timeout: 30_000 }, async () => {
    const program = start(["view", at("folder")])
    for (const name of ["train_kto", "attempts", "test_kto"]) {
      await program.screenWhen(bar(name))
      program.type("\t")
    }
    program.type("q")
    assert.strictEqual(await program.ended, 0)
  })

  it("plays a recording, stops and goes on, and gives the terminal back", { timeout: 30_000 }, async () => {
    const request = { version: 3, columns: 40, rows: 5, interval: 1, start: "begun ", frames: [] } as const
    const frames = ["one ", "two ", "three \u001b]0;title\u0007"].map((drawn) => ({ key: "x", drawn }))
    writeFileSync(at("x.cast"), renderCast({ ...request, frames }))
    writeFileSync(at("y.cast"), "{\"a\":1}\n")
    const program = start(["view", at("x.cast")], { columns: 40, rows: 8 })
    await program.screenWhen(holds("begun"))
    program.type(" ")
    await program.screenWhen(bottom("Stopped"))
    program.type(" ")
    await program.screenWhen(both(holds("begun one two three"), bottom("The end")))
    program.type(" ")
    await program.screenWhen(() => program.sent().split("begun ").length === 3)
    program.type("q")
    assert.strictEqual(await program.ended, 0)
    assert.match(program.sent(), /\[\?1049l$/)
    assert.notInclude(program.sent(), "title")
    const wrong = start(["view", at("y.cast")])
    await wrong.screenWhen(holds("it is no recording of asciicast"))
    assert.strictEqual(await wrong.ended, 65)
  })
})
