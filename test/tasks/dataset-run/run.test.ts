import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as InPlaceCompute from "../../../layers/compute/InPlaceCompute.ts"
import * as MemoryGit from "../../../layers/git/MemoryGit.ts"
import * as FileReader from "../../../layers/reader/FileReader.ts"
import * as MemoryWriter from "../../../layers/writer/MemoryWriter.ts"
import { Compute, JobFailed } from "../../../services/Compute.ts"
import { jobTable } from "../../../tasks/job-table.ts"
import { type RunEvent, showProgress } from "../../../tasks/shared/dataset-run/listener.ts"
import { datasetRuns } from "../../support/dataset-runs.ts"
import { pythonModule } from "../../support/repository.ts"

/** Files of so many functions each. */
const filesOfFunctions = (functions: number) =>
  Object.fromEntries(
    Array.from({ length: 40 }, (_, number) => [`src/part_${number}.py`, pythonModule(functions, `p${number}_`)])
  )

/** As many functions as make several items of a task. */
const severalItems = { "generate, from a tree": 30, "lintseq, from files": 2 } as const

/** A machine on which the job of number `breaksAt` ends the run. */
const layersOf = (folders: Map<string, MemoryWriter.MemoryFolder>, functions: number, breaksAt = Infinity) =>
  Layer.mergeAll(
    Layer.effect(
      Compute,
      Effect.map(Compute, (compute) => {
        let jobs = 0
        return Compute.of({
          concurrency: 1,
          run: (job, input, transfer) =>
            ++jobs === breaksAt
              ? new JobFailed({ job: job.name, detail: "on purpose" })
              : compute.run(job, input, transfer)
        })
      })
    ).pipe(Layer.provide(Layer.unwrapEffect(Effect.map(jobTable, InPlaceCompute.layer)))),
    MemoryGit.layer({
      "/toy": {
        name: "toy",
        commits: [{
          sha: "one",
          parents: [],
          seconds: 1,
          subject: "one",
          files: functions === 0 ? {} : filesOfFunctions(functions)
        }]
      }
    }),
    FileReader.layer({ cache: null }),
    MemoryWriter.layer(folders),
    NodeFileSystem.layer,
    NodePath.layer
  )

const filesOf = (folders: ReadonlyMap<string, MemoryWriter.MemoryFolder>) =>
  [...folders].map(([name, { files }]) => [name, [...files].sort()] as const).sort()

describe("a dataset run", () => {
  for (const name of ["generate, from a tree", "lintseq, from files"] as const) {
    const functions = severalItems[name]
    const run = (folders: Map<string, MemoryWriter.MemoryFolder>, resume: boolean, breaksAt?: number) => {
      const events: Array<RunEvent> = []
      const onEvent = (event: RunEvent) => void events.push(event)
      return datasetRuns[name]({ location: "/toy", output: "/out", resume, onEvent }).pipe(
        Effect.either,
        Effect.map((ended) => ({
          ended: ended._tag,
          anew: events.filter(({ _tag }) => _tag === "began anew").length,
          worked: events.filter((event) => event._tag === "worked")
        })),
        Effect.provide(layersOf(folders, functions, breaksAt))
      )
    }

    it.effect(`says when there is nothing to resume, goes on where there is, and rests when all is done: ${name}`, () =>
      Effect.gen(function*() {
        const whole = new Map<string, MemoryWriter.MemoryFolder>()
        const undisturbed = yield* run(whole, false)
        assert.deepInclude(undisturbed, { ended: "Right", anew: 0 })
        const last = undisturbed.worked.at(-1)
        assert.strictEqual(last?.done, last?.size)
        assert.isAbove(undisturbed.worked.length, 1)

        const folders = new Map<string, MemoryWriter.MemoryFolder>()
        assert.deepInclude(yield* run(folders, true, 2), { ended: "Left", anew: 1 })
        const resumed = yield* run(folders, true)
        assert.deepInclude(resumed, { ended: "Right", anew: 0 })
        assert.strictEqual(resumed.worked.length, undisturbed.worked.length)
        assert.deepStrictEqual(filesOf(folders), filesOf(whole))
        const sealed = yield* run(folders, true)
        assert.deepStrictEqual(sealed, { ended: "Right", anew: 0, worked: [] })
        assert.deepStrictEqual(filesOf(folders), filesOf(whole))
      }))
  }

  for (const [name, run] of Object.entries(datasetRuns)) {
    it.effect(`says when there is nothing to do: ${name}`, () =>
      Effect.gen(function*() {
        const folders = new Map<string, MemoryWriter.MemoryFolder>()
        const failure = yield* Effect.flip(
          run({ location: "/toy", output: "/out" }).pipe(Effect.provide(layersOf(folders, 0)))
        )
        assert.strictEqual(failure._tag, "NothingToDo")
        assert.match(failure.message, /^Cannot [a-z "]+: /)
        assert.deepStrictEqual(filesOf(folders).flatMap(([, files]) => files), [])
      }))
  }
})

it.effect("a run that finds nothing to resume says so above its progress", () =>
  Effect.gen(function*() {
    const said: Array<string> = []
    const progress = {
      say: (message: string) => Effect.sync(() => void said.push(message)),
      advance: () => Effect.void,
      end: Effect.void
    }
    yield* showProgress(progress)({ _tag: "began anew", place: "/out" })
    assert.deepStrictEqual(said, ["Nothing to resume in /out: starting anew"])
  }))
