import { rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { afterAll, assert, beforeAll, describe, inject, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { lossLines } from "../../../tasks/shared/dataset-run/summary.ts"
import { datasetRuns, realLayers, runInto } from "../../support/dataset-runs.ts"
import { rowsIn } from "../../support/program.ts"
import { makeRepository, pythonModule, temporaryFolder, type TestRepository } from "../../support/repository.ts"

const doomedWord = "ends_every_thread"
const doomedPath = "src/doomed.py"

let repository: TestRepository
let root = ""
let doomedCommit = ""

beforeAll(() => {
  root = temporaryFolder()
  repository = makeRepository("doomed")
  for (let step = 0; step < 5; step++) {
    for (let file = 0; file < 4; file++) {
      repository.write(`src/part_${file}.py`, pythonModule(4 + (step + file) % 5, `v${step}_`))
    }
    if (step > 1) repository.write(doomedPath, pythonModule(2 + step, step === 4 ? `${doomedWord}_` : "fine_"))
    doomedCommit = repository.commit(`step ${step}`)
  }
  // Listens before the worker does, so that it ends the thread before any work is done.
  writeFileSync(
    join(root, "killer.mjs"),
    `import { parentPort } from "node:worker_threads"
const holds = (value) =>
  ArrayBuffer.isView(value) ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).includes("${doomedWord}")
  : value instanceof Map ? [...value.values()].some(holds)
  : typeof value === "object" && value !== null && Object.values(value).some(holds)
parentPort.on("message", ({ input }) => { if (holds(input)) process.exit(9) })
`
  )
  const worker = pathToFileURL(join(inject("bundleFolder"), "worker.mjs")).href
  writeFileSync(join(root, "mortal.mjs"), `import "./killer.mjs"\nimport "${worker}"\n`)
})
afterAll(() => {
  repository.dispose()
  rmSync(root, { recursive: true, force: true })
})

/** Whether a row is of the doomed change, or of its file where rows are of files. */
const isDoomed = (row: any): boolean => {
  const { commit, filepath = row.source_file } = row.metadata ?? row.origin ?? row
  return filepath === doomedPath && (commit === undefined || commit === doomedCommit)
}

/**
 * Rows as lines, in an order that leaving some out does not change: tables are arranged anew without them. Which edits are
 * held out depends on all edits.
 */
const linesOf = (rows: ReadonlyArray<object>, isArranged: boolean): ReadonlyArray<string> => {
  const lines = rows.map((row) => JSON.stringify({ ...row, side: undefined }))
  return isArranged ? lines.sort() : lines
}

describe("what ends every thread that works on it", () => {
  const layers = Layer.suspend(() => realLayers(pathToFileURL(join(inject("bundleFolder"), "worker.mjs"))))
  const mortalLayers = Layer.suspend(() => realLayers(pathToFileURL(join(root, "mortal.mjs"))))

  for (const [name, work] of Object.entries(datasetRuns)) {
    it.live(`is left out and counted, and all else is as it was: ${name}`, () =>
      Effect.gen(function*() {
        const run = (folder: string) => runInto(work, repository.path, join(root, folder))
        const { whole: well } = yield* Effect.provide(run("well"), layers)
        const { lost, whole } = yield* Effect.provide(run("mortal"), mortalLayers)
        const stage = name.startsWith("lintseq") ? "programs" : name.includes("tree") ? "files" : "changes"
        assert.strictEqual(whole.ledger[stage]?.leftOut["lost its worker"], 1)
        assert.strictEqual(whole.ledger[stage]?.came, well.ledger[stage]?.came)
        assert.match(lossLines(lost).join(), /^ {2}Lost and replaced: \d+ worker threads$/)
        const isArranged = name.startsWith("generate")
        const rowsOf = (run: typeof whole) => [
          ...Object.entries(run.files).filter(([file]) => /\.jsonl$|^rows$/.test(file))
            .map(([file, text]) => [file, rowsIn(text)] as const),
          ["edits", run.edits === "" ? [] : JSON.parse(run.edits)] as const
        ]
        const wellRows = new Map(rowsOf(well))
        assert.isTrue([...wellRows.values()].flat().some(isDoomed))
        for (const [file, rows] of rowsOf(whole)) {
          const left = rows.filter((row: any) => row.reason !== "lost its worker")
          const others = (wellRows.get(file) ?? []).filter((row: any) => !isDoomed(row))
          assert.deepStrictEqual(linesOf(left, isArranged), linesOf(others, isArranged), file)
        }
      }))
  }
})
