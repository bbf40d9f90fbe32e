import { assert, describe, it } from "@effect/vitest"
import { quantileIn, resampledGains } from "../../../services/statistics/bootstrap.ts"
import { compare } from "../../../services/statistics/comparison.ts"
import { coarserGroups, type PairedScore, sumByGroup } from "../../../services/statistics/group-sums.ts"
import { rowsNeeded } from "../../../services/statistics/rows-needed.ts"
import { fewestGroups, verdictOn, verdictsOn } from "../../../services/statistics/verdict.ts"
import { drawSet, type Known, shareOfSets } from "./simulated.ts"

const scoresOf = (groups: Readonly<Record<string, ReadonlyArray<number>>>): ReadonlyArray<PairedScore> =>
  Object.entries(groups).flatMap(([group, gains]) =>
    gains.map((gain) => ({ group, before: gain < 0 ? 1 : 0, after: gain > 0 ? 1 : 0 }))
  )

const rounded = (value: number, digits: number) => Number(value.toFixed(digits))

describe("a comparison", () => {
  const worked = scoresOf({ a: [-1, 0], b: [0, 0, 0], c: [1, 1, 0], d: [1, 1, 1, 0] })

  it("has the figures of a worked case", () => {
    const { discordance, error, gain, groups, interval, method, naiveError, rows } = compare(worked, { seed: 1 })
    assert.deepStrictEqual([rows, groups, method], [12, 4, "t"])
    assert.deepStrictEqual([gain, error, naiveError].map((value) => rounded(value, 3)), [0.333, 0.264, 0.188])
    assert.deepStrictEqual(discordance, { won: 5, lost: 1 })
    assert.closeTo(interval[0], gain - 3.1824463 * error, 1e-6)
    // No row gains more than 1.
    assert.isAbove(gain + 3.1824463 * error, 1)
    assert.strictEqual(interval[1], 1)
    const percentiles = (scores: ReadonlyArray<PairedScore>) => {
      const gains = resampledGains(sumByGroup(scores), 1)
      return [0.025, 0.975].map((share) => rounded(quantileIn(gains, share), 2))
    }
    assert.deepStrictEqual(percentiles(worked), [-0.2, 0.71])
    // As if each row stood for itself, which is too narrow.
    assert.deepStrictEqual(percentiles(worked.map((score, at) => ({ ...score, group: `${at}` }))), [0, 0.67])
  })

  it("is the same for the same seed, and in any order of a group's rows", () => {
    const scores = drawSet({ groups: 40, rowsPerGroup: 5, won: 0.2, lost: 0.1, spread: 0 }, 1)
    assert.deepStrictEqual(compare(scores, { seed: 7 }), compare(scores, { seed: 7 }))
    assert.notDeepEqual(compare(scores, { seed: 7 }).interval, compare(scores, { seed: 8 }).interval)
    const swapped = scores.map(({ after, before, group }) => ({ group, before: after, after: before }))
    assert.closeTo(compare(swapped, { seed: 7 }).gain, -compare(scores, { seed: 7 }).gain, 1e-12)
  })

  it("holds up with no rows, one group, and no difference", () => {
    assert.deepInclude(compare([], { seed: 1 }), { rows: 0, groups: 0, gain: 0, pValue: 1, smallestGain: Infinity })
    assert.deepInclude(compare(scoresOf({ a: [1, 1] }), { seed: 1 }), {
      gain: 1,
      interval: [-Infinity, Infinity],
      pValue: 1
    })
    const same = compare(Array.from({ length: 50 }, (_, at) => ({ group: `${at}`, before: 1, after: 1 })), { seed: 1 })
    assert.deepInclude(same, { gain: 0, pValue: 1 })
    // No row differs, which does not mean that the tiniest gain would show.
    assert.isAbove(same.smallestGain, 2 / 50)
  })

  it("of groups that are all alike says how many others there may be", () => {
    const alike = (groups: number, before: number, after: number, rowsOfGroup = 3) =>
      Array.from({ length: groups * rowsOfGroup }, (_, at) => ({ group: `${at % groups}`, before, after }))
    const intervalOf = (...[groups, before, after, range]: [number, number, number, readonly [number, number]]) => {
      const { interval, method } = compare(alike(groups, before, after), { seed: 1, range })
      assert.strictEqual(method, "alike")
      return interval.map((end) => rounded(end, 4))
    }
    // Clopper and Pearson's tables: of 20, 37 and 100, none.
    assert.deepStrictEqual(intervalOf(20, 0, 0, [0, 1]), [0, 0.1684])
    assert.deepStrictEqual(intervalOf(37, 0, 1, [0, 1]), [0.9051, 1])
    assert.deepStrictEqual(intervalOf(100, 0, 0, [0, 1]), [0, 0.0362])
    assert.deepStrictEqual(intervalOf(100, 1, 1, [-1, 1]), [-0.0362, 0.0362])
    assert.deepStrictEqual(intervalOf(100, 0, 1, [-1, 1]), [0.9276, 1])
    // It is groups that count, and not their rows.
    const byRows = [1, 50].map((rows) => compare(alike(40, 0, 1, rows), { seed: 1 }).interval)
    assert.deepStrictEqual(byRows[0], byRows[1])
    // The difference that could be shown is no smaller than what the groups can say.
    assert.isAbove(compare(alike(40, 1, 1, 50), { seed: 1 }).smallestGain, 2 / 40)
  })

  it("takes the coarser of two ways to group", () => {
    assert.deepStrictEqual(coarserGroups(["a", "b", "c"], ["x", "x", "y"]), ["x", "x", "y"])
    assert.deepStrictEqual(coarserGroups(["a", "a", "a"], ["x", "x", "y"]), ["a", "a", "a"])
    assert.deepStrictEqual(coarserGroups(["a", "b", "c"], ["", "", ""]), ["a", "b", "c"])
  })
})

describe("the interval", () => {
  const known: Known = { groups: 0, rowsPerGroup: 6, won: 0.12, lost: 0.1, spread: 0.06 }
  const gain = known.won - known.lost

  it.each([[20, "t"], [25, "t"], [30, "bootstrap"], [40, "bootstrap"], [60, "bootstrap"]])(
    "of %d groups holds the true gain in 93 to 97 % of 2,000 sets",
    (groups, method) => {
      const share = shareOfSets(2000, { ...known, groups }, (scores, seed) => {
        const comparison = compare(scores, { seed, resamples: 1000 })
        assert.strictEqual(comparison.method, method)
        return comparison.interval[0] <= gain && gain <= comparison.interval[1]
      })
      assert.isAtLeast(share, 0.93)
      assert.isAtMost(share, 0.97)
    },
    60_000
  )

  it("would hold it too rarely by plain percentiles, and by rows that stand for themselves", () => {
    const plain = (scores: ReadonlyArray<PairedScore>, seed: number) => {
      const gains = resampledGains(sumByGroup(scores), seed, 1000)
      return quantileIn(gains, 0.025) <= gain && gain <= quantileIn(gains, 0.975)
    }
    assert.isBelow(shareOfSets(1000, { ...known, groups: 20 }, plain), 0.93)
    const alike = { ...known, groups: 40, spread: 0.1 }
    const byRow = (scores: ReadonlyArray<PairedScore>, seed: number) =>
      plain(scores.map((score, at) => ({ ...score, group: `${at}` })), seed)
    assert.isBelow(shareOfSets(200, alike, byRow), shareOfSets(200, alike, plain))
  }, 60_000)
})

describe("a verdict", () => {
  const settings = { resamples: 1000 }
  const tagOf = (scores: ReadonlyArray<PairedScore>, seed: number) =>
    verdictOn(compare(scores, { seed, ...settings }))._tag

  it.each([20, 60])("is not given in 95 %% of sets where a model meets itself, in %d groups", (groups) => {
    const itself: Known = { groups, rowsPerGroup: 6, won: 0.05, lost: 0.05, spread: 0.02 }
    const share = shareOfSets(1000, itself, (scores, seed) => tagOf(scores, seed) === "undecided")
    assert.isAtLeast(share, 0.93)
  }, 60_000)

  it("finds a gain of 2 points in four of five sets that are large enough", () => {
    const discordant = 0.06
    const rows = rowsNeeded({ gain: 0.02, discordant })
    const known: Known = { groups: Math.ceil(rows / 6), rowsPerGroup: 6, won: 0.04, lost: 0.02, spread: 0 }
    const share = shareOfSets(200, known, (scores, seed) => tagOf(scores, seed) === "better")
    assert.isAtLeast(share, 0.73)
    assert.isAtMost(share, 0.87)
    const mirrored = { ...known, won: known.lost, lost: known.won }
    assert.isAtLeast(shareOfSets(50, mirrored, (scores, seed) => tagOf(scores, seed) === "worse"), 0.6)
  }, 60_000)

  it("is undecided where 2 points are too few for the set, and says what would show", () => {
    const known: Known = { groups: 25, rowsPerGroup: 4, won: 0.04, lost: 0.02, spread: 0 }
    let gains = 0
    const share = shareOfSets(200, known, (scores, seed) => {
      const verdict = verdictOn(compare(scores, { seed, ...settings }))
      if (verdict.smallestGain > 0.02) gains++
      return verdict._tag === "undecided"
    })
    assert.isAtLeast(share, 0.85)
    assert.isAtLeast(gains, 190)
  })

  it("is never given under 20 groups", () => {
    const all = (groups: number) => Array.from({ length: groups }, (_, at) => ({ group: `${at}`, before: 0, after: 1 }))
    assert.strictEqual(tagOf(all(fewestGroups - 1), 1), "too few groups")
    assert.strictEqual(tagOf(all(fewestGroups), 1), "better")
    assert.strictEqual(tagOf([], 1), "too few groups")
  })

  it("of several slices minds that there are several", () => {
    const slice = (won: number, lost: number, groups: number) =>
      compare(
        Array.from({ length: groups }, (_, at) => ({
          group: `${at}`,
          before: at >= won && at < won + lost ? 1 : 0,
          after: at < won ? 1 : 0
        })),
        { seed: 1 }
      )
    const sure = slice(12, 1, 40)
    const close = slice(8, 1, 40)
    assert.strictEqual(verdictOn(close)._tag, "better")
    const tags = verdictsOn([close, sure, slice(3, 3, 40), slice(5, 5, 40), slice(9, 0, 10)]).map(({ _tag }) => _tag)
    assert.deepStrictEqual(tags, ["undecided", "better", "undecided", "undecided", "too few groups"])
  })
})
