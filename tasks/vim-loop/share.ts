/**
 * A run of vim-loop that is shared among processes, with the search as its predictor: edits are solved part by part in the
 * first round, which nearly all of the work is; the rounds after that, and the rows, are left to whoever merges.
 */
import { join } from "node:path"
import * as FileSystem from "@effect/platform/FileSystem"
import type * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import type { Compute } from "../../services/Compute.ts"
import { Crew, type WorkStage } from "../../services/Crew.ts"
import { systemWords } from "../../services/faults/system-words.ts"
import type { Git } from "../../services/Git.ts"
import type { SplitOutcome } from "../../services/history/split.ts"
import type { Predictor } from "../../services/Predictor.ts"
import type { Reader } from "../../services/Reader.ts"
import type { Ledger } from "../../services/rows/ledger.ts"
import type { Sandbox } from "../../services/Sandbox.ts"
import { type CannotWrite, type FolderTaken, Writer } from "../../services/Writer.ts"
import { readValues, writeValues } from "../shared/crew/json-files.ts"
import type { MachineAnswers } from "../shared/crew/crew-layer.ts"
import { runShared } from "../shared/crew/run-shared.ts"
import { type PlannedStage, wholeStage } from "../shared/crew/stages.ts"
import { noLosses } from "../shared/dataset-run/losses.ts"
import { CannotReadInput } from "../shared/problems.ts"
import type { LoopEdit } from "./edits.ts"
import type { Gathered, gatherEdits } from "./gather.ts"
import { play } from "./play.ts"
import { runVimLoop, type VimLoopListener, type VimLoopRequest } from "./run.ts"
import { arrangeTurns, type Turn } from "./turns.ts"

/** What is gathered, as all who share a run read it. Plain JSON. */
interface GatheredFacts {
  readonly split: SplitOutcome
  readonly ledger: Ledger
  readonly identity: unknown
}

/** Edits that follow one another. */
interface EditsPart {
  readonly name: string
  readonly edits: ReadonlyArray<LoopEdit>
}

type GatherFailed = Effect.Effect.Error<ReturnType<typeof gatherEdits>>
type VimLoopStageFailed =
  | CannotReadInput
  | CannotWrite
  | FolderTaken
  | GatherFailed
  | Effect.Effect.Error<ReturnType<typeof play>>
type VimLoopStageNeeds = Compute | FileSystem.FileSystem | Git | Path.Path | Predictor | Reader | Sandbox | Writer
type VimLoopStage = WorkStage<VimLoopStageFailed, VimLoopStageNeeds>

/** What a share of a run is told. */
export interface VimLoopShare {
  readonly request: VimLoopRequest
  /** Where edits come from, as far as all must be asked alike. Plain JSON. */
  readonly input: unknown
  readonly gather: Effect.Effect<Gathered, GatherFailed, VimLoopStageNeeds>
  readonly partSize: number
  readonly answers: Pick<MachineAnswers, "cluster" | "only">
  readonly listener: VimLoopListener
}

/** Does what this process does of a run. */
export const shareVimLoop = Effect.fn("vimLoop.share")(function*(share: VimLoopShare) {
  const { answers, gather, partSize } = share
  const { folderOf } = yield* Crew
  const gathered = readGathered(folderOf("survey", wholeStage))
  const stages: ReadonlyArray<PlannedStage<VimLoopStageFailed, VimLoopStageNeeds>> = [
    { name: "survey", plan: Effect.succeed(surveyStage(gather)) },
    { name: "mine", plan: Effect.map(gathered, ({ edits }) => mineStage(share, partsOf(edits, partSize))) },
    {
      name: "merge",
      plan: Effect.map(gathered, (all) => mergeStage(share, all, partsOf(all.edits, partSize), folderOf))
    }
  ]
  return yield* runShared({ request: sharedLoopOf(share), stages, beside: {} }, answers)
})

/** What all who share a run are asked alike. */
export const sharedLoopOf = (
  { input, partSize, request: { predictor, recorded, version } }: Pick<VimLoopShare, "input" | "partSize" | "request">
): unknown => ({ task: "vim-loop", version, settings: recorded, predictor, input, part_size: partSize })

const factsFile = "gathered.json"
const editsFile = "edits.jsonl"

/** One piece: the edits. */
const surveyStage = (gather: VimLoopShare["gather"]) =>
  ({
    name: "survey",
    pieces: [{ name: wholeStage, weight: 1 }],
    make: (_, folder) =>
      Effect.gen(function*() {
        const { edits, identity, ledger, split } = yield* gather
        const facts: GatheredFacts = {
          identity,
          ledger,
          split: { groups: split.groups, planned: split.planned, heaviest: split.heaviest }
        }
        yield* writeValues(join(folder, factsFile), [facts])
        yield* writeValues(join(folder, editsFile), edits)
      })
  }) satisfies VimLoopStage

const notGathered = "the edits were not gathered yet"

const readGathered = Effect.fnUntraced(function*(folder: string) {
  const edits = yield* readValues<LoopEdit>(join(folder, editsFile), notGathered)
  const [facts] = yield* readValues<GatheredFacts>(join(folder, factsFile), notGathered)
  const { identity = null, ledger = {}, split = nothingSplit } = facts ?? {}
  const gathered: Gathered = { edits, identity, ledger, split, candidates: new Map(), lost: noLosses() }
  return gathered
})

const nothingSplit: SplitOutcome = { groups: { train: 0, held: 0 }, planned: null, heaviest: null }

const partsOf = (edits: ReadonlyArray<LoopEdit>, partSize: number): ReadonlyArray<EditsPart> =>
  Array.from({ length: Math.ceil(edits.length / partSize) }, (_, number) => ({
    name: String(number).padStart(5, "0"),
    edits: edits.slice(number * partSize, (number + 1) * partSize)
  }))

const turnsFile = "turns.jsonl"

/** One piece for each part: what was tried for its edits. */
const mineStage = ({ listener, request }: VimLoopShare, parts: ReadonlyArray<EditsPart>) =>
  ({
    name: "mine",
    pieces: parts.map(({ edits, name }) => ({ name, weight: edits.length })),
    make: ({ name }, folder) =>
      Effect.scoped(Effect.gen(function*() {
        const edits = parts.find((part) => part.name === name)?.edits ?? []
        const turns = new Map<string, Turn>()
        const journal = yield* (yield* Writer).openSequence({
          paths: [join(folder, turnsFile)],
          identity: name,
          resume: false,
          overwrite: false,
          bufferBytes: request.journalBytes
        })
        const table = {
          edits,
          settings: { ...request.settings, rounds: 1 },
          predictor: request.predictor.name,
          examples: request.examples,
          turns,
          journal,
          lost: noLosses()
        }
        yield* play(table, { onTurn: listener.onTurn, onRound: () => Effect.void })
        yield* journal.seal({ identity: name }, arrangeTurns(edits.map(({ id }) => id)))
      }))
  }) satisfies VimLoopStage

/** One piece: the dataset, as one process would have written it. */
const mergeStage = (
  { listener, request }: VimLoopShare,
  gathered: Gathered,
  parts: ReadonlyArray<EditsPart>,
  folderOf: Crew["Type"]["folderOf"]
) =>
  ({
    name: "merge",
    pieces: [{ name: wholeStage, weight: 1 }],
    make: (_, folder) =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const known: Array<Uint8Array> = []
        for (const { name } of parts) {
          const path = join(folderOf("mine", name), turnsFile)
          known.push(
            yield* Effect.mapError(
              fs.readFile(path),
              (cause) => new CannotReadInput({ path, detail: systemWords(cause) })
            )
          )
        }
        yield* runVimLoop({ ...request, output: folder, resume: false, overwrite: false }, gathered, listener, known)
      })
  }) satisfies VimLoopStage
