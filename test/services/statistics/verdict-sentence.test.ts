import { assert, describe, it } from "@effect/vitest"
import type { ModelVerdict } from "../../../services/statistics/verdict.ts"
import { verdictSentence } from "../../../services/statistics/verdict-sentence.ts"

const figures = { gain: 0.021, interval: [0.004, 0.038], rows: 1960, groups: 212, smallestGain: 0.0243 } as const
const said = (verdict: ModelVerdict) =>
  verdictSentence(verdict, { after: "tuned", before: "base", measure: "exact match", scale: 100 })

describe("the sentence of a verdict", () => {
  it.each<[ModelVerdict["_tag"], Partial<ModelVerdict>, string]>([
    [
      "better",
      {},
      "tuned is better than base: exact match rises by 2.1 points (95 % interval from 0.4 to 3.8 points) on 1,960 rows in " +
      "212 groups."
    ],
    [
      "worse",
      { gain: -0.021, interval: [-0.038, -0.004] },
      "tuned is worse than base: exact match falls by 2.1 points (95 % interval from -3.8 to -0.4 points) on 1,960 rows in " +
      "212 groups."
    ],
    [
      "undecided",
      { gain: -0.0001, interval: [-0.02, 0.03] },
      "Whether tuned is better than base is undecided: exact match changes by 0.0 points (95 % interval from -2.0 to 3.0 " +
      "points) on 1,960 rows in 212 groups, which may be chance. This set can show a difference of 2.4 points or more."
    ],
    [
      "too few groups",
      { rows: 1, groups: 1, interval: [-Infinity, Infinity] },
      "There is no verdict on tuned against base: the set has 1 row in 1 group, and it takes at least 20 groups."
    ]
  ])("%s", (_tag, changed, sentence) => {
    assert.strictEqual(said({ ...figures, ...changed, _tag }), sentence)
  })
})
