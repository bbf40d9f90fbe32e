import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { normalQuantile, normalShareBelow } from "../../../services/statistics/normal.ts"
import { studentQuantile, studentShareBelow } from "../../../services/statistics/student.ts"

describe("distributions", () => {
  // From printed tables, and scipy.stats for what they leave out.
  it.each([
    [0.975, 1, 12.7062047],
    [0.975, 2, 4.3026527],
    [0.975, 3, 3.1824463],
    [0.975, 19, 2.0930241],
    [0.975, 29, 2.0452296],
    [0.8, 1, 1.3763819],
    [0.8, 20, 0.8599644],
    [0.025, 4, -2.7764451],
    [0.5, 7, 0]
  ])("Student's t is below its quantile of %d with %d degrees of freedom", (share, freedom, t) => {
    assert.closeTo(studentQuantile(share, freedom), t, 1e-6)
    assert.closeTo(studentShareBelow(t, freedom), share, 1e-7)
  })

  it.each([[0.975, 1.959963985], [0.8, 0.841621234], [0.5, 0], [0.001, -3.090232306]])(
    "a normal figure is below its quantile of %d",
    (share, z) => assert.closeTo(normalQuantile(share), z, 1e-8)
  )

  it("Student's t becomes normal", () => {
    assert.closeTo(studentQuantile(0.975, 100_000), normalQuantile(0.975), 1e-4)
  })

  it.prop(
    "both rise, and are as much below as above",
    [FastCheck.double({ min: -20, max: 20, noNaN: true }), FastCheck.integer({ min: 1, max: 200 })],
    ([z, freedom]) => {
      for (const share of [normalShareBelow, (t: number) => studentShareBelow(t, freedom)]) {
        assert.closeTo(share(z) + share(-z), 1, 1e-12)
        assert.isAtMost(share(z), share(z + 0.5) + 1e-12)
      }
    }
  )
})
