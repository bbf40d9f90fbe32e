import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as InPlaceCompute from "../../../layers/compute/InPlaceCompute.ts"
import { JobFailed, WorkerLost } from "../../../services/Compute.ts"
import { GitFailed, GitLost } from "../../../services/Git.ts"
import { divisible, type WorkFailed } from "../../../tasks/shared/dataset-run/item.ts"
import { type Losses, noLosses } from "../../../tasks/shared/dataset-run/losses.ts"
import { lossLines } from "../../../tasks/shared/dataset-run/summary.ts"
import { hurried } from "../../support/hurried.ts"

interface Output {
  readonly worked: ReadonlyArray<number>
  readonly leftOut: ReadonlyArray<number>
  /** How many parts before this one it was told of; null for a whole item. */
  readonly earlier: ReadonlyArray<number> | null
}

const join = (outputs: ReadonlyArray<Output>): Output => ({
  worked: outputs.flatMap(({ worked }) => worked),
  leftOut: outputs.flatMap(({ leftOut }) => leftOut),
  earlier: null
})

/** An item of numbers. `attempt` may fail for a stretch of them. */
const itemOf = (
  units: ReadonlyArray<number>,
  attempt: (units: ReadonlyArray<number>) => Effect.Effect<void, WorkFailed>
) =>
  divisible<number, Output>({
    units,
    run: (units, earlier) =>
      Effect.as(attempt(units), {
        worked: units,
        leftOut: [],
        earlier: earlier === null ? null : earlier.flatMap(({ leftOut, worked }) => [...worked, ...leftOut])
      }),
    join,
    leaveOut: (unit) => ({ worked: [], leftOut: [unit], earlier: null })
  })

const lostWorker = Effect.suspend(() => new WorkerLost({ job: "test", detail: "its thread ended" }))
const lostGit = Effect.suspend(() => new GitLost({ command: "cat-file", detail: "its process ended" }))
const work = (
  units: ReadonlyArray<number>,
  attempt: (units: ReadonlyArray<number>) => Effect.Effect<void, WorkFailed>
) =>
  Effect.gen(function*() {
    const lost: Losses = noLosses()
    const result = yield* Effect.either(hurried(itemOf(units, attempt).work(lost)))
    return { result, lost }
  }).pipe(Effect.provide(InPlaceCompute.layer({})))

const failedOf = (result: Either.Either<Output, WorkFailed>) => result._tag === "Left" ? result.left._tag : "nothing"

const numbers = (count: number) => Array.from({ length: count }, (_, number) => number)

describe("an item", () => {
  it.effect.prop("leaves out what ends its thread, and only that, in its order", {
    count: FastCheck.integer({ min: 1, max: 60 }),
    killers: FastCheck.uniqueArray(FastCheck.nat(59), { maxLength: 4 })
  }, ({ count, killers }) =>
    Effect.gen(function*() {
      const bad = killers.filter((killer) => killer < count).sort((a, b) => a - b)
      const { lost, result } = yield* work(
        numbers(count),
        (units) => units.some((unit) => bad.includes(unit)) ? lostWorker : Effect.void
      )
      assert.strictEqual(result._tag, "Right")
      if (result._tag === "Left") return
      assert.deepStrictEqual(result.right.worked, numbers(count).filter((number) => !bad.includes(number)))
      assert.deepStrictEqual(result.right.leftOut, bad)
      // Twice for each part that holds a bad unit.
      assert.isAtLeast(lost.workers, 2 * bad.length)
      assert.isAtMost(lost.workers, 2 * bad.length * (1 + Math.ceil(Math.log2(count))))
    }), { fastCheck: { numRuns: 30 } })

  it.effect.prop("comes out the same whatever is lost by chance", {
    fates: FastCheck.array(FastCheck.constantFrom("well", "worker", "git"), { minLength: 1, maxLength: 12 })
  }, ({ fates }) =>
    Effect.gen(function*() {
      let turn = 0
      // Fates run out: in the end all goes well. No unit is alone with a bad fate twice.
      const { lost, result } = yield* work(numbers(64), (units) => {
        const fate = units.length === 1 ? "well" : fates[turn++] ?? "well"
        return fate === "worker" ? lostWorker : fate === "git" ? lostGit : Effect.void
      })
      if (fates.join().includes("git,git,git,git,git")) return
      assert.strictEqual(result._tag, "Right")
      if (result._tag === "Left") return
      assert.deepStrictEqual(result.right.worked, numbers(64))
      const met = fates.slice(0, turn)
      assert.strictEqual(lost.workers, met.filter((fate) => fate === "worker").length)
      assert.strictEqual(lost.gits, met.filter((fate) => fate === "git").length)
    }))

  it.effect("tells each part of those before it", () =>
    Effect.gen(function*() {
      const told: Array<ReadonlyArray<number> | null> = []
      const item = divisible<number, Output>({
        units: numbers(4),
        run: (units, earlier) => {
          if (units.length > 1) return lostWorker
          const before = earlier?.flatMap(({ worked }) => worked) ?? null
          told.push(before)
          return Effect.succeed({ worked: units, leftOut: [], earlier: before })
        },
        join,
        leaveOut: (unit) => ({ worked: [], leftOut: [unit], earlier: null })
      })
      yield* hurried(item.work(noLosses()))
      assert.deepStrictEqual(told, [[], [0], [0, 1], [0, 1, 2]])
    }).pipe(Effect.provide(InPlaceCompute.layer({}))))

  it.effect("gives up on git that is lost again and again, and on what git refuses at once", () =>
    Effect.gen(function*() {
      const again = yield* work([1, 2], () => lostGit)
      assert.strictEqual(failedOf(again.result), "GitLost")
      assert.strictEqual(again.lost.gits, 5)
      const refused = new GitFailed({ command: "cat-file", detail: "fatal: not a valid object" })
      const once = yield* work([1, 2], () => refused)
      assert.strictEqual(failedOf(once.result), "GitFailed")
      assert.deepInclude(once.lost, { workers: 0, gits: 0 })
    }))

  it.effect("counts a process once, however many waited for it", () =>
    Effect.gen(function*() {
      const failure = new GitLost({ command: "cat-file", detail: "its process ended" })
      const lost = noLosses()
      const waiting = numbers(3).map((number) => {
        let tries = 0
        return itemOf([number], () => tries++ === 0 ? failure : Effect.void)
      })
      yield* hurried(Effect.forEach(waiting, (item) => item.work(lost), { concurrency: "unbounded" }))
      assert.strictEqual(lost.gits, 1)
    }).pipe(Effect.provide(InPlaceCompute.layer({}))))

  it.effect("is tried again where its job lost a git of its own, and not where the job threw", () =>
    Effect.gen(function*() {
      let tries = 0
      const inside = yield* work(
        [1],
        () => tries++ === 0 ? new JobFailed({ job: "test", detail: "lost", fault: "GitLost" }) : Effect.void
      )
      assert.strictEqual(inside.result._tag, "Right")
      assert.strictEqual(inside.lost.gits, 1)
      const bug = yield* work([1], () => new JobFailed({ job: "test", detail: "a bug" }))
      assert.strictEqual(bug.result._tag, "Left")
    }))

  it.effect("gives up where no thread lives: the machine is at fault", () =>
    Effect.gen(function*() {
      const { lost, result } = yield* work(numbers(1000), () => lostWorker)
      assert.strictEqual(failedOf(result), "WorkerLost")
      assert.isAtMost(lost.workers, 41)
    }))
})

it("the summary says what was lost, in one line", () => {
  assert.deepStrictEqual(lossLines(noLosses()), [])
  assert.deepStrictEqual(lossLines({ workers: 2, gits: 1, workersInARow: 0 }), [
    "  Lost and replaced: 2 worker threads, 1 git process"
  ])
  assert.deepStrictEqual(lossLines({ workers: 1, gits: 0, workersInARow: 0 }), ["  Lost and replaced: 1 worker thread"])
})
