import { assert, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { makeScorer } from "../../../services/measures/score.ts"
import { isTruncation, writtenBy } from "../../../services/measures/truncation.ts"
import { zeta2 } from "../../../services/next-edit/dialects/zeta2.ts"
import { renderZed } from "../../../services/formats/zed.ts"
import { promptAndAnswer } from "../../support/next-edit-rows.ts"

const plain = (text: string) => ({ text, shown: null })

it.each([
  ["return 1", "return", true],
  ["return 1", "return \n", true],
  ["return 1", "return 1 ", false],
  ["return 1", "return 2", false],
  ["return 1", "", true]
])("of %j, %j is a beginning: %s", (right, wrong, isIt) => {
  assert.strictEqual(isTruncation(plain(right), plain(wrong)), isIt)
})

const text = FastCheck.string({ maxLength: 6, unit: FastCheck.constantFrom("a", "(", ")", "\n", " ") })

it.prop(
  "what is written in a region is cut off as it is without one",
  [text, text, text, text],
  ([before, middle, other, after]) => {
    // Marks keep the places apart at which the texts meet.
    const shown = `${before}<>${after}`
    const region = (written: string) => ({ text: `${before}<${written}>${after}`, shown })
    assert.strictEqual(
      isTruncation(region(middle), region(other)),
      other !== "" && isTruncation(plain(middle), plain(other))
    )
  }
)

/** The score of a pair in a format. */
const scoreOf = (format: string, prompt: string, chosen: string, rejected: string) => {
  const scorer = makeScorer({ mostTokens: null, parses: () => undefined })
  const row = { prompt, chosen, rejected, metadata: { format } }
  scorer.add({ row, type: "dpo", side: "train", place: "f:1", tokens: null })
  return scorer.result().get("dpo")?.scores["negatives-that-are-truncations"]
}

it("a next edit that stops early is counted, though the rest of its region follows", () => {
  const { completion, prompt } = promptAndAnswer(zeta2)
  const { shown, text } = writtenBy(prompt, completion)
  assert.isNotNull(shown)
  assert.notStrictEqual(text, shown)
  const rejected = completion.replace(" * h", " *")
  assert.notStrictEqual(rejected, completion)
  assert.deepStrictEqual(scoreOf("zeta2", prompt, completion, rejected), { of: 1, hit: 1, example: "f:1" })
  const other = completion.replace(" * h", " + h")
  assert.deepStrictEqual(scoreOf("zeta2", prompt, completion, other), { of: 1, hit: 0, example: "" })
})

it("nothing is said of rows that do not tell where their middle stood", () => {
  const example = { path: "a.py", events: [], startsFile: true, before: "", cursor: 0, after: "" }
  const { completion, prompt } = renderZed({ ...example, region: "x = 0", rewritten: "y = 1\nx = 0" })
  assert.strictEqual(scoreOf("ZED", prompt, completion, completion.replace("y = 1\n", ""))?.of, 0)
})
