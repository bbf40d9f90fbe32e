import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as InPlaceCompute from "../../layers/compute/InPlaceCompute.ts"
import * as WorkerCompute from "../../layers/compute/WorkerCompute.ts"
import { Compute, job } from "../../services/Compute.ts"
import { ensureBundle } from "../../tasks/bundle.mjs"
import { computeContract } from "../contract/Compute.ts"
import { testJobs } from "../support/jobs.ts"

const folder = await ensureBundle("test-jobs", { jobs: "test/support/jobs.ts" })
const worker = pathToFileURL(join(folder, "jobs.mjs"))

computeContract("InPlaceCompute", InPlaceCompute.layer(testJobs))
computeContract("WorkerCompute", WorkerCompute.layer({ worker, concurrency: 2 }))

describe("WorkerCompute", () => {
  const layer = WorkerCompute.layer({ worker, concurrency: 1 })
  const double = job<number, number>("test.double")

  it.effect("a thread that ends fails its job, and the next job gets a new one", () =>
    Effect.gen(function*() {
      const compute = yield* Compute
      const failure = yield* Effect.flip(compute.run(job<null, never>("test.exit"), null))
      assert.include(failure.message, "code 3")
      assert.strictEqual(yield* compute.run(double, 4), 8)
    }).pipe(Effect.provide(layer)))

  it.live("a job that is given up does not hold the next one", () =>
    Effect.gen(function*() {
      const compute = yield* Compute
      const given = yield* Effect.timeoutOption(compute.run(job<null, never>("test.forever"), null), "50 millis")
      assert.strictEqual(given._tag, "None")
      assert.strictEqual(yield* compute.run(double, 5), 10)
    }).pipe(Effect.provide(layer)))

  it.live("no thread outlives its scope", () =>
    Effect.gen(function*() {
      const alive = () => process.getActiveResourcesInfo().filter((name) => name === "MessagePort").length
      const before = alive()
      yield* Effect.flatMap(Compute, (compute) => compute.run(double, 1)).pipe(Effect.provide(Layer.fresh(layer)))
      assert.strictEqual(alive(), before)
    }))
})
