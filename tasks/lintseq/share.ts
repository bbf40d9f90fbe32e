/** A run of lintseq that is shared among processes: programs are drawn from part by part, and written in their order. */
import * as FileSystem from "@effect/platform/FileSystem"
import { createHash } from "node:crypto"
import { basename, dirname, join } from "node:path"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Crew, type WorkStage } from "../../services/Crew.ts"
import { addLedger, type Ledger } from "../../services/rows/ledger.ts"
import type { Compute } from "../../services/Compute.ts"
import { systemWords } from "../../services/faults/system-words.ts"
import { metadataOfFile } from "../../services/formats/output-format.ts"
import type { CannotReadRows } from "../../services/Reader.ts"
import { CannotWrite, type FolderTaken, type Writer } from "../../services/Writer.ts"
import { readValues, writeValues } from "../shared/crew/json-files.ts"
import type { MachineAnswers } from "../shared/crew/crew-layer.ts"
import { runShared } from "../shared/crew/run-shared.ts"
import { type PlannedStage, wholeStage } from "../shared/crew/stages.ts"
import type { Item, WorkFailed } from "../shared/dataset-run/item.ts"
import type { RunListener } from "../shared/dataset-run/listener.ts"
import type { Losses } from "../shared/dataset-run/losses.ts"
import type { NothingToDo } from "../shared/dataset-run/nothing-to-do.ts"
import { CannotReadInput } from "../shared/problems.ts"
import { workThrough } from "../shared/dataset-run/work-through.ts"
import type { LintseqOutput } from "./jobs.ts"
import { type LintseqRun, writeLintseq } from "./run.ts"

/** The stages of a run. */
export const lintseqStages = ["survey", "mine", "merge"] as const

/** Programs that an item has about; one with long histories has fewer. */
const programsOfItem = 8

/** Items that follow one another. */
interface ItemsPart {
  readonly name: string
  readonly from: number
  readonly count: number
}

type LintseqStageFailed = CannotReadInput | CannotReadRows | CannotWrite | FolderTaken | NothingToDo | WorkFailed
type LintseqStageNeeds = Compute | FileSystem.FileSystem | Writer
type LintseqStage = WorkStage<LintseqStageFailed, LintseqStageNeeds>

/** Does what this process does of a run. */
export const shareLintseq = Effect.fn("lintseq.share")(function*(
  run: LintseqRun,
  { partSize, shared }: { readonly partSize: number; readonly shared: unknown },
  answers: Pick<MachineAnswers, "cluster" | "only">,
  listen: RunListener,
  lost: Losses
) {
  const { folderOf } = yield* Crew
  const partItems = Math.max(1, Math.round(partSize / programsOfItem))
  const parts = Effect.map(
    readValues<number>(join(folderOf("survey", wholeStage), countFile), "the programs were not counted yet"),
    ([items = 0]) =>
      Array.from({ length: Math.ceil(items / partItems) }, (_, number): ItemsPart => ({
        name: String(number).padStart(5, "0"),
        from: number * partItems,
        count: Math.min(partItems, items - number * partItems)
      }))
  )
  const stages: ReadonlyArray<PlannedStage<LintseqStageFailed, LintseqStageNeeds>> = [
    { name: "survey", plan: Effect.succeed(surveyStage(run)) },
    { name: "mine", plan: Effect.map(parts, (all) => mineStage(run, all, lost)) },
    { name: "merge", plan: Effect.map(parts, (all) => mergeStage(run, all, folderOf, listen, lost)) }
  ]
  return yield* runShared({
    request: shared,
    stages,
    beside: run.files.rejected === null ? {} : { [rejectedFile]: run.files.rejected }
  }, answers)
}, Effect.scoped)

/** Returns what all who share a run are asked alike: all of a file of programs counts, as others read it again. */
export const sharedLintseqOf = Effect.fnUntraced(function*(
  { identity, request: { input, settings } }: LintseqRun,
  partSize: number
) {
  const fs = yield* FileSystem.FileSystem
  const asked = { ...identity, part_size: partSize, time_limit: settings.timeLimitMillis }
  if (input._tag !== "rows") return asked
  const digest = createHash("sha256")
  yield* Stream.runForEach(fs.stream(input.path), (bytes) => Effect.sync(() => void digest.update(bytes))).pipe(
    Effect.mapError((cause) => new CannotReadInput({ path: input.path, detail: systemWords(cause) }))
  )
  return { ...asked, sha256: digest.digest("hex") }
})

const countFile = "items.json"
const rowsFile = "rows"
const rejectedFile = ".rejected"
const ledgerFile = "ledger.json"

/** One piece: how many items there are. */
const surveyStage = ({ source }: LintseqRun) =>
  ({
    name: "survey",
    pieces: [{ name: wholeStage, weight: 1 }],
    make: (_, folder) =>
      Effect.flatMap(Stream.runCount(source.items), (items) => writeValues(join(folder, countFile), [items]))
  }) satisfies LintseqStage

/** One piece for each part: its lines, one after another, and what was counted. */
const mineStage = ({ source }: LintseqRun, parts: ReadonlyArray<ItemsPart>, lost: Losses) =>
  ({
    name: "mine",
    pieces: parts.map(({ count, name }) => ({ name, weight: count })),
    make: ({ name }, folder) =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const { count = 0, from = 0 } = parts.find((part) => part.name === name) ?? {}
        const ledger: Ledger = {}
        const append = (file: string, bytes: Uint8Array) => {
          const path = join(folder, file)
          return Effect.mapError(
            fs.writeFile(path, bytes, { flag: "a" }),
            (cause) => new CannotWrite({ path, detail: cause.message })
          )
        }
        for (const file of [rowsFile, rejectedFile]) yield* append(file, new Uint8Array())
        const items = Stream.take(Stream.drop(source.items, from), count)
        yield* Stream.runForEach(
          workThrough(items, { lost, isDone: () => false, isOrdered: true }),
          ({ output }) =>
            Effect.gen(function*() {
              if (output === undefined) return
              addLedger(ledger, output.ledger)
              yield* append(rowsFile, output.rows)
              yield* append(rejectedFile, output.rejected)
            })
        )
        yield* writeValues(join(folder, ledgerFile), [ledger])
      })
  }) satisfies LintseqStage

/** One piece: the file, as one process would have written it. */
const mergeStage = (
  run: LintseqRun,
  parts: ReadonlyArray<ItemsPart>,
  folderOf: Crew["Type"]["folderOf"],
  listen: RunListener,
  lost: Losses
) =>
  ({
    name: "merge",
    pieces: [{ name: wholeStage, weight: 1 }],
    make: (_, folder) => {
      const { files, path, source } = run
      const rejected = files.rejected === null ? null : join(folder, rejectedFile)
      const inFolder: LintseqRun = {
        ...run,
        path: join(folder, basename(path)),
        files: { ...files, rejected, resume: false, overwrite: false }
      }
      const size = parts.reduce((sum, { count }) => sum + count, 0)
      const items = Stream.fromIterable(parts).pipe(
        Stream.mapEffect(({ count, name }) =>
          Effect.map(readPart(folderOf("mine", name)), (output): Item<LintseqOutput> => ({
            size: source.size * count / size,
            work: () => Effect.succeed(output)
          }))
        )
      )
      return Effect.asVoid(Effect.scoped(writeLintseq(inFolder, items, listen, lost)))
    }
  }) satisfies LintseqStage

const readPart = Effect.fnUntraced(function*(folder: string) {
  const fs = yield* FileSystem.FileSystem
  const read = (file: string) => {
    const path = join(folder, file)
    return Effect.mapError(fs.readFile(path), (cause) => new CannotReadInput({ path, detail: systemWords(cause) }))
  }
  const [ledger = {}] = yield* readValues<Ledger>(join(folder, ledgerFile), "the part is not there")
  const output: LintseqOutput = { rows: yield* read(rowsFile), rejected: yield* read(rejectedFile), ledger }
  return output
})

/** Where the pieces of a run lie, and its results: beside the file that it writes, and called after it. */
export const placeOfLintseq = ({ path }: Pick<LintseqRun, "path">) => ({
  agreement: `${path}.run`,
  output: dirname(path),
  last: basename(metadataOfFile(path)),
  results: [basename(path), `${basename(path)}.run.part`]
})
