import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { deltaChrf } from "../../../services/measures/next-edit/delta-chrf.ts"
import { exactLines } from "../../../services/measures/next-edit/exact-lines.ts"
import { keptUnits } from "../../../services/measures/next-edit/kept.ts"
import { reversal } from "../../../services/measures/next-edit/reversal.ts"

const before = "def area(w):\n    return w\nprint(area(2))\n"
const original = "def area(w, h):\n    return w\nprint(area(2))\n"
const onlyOne = original.replace("return w\n", "return w * h\n")
const expected = onlyOne.replace("area(2)", "area(2, 3)")
const nearly = onlyOne.replace("area(2)", "area(2, w)")

const rounded = (value: number, digits: number) => Number(value.toFixed(digits))

describe("measures of a next edit", () => {
  it.each([
    ["one of two places", onlyOne, [86.39, 61.35], [1, 0.5], [1, 0.571], 0],
    ["another name", nearly, [81.67, 81.67], [0.75, 0.75], [0.857, 0.857], 0],
    ["taking back what the user did", before, [0, 0], [0, 0], [0, 0], 1]
  ])("are what they are by hand for %s", (_, actual, chrf, lines, kept, undone) => {
    assert.deepStrictEqual(
      [deltaChrf(original, expected, actual), deltaChrf(original, expected, actual, 2)].map((value) =>
        rounded(value, 2)
      ),
      chrf
    )
    const exact = exactLines(original, expected, actual)
    assert.deepStrictEqual([exact.precision, exact.recall], lines)
    const units = keptUnits(original, expected, actual)
    assert.deepStrictEqual([rounded(units.precision, 3), rounded(units.recall, 3)], kept)
    assert.strictEqual(rounded(reversal(before, original, actual), 3), undone)
  })

  const text = FastCheck.array(FastCheck.constantFrom("a = 1\n", "b(c, d)\n", "\n", "x", "  ", "é\n"), {
    maxLength: 12
  })
    .map((parts) => parts.join(""))

  it.prop(
    "a right edit has the best of each, and all lie within their bounds",
    [text, text, text],
    ([from, to, other]) => {
      assert.closeTo(deltaChrf(from, to, to), 100, 1e-9)
      assert.deepStrictEqual(exactLines(from, to, to), { precision: 1, recall: 1 })
      assert.deepStrictEqual(keptUnits(from, to, to), { precision: 1, recall: 1 })
      for (
        const value of [
          deltaChrf(from, to, other) / 100,
          ...Object.values(exactLines(from, to, other)),
          ...Object.values(keptUnits(from, to, other)),
          reversal(from, to, other)
        ]
      ) {
        assert.isAtLeast(value, 0)
        assert.isAtMost(value, 1 + 1e-9)
      }
    }
  )

  it.prop(
    "undoing the last edit is a reversal as a whole, and doing nothing is none",
    [text, text],
    ([above, below]) => {
      const [without, having] = [above + below, `${above}total = price\n${below}`]
      for (const [from, to] of [[without, having], [having, without]] as const) {
        assert.strictEqual(reversal(from, to, to), 0)
        assert.closeTo(reversal(from, to, from), 1, 1e-9)
      }
    }
  )
})
