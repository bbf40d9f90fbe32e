import { assert, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { drawIndex, fingerprint, randomOf, unitInterval } from "../../../services/text/random.ts"

it("fingerprint keeps parts apart", () => {
  assert.notStrictEqual(fingerprint("ab", "c"), fingerprint("a", "bc"))
  assert.notStrictEqual(fingerprint("a", ""), fingerprint("a"))
  assert.match(fingerprint("x", 1), /^[0-9a-f]{16}$/)
})

it("fingerprint meets no equal among 200,000 neighbours", () => {
  const seen = new Set<string>()
  for (let index = 0; index < 200_000; index++) seen.add(fingerprint("seed", index))
  assert.strictEqual(seen.size, 200_000)
})

it("every unit of a text counts, however long it is and whichever way it was put together", () => {
  const half = "é\ud800x".repeat(7_000)
  const whole = [...half, ...half].join("")
  assert.strictEqual(fingerprint(half + half), fingerprint(whole))
  for (const place of [0, 16_383, 16_384, 20_001, whole.length - 1]) {
    assert.notStrictEqual(fingerprint(`${whole.slice(0, place)}?${whole.slice(place + 1)}`), fingerprint(whole))
  }
  assert.strictEqual(fingerprint("x".repeat(40_000), "\udfff"), "1e3b2c5c25d128af")
})

it("unitInterval and next spread evenly", () => {
  const bins = Array.from({ length: 10 }, () => 0)
  const random = randomOf("even")
  for (let index = 0; index < 20_000; index++) {
    for (const value of [unitInterval("even", index), random.next()]) {
      const bin = Math.floor(value * 10)
      bins[bin] = (bins[bin] ?? 0) + 1
    }
  }
  for (const count of bins) assert.closeTo(count, 4000, 300)
})

it.prop(
  "the same item makes the same choices",
  { name: FastCheck.string(), seed: FastCheck.integer() },
  ({ name, seed }) => {
    const draw = () => {
      const random = randomOf(seed, name)
      return [random.next(), random.below(100), random.pick(["a", "b", "c"])]
    }
    assert.deepStrictEqual(draw(), draw())
  }
)

it("drawIndex never draws a weight of zero and keeps to the shares", () => {
  const random = randomOf("shares")
  const counts = [0, 0, 0]
  for (let index = 0; index < 10_000; index++) {
    const drawn = drawIndex(random, [3, 0, 1]) ?? 1
    counts[drawn] = (counts[drawn] ?? 0) + 1
  }
  assert.strictEqual(counts[1], 0)
  assert.closeTo(counts[0] ?? 0, 7500, 250)
  assert.isUndefined(drawIndex(random, [0, 0]))
})
