/** A share of a run, however the flags say that it is shared; or the one piece that this process was started for. */
import { getHeapStatistics } from "node:v8"
import * as Effect from "effect/Effect"
import { Crew, type Failing } from "../../../services/Crew.ts"
import { Tool } from "../tool.ts"
import type { MachineAnswers } from "./crew-layer.ts"
import { askedPiece, endingWithInput, makeInProcess, type PieceFailed } from "./piece-process.ts"
import { makePiece, runStages, type StagedOutcome, type StagedRun } from "./stages.ts"

/** The heap of a process that makes one piece is that of this one, or this if that is less: what needs more is condemned. */
const leastHeap = 4096

/** Does what this process does of a run. */
export const runShared = Effect.fn("shared.runShared")(function*<E extends Failing, R>(
  run: Omit<StagedRun<E | PieceFailed, R>, "makeApart" | "isApart" | "only">,
  { cluster, only }: Pick<MachineAnswers, "cluster" | "only">
) {
  const { command } = yield* Tool
  const asked = askedPiece(command.environment)
  if (asked !== undefined) {
    const done: StagedOutcome = "stage done"
    // What it was asked may have changed since, such as a branch that moved on.
    yield* (yield* Crew).agree(run.request)
    return yield* Effect.as(Effect.raceFirst(makePiece(run.stages, asked), endingWithInput), done)
  }
  return yield* runStages({
    ...run,
    only,
    makeApart: makeInProcess({
      command,
      heapMebibytes: Math.max(leastHeap, Math.round(getHeapStatistics().heap_size_limit / 2 ** 20))
    }),
    // What the database is told must be told in time, whatever a piece does to its process.
    isApart: cluster !== undefined
  })
})
