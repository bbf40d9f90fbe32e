/** What every Compute layer must do, over the jobs of test/support/jobs.ts. */
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { Compute, job } from "../../services/Compute.ts"

const double = job<number, number>("test.double")
const measure = job<Uint8Array, number>("test.measure")
const fail = job<string, never>("test.fail")
const refuse = job<null, never>("test.refuse")
const unknown = job<string, never>("test.unknown")

export const computeContract = (name: string, layer: Layer.Layer<Compute>) => {
  it.effect(`${name}: gives each caller its own answer`, () =>
    Effect.gen(function*() {
      const compute = yield* Compute
      const numbers = Array.from({ length: 200 }, (_, index) => index)
      const doubled = yield* Effect.forEach(numbers, (number) => compute.run(double, number), { concurrency: 50 })
      assert.deepStrictEqual(doubled, numbers.map((number) => 2 * number))
    }).pipe(Effect.provide(layer)))

  it.effect(`${name}: moves the buffers it is told to`, () =>
    Effect.gen(function*() {
      const compute = yield* Compute
      const bytes = new Uint8Array(1000)
      assert.strictEqual(yield* compute.run(measure, bytes, [bytes.buffer]), 1000)
      assert.strictEqual(bytes.byteLength, 0)
    }).pipe(Effect.provide(layer)))

  it.effect(`${name}: a job that throws fails its caller only`, () =>
    Effect.gen(function*() {
      const compute = yield* Compute
      const failure = yield* Effect.flip(compute.run(fail, "on purpose"))
      assert.strictEqual(failure._tag, "JobFailed")
      assert.include(failure.message, "on purpose")
      const refused = yield* Effect.flip(compute.run(refuse, null))
      assert.deepInclude(refused, { _tag: "JobFailed", fault: "NoSuchRevision" })
      assert.strictEqual(yield* compute.run(double, 21), 42)
      assert.include((yield* Effect.flip(compute.run(unknown, ""))).message, "no such job")
    }).pipe(Effect.provide(layer)))
}
