import { assert, it } from "@effect/vitest"
import { makeRepeats } from "../../../services/measures/repeats.ts"

it("answers are counted without their white space, the most repeated first", () => {
  const answers = makeRepeats()
  for (const answer of ["a b", "c", "a\n b", "d", "c", "ab"]) answers.add(answer)
  assert.deepStrictEqual(answers.result(1), { rows: 6, missed: 0, most: [{ text: "a b", rows: 3 }] })
  assert.deepStrictEqual(answers.result(9).most.map(({ rows }) => rows), [3, 2])
})

it("an answer that stands in many rows is found among more answers than there is room for", () => {
  const answers = makeRepeats(8)
  for (let row = 0; row < 1000; row++) answers.add(row % 4 === 0 ? "often" : `once ${row}`)
  const { missed, most: [first] } = answers.result(1)
  assert.strictEqual(first?.text, "often")
  assert.isAtMost(first?.rows ?? 0, 250)
  assert.isAtLeast((first?.rows ?? 0) + missed, 250)
  assert.isAtMost(missed, 1000 / 8)
})
