import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { answerShownIn, isAfterCutoff } from "../../../services/evaluation-sets/answer-shown.ts"
import { makeContamination } from "../../../services/evaluation-sets/contamination.ts"
import {
  type EditRow,
  type EvaluationRow,
  type InfillRow,
  unknownOrigin
} from "../../../services/evaluation-sets/row.ts"

const infill = (prefix: string, gold: string, suffix: string, more: Partial<InfillRow> = {}): InfillRow => ({
  ...unknownOrigin,
  _tag: "infill",
  prefix,
  gold,
  suffix,
  removed: "",
  context: [],
  prompt: null,
  ...more
})

const edit = (text: string, wanted: string, cursor = 0): EditRow => ({
  ...unknownOrigin,
  _tag: "edit",
  moment: { file: { path: "a.py", text }, cursor, events: [], related: [], ancestors: [] },
  wanted: [wanted],
  rejected: null,
  asked: null
})

const check = (judged: ReadonlyArray<EvaluationRow>, trained: ReadonlyArray<EvaluationRow>, room?: number) => {
  const gatherer = makeContamination(room)
  for (const row of judged) gatherer.judge(row)
  for (const row of trained) gatherer.train(row)
  const { middlesInTrain, promptsInTrain, ...counts } = gatherer.result()
  return { ...counts, middles: [...middlesInTrain], prompts: [...promptsInTrain] }
}

const judged = infill("def area(w, h):\n    total = ", "width_of(w) * height_of(h)", "\n    return total\n")

describe("contamination", () => {
  it("is a question that is trained on, white space aside", () => {
    const other = infill("def area(w,  h):\n\ttotal =", "0", "\n\n    return total")
    assert.deepStrictEqual(check([judged], [other]).prompts, [0])
    assert.deepStrictEqual(check([judged], [{ ...other, suffix: "\n" }]).prompts, [])
    assert.deepStrictEqual(check([edit("a\nb\n", "a\nc\n", 2)], [edit("a\nb\n", "a\nd\n", 2)]).prompts, [0])
    assert.deepStrictEqual(check([edit("a\nb\n", "a\nc\n", 2)], [edit("a\nb\n", "a\nd\n", 0)]).prompts, [])
  })

  it.each<[string, EvaluationRow, ReadonlyArray<number>]>([
    [
      "cut elsewhere",
      infill("x = 1\n\ndef area(w, h):\n    total = width_of(w) * height_of(h)\n    ", "return", " total\n\ny = 2\n"),
      [0]
    ],
    [
      "in another file that is shown",
      infill("a = ", "b", "", {
        context: [{ path: "b.py", text: "def area(w, h):\n  total = width_of(w) * height_of(h)\n  return total" }]
      }),
      [0]
    ],
    [
      "after an edit",
      edit(
        "def area(w, h):\n    total = 0\n    return total\n",
        "def area(w, h):\n    total = width_of(w) * height_of(h)\n    return total\n"
      ),
      [0]
    ],
    [
      "among other lines",
      infill("def size(w, h):\n    total = width_of(w) * height_of(h)\n", "    return", " total\n"),
      []
    ],
    [
      "with a line between",
      infill("def area(w, h):\n    log()\n    total = width_of(w) * height_of(h)\n", "x", "\n"),
      []
    ]
  ])("is an answer %s", (_, trained, found) => {
    assert.deepStrictEqual(check([judged], [trained]).middles, found)
  })

  it("is no answer that recurs by nature, and no edit that takes away", () => {
    const short = infill("for row in rows:\n    ", "print(row)", "\n")
    assert.deepStrictEqual(check([short], [short]), {
      rows: 1,
      trainedRows: 1,
      unchecked: 0,
      prompts: [0],
      middles: []
    })
    const taking = edit("a = 1\nsome_long_name_that_tells = 2\nb = 3\n", "a = 1\nb = 3\n")
    assert.deepStrictEqual(check([taking], [taking]).middles, [])
  })

  it("of rows that there is no room for is not known, and said so", () => {
    assert.deepInclude(check([judged, judged, judged], [judged], 2), {
      rows: 3,
      unchecked: 1,
      prompts: [0, 1],
      middles: [0, 1]
    })
  })

  const line = FastCheck.constantFrom(
    "first_long_name = second_long_name",
    "  return first_long_name + 1",
    "def name_of_function(argument):",
    "",
    "}",
    "\tcall(first_long_name, second)"
  )
  const lines = FastCheck.array(line, { minLength: 1, maxLength: 8 })

  it.prop(
    "finds what a plain search finds",
    [lines, FastCheck.nat(), FastCheck.nat(), lines],
    ([file, from, count, other]) => {
      const start = from % file.length
      const end = Math.min(file.length, start + 1 + count % 3)
      const text = (some: ReadonlyArray<string>) => some.map((line) => `${line}\n`).join("")
      const row = infill(text(file.slice(0, start)), text(file.slice(start, end)), text(file.slice(end)))
      const inked = (some: ReadonlyArray<string>) =>
        some.map((line) => line.replace(/\s/g, "")).filter((line) => line !== "")
      const needle = [
        ...inked(file.slice(0, start)).slice(-1),
        ...inked(file.slice(start, end)),
        ...inked(file.slice(end)).slice(0, 1)
      ]
      const isTelling = inked(file.slice(start, end)).join("").length >= 20
      const isThere = `\n${inked(other).join("\n")}\n`.includes(`\n${needle.join("\n")}\n`)
      assert.deepStrictEqual(check([row], [infill(text(other), "", "")]).middles, isTelling && isThere ? [0] : [])
      if (isTelling) assert.deepStrictEqual(check([row], [row]).middles, [0])
    }
  )
})

describe("slices", () => {
  it("tell where an answer can be copied from", () => {
    const gold = "width_of(w) * height_of(h)"
    assert.deepStrictEqual(answerShownIn(judged), { inPrompt: false, inContext: false })
    assert.deepStrictEqual(answerShownIn(infill(`x = ${gold}\ny = `, gold, "")), { inPrompt: true, inContext: false })
    const context = [{ path: "", text: `x = ${gold}` }]
    assert.deepStrictEqual(answerShownIn({ ...judged, context }), { inPrompt: false, inContext: true })
    assert.deepStrictEqual(answerShownIn(infill("f()\n", "f()", "")), { inPrompt: false, inContext: false })
    assert.deepStrictEqual(answerShownIn(edit(gold, gold)), { inPrompt: false, inContext: false })
  })

  it("tell whether code is younger than a model", () => {
    const dated = (date: string) => ({ ...judged, date })
    assert.isTrue(isAfterCutoff(dated("2025-01-02T00:00:00Z"), "2025-01-01T23:59:59Z"))
    assert.isFalse(isAfterCutoff(dated("2025-01-01T23:59:59Z"), "2025-01-01T23:59:59Z"))
    assert.isNull(isAfterCutoff(dated(""), "2025-01-01T23:59:59Z"))
  })
})
