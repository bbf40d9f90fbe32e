/** A share of a run, however the flags say that it is shared; or the one piece that this process was started for. */
import * as Effect from "effect/Effect"
import type { Failing } from "../../../services/Crew.ts"
import { Tool } from "../tool.ts"
import type { MachineAnswers } from "./crew-layer.ts"
import { askedPiece, endingWithInput, makeInProcess, type PieceFailed } from "./piece-process.ts"
import { makePiece, runStages, type StagedOutcome, type StagedRun } from "./stages.ts"

/** The heap of a process that makes one piece: what needs more is condemned, and the others go on. */
const heapMebibytes = 4096

/** Does what this process does of a run. */
export const runShared = Effect.fn("shared.runShared")(function*<E extends Failing, R>(
  run: Omit<StagedRun<E | PieceFailed, R>, "make" | "only">,
  { cluster, only }: Pick<MachineAnswers, "cluster" | "only">
) {
  const { command } = yield* Tool
  const asked = askedPiece(command.environment)
  if (asked !== undefined) {
    const done: StagedOutcome = "stage done"
    return yield* Effect.as(Effect.raceFirst(makePiece(run.stages, asked), endingWithInput), done)
  }
  // What the database is told must be told in time, whatever a piece does to its process.
  const inProcess = makeInProcess({ command, heapMebibytes })
  return yield* runStages({ ...run, only, make: cluster === undefined ? undefined : inProcess })
})
