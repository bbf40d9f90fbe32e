/** What of a row is drawn, in which order, and with which signs: no screen is needed to tell. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { type Line, renderLine } from "../../../tasks/shared/cells.ts"
import { makeColouring } from "../../../tasks/view/colouring.ts"
import { helpText } from "../../../tasks/view/commands.ts"
import { drawRow } from "../../../tasks/view/draw-row.ts"
import { openerOf } from "../../../tasks/view/grammars.ts"
import { type Look, plainLook } from "../../../tasks/view/look.ts"
import { hitsIn, painted } from "../../../tasks/view/paint.ts"
import { viewOf } from "../../../services/rows/row-view.ts"
import { cellsOf } from "../../../tasks/shared/cells.ts"

const textOf = (line: Line): string => line.map(({ text }) => text).join("").trimEnd()
const drawn = (row: unknown, look: Partial<Look> = {}): ReadonlyArray<string> =>
  drawRow(viewOf(row), { ...plainLook, isOpen: false, ...look }).lines.map(textOf)

const above = Array.from({ length: 9 }, (_, line) => `above ${line}\n`).join("")
const below = Array.from({ length: 9 }, (_, line) => `below ${line}\n`).join("")
const prompt = `<|fim_prefix|>${above}x = <|fim_suffix|>\n${below}<|fim_middle|>`
const dpo = { prompt, chosen: "sum(items)", rejected: "len(items)" }

describe("a pair of answers", () => {
  it("stands side by side from a hundred columns on, in its place, the far lines folded", () => {
    assert.deepStrictEqual(drawn(dpo, { columns: 103, hasColour: true }), [
      `${"── chosen".padEnd(50)} │ ── rejected`,
      "  ⋯ 6 lines",
      `${"  above 6".padEnd(50)} │   above 6`,
      `${"  above 7".padEnd(50)} │   above 7`,
      `${"  above 8".padEnd(50)} │   above 8`,
      `${"+ x = sum(items)".padEnd(50)} │ - x = len(items)`,
      `${"  below 0".padEnd(50)} │   below 0`,
      `${"  below 1".padEnd(50)} │   below 1`,
      `${"  below 2".padEnd(50)} │   below 2`,
      "  ⋯ 6 lines",
      ""
    ])
  })

  it("stands one under the other below that, the wanted one first; brackets mark words where no colour does", () => {
    assert.deepStrictEqual(drawn(dpo, { columns: 99 }).slice(0, 7), [
      "── chosen and rejected (+ chosen, - rejected)",
      "  ⋯ 6 lines",
      "  above 6",
      "  above 7",
      "  above 8",
      "+ x = ⟦sum⟧(items)",
      "- x = ⟦len⟧(items)"
    ])
    const marked = drawRow(viewOf(dpo), { ...plainLook, hasColour: true }).lines.flat()
    assert.includeDeepMembers([...marked], [
      { text: "sum", style: "wanted word" },
      { text: "len", style: "unwanted word" }
    ])
  })

  it("is wrapped within its half, with a sign before what did not fit; no line is wider than the screen", () => {
    const long = { ...dpo, chosen: `"${"a".repeat(80)}"`, rejected: `"${"漢".repeat(80)}"` }
    const lines = drawRow(viewOf(long), { ...plainLook, columns: 103, isOpen: false }).lines
    for (const line of lines) assert.isAtMost(line.reduce((sum, { text }) => sum + cellsOf(text), 0), 103)
    const texts = lines.map(textOf).join("\n")
    assert.include(texts, "↳ aaa")
    assert.strictEqual(texts.match(/a/g)?.length, 80 + 2 * 3)
    assert.strictEqual(texts.match(/漢/g)?.length, 80)
  })

  it("is whole where it is opened, and where it is printed", () => {
    for (const look of [{ isOpen: true, columns: 80 }, plainLook]) {
      const lines = drawn(dpo, look)
      assert.strictEqual(lines.filter((line) => /above|below/.test(line)).length, 18)
      assert.isFalse(lines.some((line) => line.includes("⋯")))
    }
  })
})

describe("what is read seldom", () => {
  const row = { prompt: `context\n${prompt}`, completion: "1", metadata: { commit: "a".repeat(40), kind: null } }

  it("is one line until it is opened", () => {
    assert.include(drawn(row), "── context · 1 line folded, z opens")
    assert.includeMembers([...drawn(row, { isOpen: true })], ["── context", "  context"])
  })

  it("is all facts in full when they are asked for", () => {
    assert.isFalse(drawn(row).some((line) => line.includes("kind")))
    assert.deepStrictEqual(drawn(row, { hasFacts: true }).slice(0, 4), [
      "── facts",
      `  commit  ${"a".repeat(40)}`,
      "  kind    null",
      ""
    ])
  })
})

describe("a line", () => {
  it("is painted coat over coat, and signs stand in it", () => {
    const coats = [[{ start: 0, end: 8, style: "keyword" }], [{ start: 4, end: 6, style: "hit" }]] as const
    assert.deepStrictEqual(painted("abcdefghij", "dim", coats, [{ at: 6, text: "|", style: "cursor" }]), [
      { text: "abcd", style: "keyword" },
      { text: "ef", style: "hit" },
      { text: "|", style: "cursor" },
      { text: "gh", style: "keyword" },
      { text: "ij", style: "dim" }
    ])
    assert.deepStrictEqual(painted("\ta\u001b", "", []), [{ text: "    a␛", style: "" }])
  })

  it("has the places of what is searched for marked", () => {
    assert.deepStrictEqual(hitsIn("a.b.a", "a").map(({ start }) => start), [0, 4])
    assert.deepStrictEqual(hitsIn("aaa", ""), [])
    const { focus, lines } = drawRow(viewOf(dpo), { ...plainLook, sought: "below 7" })
    assert.deepInclude([...lines[focus] ?? []], { text: "below 7", style: "hit" })
  })
})

describe("code in colour", () => {
  it.live("is coloured where it is answered and dim around it, in colours of any terminal", () =>
    Effect.gen(function*() {
      const { colour, colours } = makeColouring()
      const row = {
        prompt: "<|fim_prefix|>def f(a):\n    <|fim_suffix|>\n# end\n<|fim_middle|>",
        completion: "return \"x\"",
        metadata: { language: "python" }
      }
      const view = viewOf(row)
      yield* colour(row, view, 0)
      const runs = drawRow(view, { ...plainLook, hasColour: true, colours }).lines.flat()
      assert.includeDeepMembers([...runs], [
        { text: "def", style: "dim keyword" },
        { text: "return", style: "keyword" },
        { text: "\"x\"", style: "string" },
        { text: "# end", style: "dim comment" }
      ])
      // Sixteen colours, and no code where there is to be none.
      const escapes = new RegExp(`${String.fromCharCode(27)}\\[([\\d;]*)m`, "g")
      for (const [, code = ""] of renderLine(runs, true).matchAll(escapes)) {
        assert.match(code, /^(?:[01247]|3\d|9\d|;)*$/)
      }
      assert.notInclude(renderLine(runs, false), String.fromCharCode(27))
    }))

  it("knows an excerpt that begins inside a text", () => {
    for (
      const inside of [
        "end of text.\n    \"\"\"\n    x = 1\n",
        "the end.\"\"\"\nx = 1\n",
        "a'''\nx\n",
        "text\n\"\"\"\ncode = 1\n"
      ]
    ) {
      assert.notStrictEqual(openerOf(inside, "python"), "", inside)
      assert.strictEqual(openerOf(inside, "go"), "")
    }
    for (
      const outside of [
        "def f():\n    \"\"\"\n    Text.\n    \"\"\"\n",
        "def f():\n    \"\"\"Text.\"\"\"\n",
        "\"\"\"\nText of the module.\n\"\"\"\n",
        "x = 1\n\"\"\"Text.\"\"\"\n",
        "x = f\"\"\"\n",
        "f(\"\"\"\n",
        "x = 1\n"
      ]
    ) {
      assert.strictEqual(openerOf(outside, "python"), "", outside)
    }
  })
})

it("help fits a terminal of 80 columns", () => {
  for (const line of helpText) assert.isAtMost(line.length, 80, line)
})
