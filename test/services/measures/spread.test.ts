import { assert, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { boundsFor, makeSpread } from "../../../services/measures/spread.ts"

const figures = FastCheck.array(FastCheck.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 300 })
const spreadOf = (all: ReadonlyArray<number>) => {
  const spread = makeSpread()
  for (const figure of all) spread.add(figure)
  return spread
}

it.prop("quantiles are figures that rows have, right to a tenth of a percent, never too large, and in their order", {
  figures
}, ({ figures }) => {
  const sorted = figures.toSorted((a, b) => a - b)
  const { least, median, most, p90, p99 } = spreadOf(figures).quantiles()
  assert.deepStrictEqual([least, most], [sorted[0], sorted.at(-1)])
  assert.isTrue(least <= median && median <= p90 && p90 <= p99 && p99 <= most)
  for (const [told, share] of [[median, 0.5], [p90, 0.9], [p99, 0.99]] as const) {
    const right = sorted[Math.ceil(sorted.length * share) - 1] ?? 0
    assert.include(figures, told)
    assert.isAtMost(told, right)
    assert.closeTo(told, right, right / 500)
  }
})

it.prop(
  "every row is in one range, ranges follow one another, and there are few of them",
  { figures },
  ({ figures }) => {
    const spread = spreadOf(figures)
    const bounds = boundsFor(spread.quantiles())
    const bins = spread.binsAt(bounds)
    assert.strictEqual(bins.reduce((sum, { count }) => sum + count, 0), figures.length)
    assert.deepStrictEqual(bins.map(({ from }) => from), bounds)
    assert.isTrue(bounds.every((from, place) => place === 0 || from > (bounds[place - 1] ?? 0)))
    assert.isAtMost(bounds.length, 18)
  }
)

it.each([
  [[200, 900, 2000], [200, 400, 600, 800, 1000, 1200, 1400, 1600, 1800, 2000]],
  [[1, 2, 3], [1, 2, 3]],
  [[0, 3, 1000], [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512]]
])(
  "figures such as %j are counted from %j on",
  (figures, bounds) => assert.deepStrictEqual(boundsFor(spreadOf(figures).quantiles()), bounds)
)
