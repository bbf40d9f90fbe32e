import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { outcomeInTime, sidesInTime } from "../../../services/history/split-in-time.ts"

const changes = FastCheck.array(
  FastCheck.record({ group: FastCheck.constantFrom("a", "b", "c", "d"), isAfter: FastCheck.boolean() }),
  { maxLength: 30 }
)

describe("a split in time", () => {
  it.prop("holds out what comes after, and what comes behind it in its group", [changes], ([history]) => {
    const sides = sidesInTime(history)
    assert.strictEqual(sides.length, history.length)
    for (const [place, { group, isAfter }] of history.entries()) {
      const isBehind = history.slice(0, place + 1).some((earlier) => earlier.group === group && earlier.isAfter)
      assert.strictEqual(sides[place], isAfter || isBehind ? "held" : "train")
    }
  })

  it.prop("cuts each group once at the most", [changes], ([history]) => {
    const sides = sidesInTime(history)
    for (const name of ["a", "b", "c", "d"]) {
      const own = sides.filter((_, place) => history[place]?.group === name).join()
      assert.match(own, /^(?:train(?:,|$))*(?:held(?:,|$))*$/)
    }
  })

  it("counts a group that is cut on both sides", () => {
    const outcome = outcomeInTime([
      { group: "a", side: "train", weight: 3 },
      { group: "a", side: "held", weight: 1 },
      { group: "b", side: "train", weight: 1 }
    ])
    assert.deepStrictEqual(outcome, {
      groups: { train: 2, held: 1 },
      planned: 0.8,
      heaviest: { name: "a", share: 0.8 }
    })
    assert.deepStrictEqual(outcomeInTime([]), { groups: { train: 0, held: 0 }, planned: null, heaviest: null })
  })
})
