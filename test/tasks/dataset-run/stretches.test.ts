import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { Compute, job, type RunJob } from "../../../services/Compute.ts"
import { noLosses } from "../../../tasks/shared/dataset-run/losses.ts"
import { workThrough } from "../../../tasks/shared/dataset-run/work-through.ts"

const step = job<number, null>("step")

/** Threads that write down what they did; a step of a thread takes as many turns as `turnsOf` says. */
const watchedThreads = (count: number, did: Array<Array<number>>, turnsOf: (thread: number, item: number) => number) =>
  Layer.sync(Compute, () =>
    Compute.of({
      concurrency: count,
      run: () => Effect.dieMessage("each item belongs to a thread"),
      oneThread: Effect.sync(() => {
        const thread = did.push([]) - 1
        const turn = Effect.unsafeMakeSemaphore(1)
        const run: RunJob = (_, input) =>
          turn.withPermits(1)(Effect.gen(function*() {
            for (let left = turnsOf(thread, Number(input)); left > 0; left--) yield* Effect.yieldNow()
            did[thread]?.push(Number(input))
            return null as never
          }))
        return run
      })
    }))

const workThroughAll = (items: number, threads: number, turnsOf: (thread: number, item: number) => number) => {
  const did: Array<Array<number>> = []
  const work = Array.from({ length: items }, (_, item) => ({
    size: 1,
    work: () => Effect.as(Effect.flatMap(Compute, (compute) => compute.run(step, item)), item)
  }))
  const options = { lost: noLosses(), isDone: (item: number) => item % 7 === 3, isOrdered: false, isContinued: true }
  return workThrough(Stream.fromIterable(work), options).pipe(
    Stream.runCollect,
    Effect.map((worked) => ({ did, worked: [...worked] })),
    Effect.provide(watchedThreads(threads, did, turnsOf))
  )
}

describe("items that continue one another", () => {
  it.effect("are done in stretches, each by a thread of its own", () =>
    Effect.gen(function*() {
      const { did, worked } = yield* workThroughAll(40, 2, () => 3)
      assert.strictEqual(worked.length, 40)
      const jumps = did.flatMap((items) => items.filter((item, at) => at > 0 && item < (items[at - 1] ?? 0)))
      assert.isAtMost(jumps.length, 1)
      assert.deepStrictEqual(did.map((items) => items[0]), [0, 20])
    }))

  it.effect("are each done once, however fast the threads are", () =>
    Effect.promise(() =>
      FastCheck.assert(FastCheck.asyncProperty(
        FastCheck.integer({ min: 0, max: 50 }),
        FastCheck.integer({ min: 2, max: 5 }),
        FastCheck.array(FastCheck.integer({ min: 0, max: 20 }), { minLength: 5, maxLength: 5 }),
        async (items, threads, turns) => {
          const { did, worked } = await Effect.runPromise(
            workThroughAll(items, threads, (thread) => turns[thread] ?? 0)
          )
          const all = Array.from({ length: items }, (_, item) => item)
          assert.deepStrictEqual(worked.map(({ item }) => item).sort((a, b) => a - b), all)
          assert.deepStrictEqual(did.flat().sort((a, b) => a - b), all.filter((item) => item % 7 !== 3))
        }
      ))
    ))
})
