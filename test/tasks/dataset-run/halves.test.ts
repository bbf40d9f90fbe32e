import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as InPlaceCompute from "../../../layers/compute/InPlaceCompute.ts"
import * as MemoryGit from "../../../layers/git/MemoryGit.ts"
import * as FileReader from "../../../layers/reader/FileReader.ts"
import * as MemoryWriter from "../../../layers/writer/MemoryWriter.ts"
import { Compute, WorkerLost } from "../../../services/Compute.ts"
import { jobTable } from "../../../tasks/job-table.ts"
import { datasetRuns } from "../../support/dataset-runs.ts"
import { hurried } from "../../support/hurried.ts"
import { pythonModule } from "../../support/repository.ts"

/** Files that change, one that moves, and two that are equal all the time, so that they ask the same. */
const commits = Array.from({ length: 6 }, (_, step) => ({
  sha: `commit-${step}`,
  parents: step === 0 ? [] : [`commit-${step - 1}`],
  seconds: step,
  subject: `step ${step}`,
  files: {
    "lib/one.py": pythonModule(2 + step, "same"),
    "lib/two.py": pythonModule(2 + step, "same"),
    [step < 3 ? "web/old.py" : "web/new.py"]: pythonModule(3 + Math.floor(step / 2), "web"),
    "web/part.js": `let x = ${step}\n\nfunction f() {\n  if (x > ${step * 3}) {\n    return x + 1\n  }\n  return x\n}\n`
  }
}))

/** How many changes, files or histories a job is given. */
const unitsIn = (input: object): number => {
  if ("lineages" in input && Array.isArray(input.lineages)) {
    return input.lineages.flatMap(({ changes }) => changes).length
  }
  if ("parts" in input && Array.isArray(input.parts)) return input.parts.length
  if ("files" in input && Array.isArray(input.files)) return input.files.length
  return "histories" in input && Array.isArray(input.histories) ? input.histories.length : 1
}

/** Threads that end whenever they are given more than `most` units at once. */
const layersOf = (most: number, folders: Map<string, MemoryWriter.MemoryFolder>) =>
  Layer.mergeAll(
    Layer.effect(
      Compute,
      Effect.map(Compute, (compute) =>
        Compute.of({
          concurrency: 1,
          run: (job, input, transfer) =>
            unitsIn(Object(input)) > most
              ? new WorkerLost({ job: job.name, detail: "more than it can bear" })
              : compute.run(job, input, transfer)
        }))
    ).pipe(Layer.provide(Layer.unwrapEffect(Effect.map(jobTable, InPlaceCompute.layer)))),
    MemoryGit.layer({ "/toy": { name: "toy", commits } }),
    FileReader.layer({ cache: null }),
    MemoryWriter.layer(folders),
    NodeFileSystem.layer,
    NodePath.layer
  )

const filesOf = (folders: ReadonlyMap<string, MemoryWriter.MemoryFolder>) =>
  [...folders].map(([name, { files }]) => [name, [...files].sort()] as const).sort()

describe("an item in parts gives the bytes of the whole", () => {
  for (const [name, run] of Object.entries(datasetRuns)) {
    it.effect(name, () =>
      Effect.gen(function*() {
        const results = yield* Effect.forEach([Infinity, 5, 1], (most) => {
          const folders = new Map<string, MemoryWriter.MemoryFolder>()
          return Effect.map(
            hurried(run({ location: "/toy", output: "/out" })).pipe(Effect.provide(layersOf(most, folders))),
            ({ edits, ledger, lost }) => ({ edits, ledger, files: filesOf(folders), lost })
          )
        })
        const [whole, some, one] = results
        assert.strictEqual(whole?.lost.workers, 0)
        assert.isAbove(one?.lost.workers ?? 0, some?.lost.workers ?? 0)
        assert.isAbove((whole?.files.flat(3).join("") ?? "").length + (whole?.edits.length ?? 0), 5000)
        for (const cut of [some, one]) {
          assert.deepStrictEqual({ ...cut, lost: undefined }, { ...whole, lost: undefined })
        }
        // The test is worth something only where one part must know what another asked.
        if (name === "generate, from history") assert.isAbove(whole?.ledger["cuts"]?.leftOut["asked already"] ?? 0, 0)
      }))
  }
})
