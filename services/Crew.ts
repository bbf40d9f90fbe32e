/**
 * Crew: those who share the work of a run, on one machine or on many. The work is cut into pieces. Each piece gives a
 * folder, and it is done when that folder has its name. What lies there depends on the piece alone, so that a piece may
 * well be done twice: the folder that is named first stays, and the other one goes.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { ExitCode } from "./faults/exit-code.ts"
import type { CannotWrite, FolderTaken } from "./Writer.ts"

/** Gets the pieces of one run done. */
export class Crew extends Context.Tag("retrace/Crew")<Crew, {
  /** Agrees with all others on what is asked, which is plain JSON: who comes first writes it down. */
  readonly agree: (request: unknown) => Effect.Effect<Agreement, FolderTaken | CannotWrite>
  /**
   * Returns when each piece of a stage has its folder, whoever made it. Ends with RunSealed where others finished the run
   * meanwhile, so that the folders are gone.
   */
  readonly finish: <E extends Failing, R>(
    stage: WorkStage<E, R>
  ) => Effect.Effect<void, E | PieceCondemned | RunSealed | CannotWrite | CrewUnavailable, R>
  /** Whether others finished the run. */
  readonly isSealed: Effect.Effect<boolean, CannotWrite>
  /** Looks at the run from outside: what was asked, and how far it has come. Null where there is none. */
  readonly look: Effect.Effect<CrewView | null, CannotWrite>
  /** Returns the folder of a piece that is done. */
  readonly folderOf: (stage: string, piece: string) => string
  /**
   * Gives the files of the last piece of all their places as the results of the run, the one that says that all is there
   * last, and removes what only the run needed. Several may do so at once, and do so again after a kill.
   */
  readonly seal: (merged: MergedPiece) => Effect.Effect<void, FolderTaken | CannotWrite>
}>() {}

/** Whether a run that was agreed on was finished before. */
export interface Agreement {
  readonly isSealed: boolean
}

/** How far a run has come. */
export interface CrewView {
  /** What all agreed on. */
  readonly request: unknown
  readonly isSealed: boolean
  /** When it was agreed on, by the clock of the file system; milliseconds since 1970. */
  readonly began: number
  /** What that clock says now. */
  readonly now: number
  /** The stages that somebody began, in their order. */
  readonly stages: ReadonlyArray<StageView>
  /** Why tries failed so far. */
  readonly failed: ReadonlyArray<{ readonly piece: string; readonly reason: string }>
}

/** How far a stage has come. */
export interface StageView {
  readonly name: string
  /** When somebody came to it first; milliseconds as above. */
  readonly began: number
  /** All of its pieces. */
  readonly pieces: number
  readonly weight: number
  /** Those that are done, and when they were. */
  readonly done: ReadonlyArray<{ readonly weight: number; readonly at: number }>
  /** How many are being made, as far as a folder tells. */
  readonly underWay: number
}

/** The piece that holds the results. */
export interface MergedPiece {
  readonly stage: string
  readonly piece: string
  /** Absolute paths of those files of it that do not belong into the folder of the results, by name. */
  readonly beside: Readonly<Record<string, string>>
}

/** How a piece fails: whoever runs the program learns its exit code. */
export interface Failing {
  readonly message: string
  readonly exitCode: ExitCode
}

/** Pieces that can be done in any order, given that all earlier stages are done. */
export interface WorkStage<E, R> {
  /** Names the folder that holds those of its pieces. Lower-case letters. */
  readonly name: string
  readonly pieces: ReadonlyArray<WorkPiece>
  /** Writes all that a piece gives into a folder, which is empty and belongs to this call alone. */
  readonly make: (piece: WorkPiece, folder: string) => Effect.Effect<void, E, R>
  /** The same where it can do no harm to this process: what fails there is the piece's fault. */
  readonly makeApart?: (piece: WorkPiece, folder: string) => Effect.Effect<void, E, R>
}

/** A piece of a stage. */
export interface WorkPiece {
  /** Names its folder. Lower-case letters, digits and "-"; no two pieces of a stage share it. */
  readonly name: string
  /** How long it takes beside the others of its stage, in any unit. */
  readonly weight: number
}

/** So many tries of one piece may be seen to fail before nobody tries it again. */
export const mostTries = 3

/** No try of a piece was of use: each failed, or its process ended. */
export class PieceCondemned extends Schema.TaggedError<PieceCondemned>()("PieceCondemned", {
  /** Names of the stage and the piece, with "/" between them. */
  piece: Schema.String,
  /** Why its last try failed. */
  reason: Schema.String
}) {
  readonly exitCode = ExitCode.Condemned
  override get message() {
    return `Cannot finish the run: "${this.piece}" failed too often, the last time because ${this.reason}`
  }
}

/** Others finished the run, and nothing is left to do. */
export class RunSealed extends Schema.TaggedError<RunSealed>()("RunSealed", {}) {
  readonly exitCode = ExitCode.Done
  override get message() {
    return "The run is finished"
  }
}

/** What the crew meets at cannot be reached, or has given nothing to do for too long. Others may be able to go on. */
export class CrewUnavailable extends Schema.TaggedError<CrewUnavailable>()("CrewUnavailable", {
  /** Where the crew meets, such as an address of a database without its password. */
  place: Schema.String,
  detail: Schema.String
}) {
  readonly exitCode = ExitCode.Unavailable
  override get message() {
    return `Cannot share the run through "${this.place}": ${this.detail}`
  }
}
