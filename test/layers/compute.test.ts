import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { setFlagsFromString } from "node:v8"
import type { Worker } from "node:worker_threads"
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
      assert.strictEqual(failure._tag, "WorkerLost")
      assert.include(failure.message, "code 3")
      assert.strictEqual(yield* compute.run(double, 4), 8)
    }).pipe(Effect.provide(layer)))

  it.live("a thread that runs out of memory is lost, and nothing else with it", () =>
    Effect.gen(function*() {
      const compute = yield* Compute
      // New threads take the limit over; this one keeps its own.
      setFlagsFromString("--max-old-space-size=40")
      const failure = yield* Effect.flip(compute.run(job<null, never>("test.hoard"), null))
      setFlagsFromString("--max-old-space-size=0")
      assert.strictEqual(failure._tag, "WorkerLost")
      assert.include(failure.message, "out of memory")
      assert.strictEqual(yield* compute.run(double, 4), 8)
    }).pipe(Effect.provide(Layer.fresh(layer))))

  it.live("a thread that ended while it had nothing to do costs the next job nothing", () =>
    Effect.gen(function*() {
      const compute = yield* Compute
      const threads: Array<Worker> = []
      const keep = (thread: Worker) => threads.push(thread)
      process.on("worker", keep)
      assert.strictEqual(yield* compute.run(double, 6), 12)
      yield* Effect.promise(() => Promise.all(threads.map((thread) => thread.terminate())))
      assert.strictEqual(yield* compute.run(double, 7), 14)
      process.off("worker", keep)
      assert.strictEqual(threads.length, 2)
    }).pipe(Effect.provide(Layer.fresh(layer))))

  it.live("a job that is given up does not hold the next one", () =>
    Effect.gen(function*() {
      const compute = yield* Compute
      const given = yield* Effect.timeoutOption(compute.run(job<null, never>("test.forever"), null), "50 millis")
      assert.strictEqual(given._tag, "None")
      assert.strictEqual(yield* compute.run(double, 5), 10)
    }).pipe(Effect.provide(layer)))

  it.live("one thread keeps to its jobs, and is replaced when it is lost or its job is given up", () =>
    Effect.gen(function*() {
      const compute = yield* Compute
      const oneThread = compute.oneThread ?? assert.fail("it has threads")
      yield* Effect.scoped(Effect.gen(function*() {
        const [first, second] = yield* Effect.all([oneThread, oneThread])
        const started = job<null, number>("test.thread")
        const threads = yield* Effect.all([first(started, null), second(started, null)], { concurrency: 2 })
        assert.notStrictEqual(threads[0], threads[1])
        const again = [first(started, null), second(started, null), first(started, null)]
        assert.deepStrictEqual(yield* Effect.all(again, { concurrency: 3 }), [...threads, threads[0]])
        assert.strictEqual((yield* Effect.flip(first(job<null, never>("test.exit"), null)))._tag, "WorkerLost")
        const replaced = yield* first(started, null)
        assert.notInclude(threads, replaced)
        const given = yield* Effect.timeoutOption(second(job<null, never>("test.forever"), null), "50 millis")
        assert.strictEqual(given._tag, "None")
        assert.notInclude([...threads, replaced], yield* second(started, null))
        assert.strictEqual(yield* first(started, null), replaced)
      }))
      assert.strictEqual(yield* compute.run(double, 3), 6)
    }).pipe(Effect.provide(Layer.fresh(WorkerCompute.layer({ worker, concurrency: 2 })))))

  it.live("no thread outlives its scope", () =>
    Effect.gen(function*() {
      const alive = () => process.getActiveResourcesInfo().filter((name) => name === "MessagePort").length
      const before = alive()
      yield* Effect.flatMap(Compute, (compute) => compute.run(double, 1)).pipe(Effect.provide(Layer.fresh(layer)))
      assert.strictEqual(alive(), before)
    }))
})
