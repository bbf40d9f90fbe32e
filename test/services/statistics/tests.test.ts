import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { holm } from "../../../services/statistics/holm.ts"
import { mcnemar } from "../../../services/statistics/mcnemar.ts"
import { noiseFloorOf } from "../../../services/statistics/noise-floor.ts"
import {
  designEffect,
  rowsNeeded,
  rowsNeededUnpaired,
  smallestGainOf
} from "../../../services/statistics/rows-needed.ts"
import { wilsonInterval } from "../../../services/statistics/wilson.ts"

const binomial = (n: number, k: number): bigint => {
  let result = 1n
  for (let at = 0; at < k; at++) result = result * BigInt(n - at) / BigInt(at + 1)
  return result
}

describe("McNemar's exact test", () => {
  it.each([[10, 2, 0.039], [30, 18, 0.11], [0, 0, 1], [5, 5, 1]])("of %d won and %d lost rows", (won, lost, p) => {
    assert.closeTo(mcnemar({ won, lost }), p, 0.0015)
    assert.strictEqual(mcnemar({ won, lost }), mcnemar({ won: lost, lost: won }))
  })

  it.prop(
    "is twice the tail of fair coins",
    [FastCheck.integer({ min: 0, max: 400 }), FastCheck.integer({ min: 0, max: 400 })],
    ([won, lost]) => {
      let tail = 0n
      for (let fewer = 0; fewer <= Math.min(won, lost); fewer++) tail += binomial(won + lost, fewer)
      const share = Number(10n ** 15n * 2n * tail / 2n ** BigInt(won + lost)) / 1e15
      assert.closeTo(mcnemar({ won, lost }), Math.min(1, share), 1e-9)
    }
  )
})

describe("rows that are needed", () => {
  it.each([[0.05, 979], [0.1, 1960], [0.2, 3923], [0.3, 5885]])(
    "to show 2 points where a share of %d differs",
    (discordant, rows) => {
      assert.strictEqual(rowsNeeded({ gain: 0.02, discordant }), rows)
      assert.closeTo(smallestGainOf(rows, discordant), 0.02, 1e-4)
    }
  )

  it("are many more for each model without pairs", () => {
    assert.strictEqual(rowsNeededUnpaired(0.5, 0.52), 9806)
  })

  it("grow with the likeness of the rows of a group", () => {
    assert.closeTo(designEffect(8, 0.2), 2.4, 1e-12)
    assert.strictEqual(designEffect(1, 0.9), 1)
  })

  it("show no gain beyond the share that differs", () => {
    assert.closeTo(smallestGainOf(3, 0.05), 0.05, 1e-9)
  })
})

describe("the interval of a share", () => {
  it("says something where nothing passed", () => {
    const [low, high] = wilsonInterval(0, 20)
    assert.strictEqual(low, 0)
    assert.closeTo(high, 0.16, 0.005)
  })

  it.prop(
    "holds the share, and is as wide the other way round",
    [FastCheck.nat(50), FastCheck.nat(50)],
    ([passed, rest]) => {
      const rows = passed + rest
      const [low, high] = wilsonInterval(passed, rows)
      assert.isAtMost(low, passed / Math.max(1, rows) + 1e-12)
      assert.isAtLeast(high, passed / Math.max(1, rows) - 1e-12)
      const [otherLow, otherHigh] = wilsonInterval(rest, rows)
      assert.closeTo(low, 1 - otherHigh, 1e-9)
      assert.closeTo(high, 1 - otherLow, 1e-9)
    }
  )
})

describe("Holm's correction", () => {
  it("keeps the order given", () => {
    const corrected = holm([0.01, 0.04, 0.03]).map((p) => Number(p.toFixed(6)))
    assert.deepStrictEqual(corrected, [0.03, 0.06, 0.06])
    assert.deepStrictEqual(holm([]), [])
  })

  it.prop(
    "never makes a value smaller, nor another order",
    [FastCheck.array(FastCheck.double({ min: 0, max: 1, noNaN: true }))],
    ([values]) => {
      const corrected = holm(values)
      for (const [at, value] of values.entries()) {
        assert.isAtLeast(corrected[at] ?? 0, value)
        assert.isAtMost(corrected[at] ?? 0, Math.min(1, value * values.length))
        for (const [other, against] of values.entries()) {
          if (value < against) assert.isAtMost(corrected[at] ?? 0, corrected[other] ?? 0)
        }
      }
    }
  )
})

describe("the floor of noise", () => {
  it("is the share of rows that a model scores differently when it is asked again", () => {
    const floor = noiseFloorOf([1, 0, 1, 1, 0], [1, 1, 1, 1, 0])
    assert.strictEqual(floor.discordant, 0.2)
    assert.isTrue(floor.interval[0] < 0.2 && floor.interval[1] > 0.2)
    assert.deepStrictEqual(noiseFloorOf([], []), { rows: 0, discordant: 0, interval: [0, 1] })
  })
})
