/**
 * How a member of a crew gets a piece done that was given to it: it tries until the folder is there, whoever made it.
 * A piece that failed, or that others were making when they ended, has this machine to itself from then on, so that no
 * other piece is blamed for what it does.
 */
import { readdir } from "node:fs/promises"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { ExitCode } from "../../services/faults/exit-code.ts"
import { type Failing, PieceCondemned, type WorkPiece, type WorkStage } from "../../services/Crew.ts"
import { exists, onDisk } from "../disk/disk.ts"
import { finalFailures } from "./final-failures.ts"
import { countFailure, failedTries, reasonToCondemn } from "./piece-folders.ts"
import type { InPlace } from "./places.ts"
import { publishing } from "./publishing.ts"

/**
 * So many tries may be left behind by members that ended, before a piece is held to have ended them. Members are ended
 * for many reasons, so this is far more than those that a piece was seen to fail.
 */
const mostLost = 8

/** How long a try waits that was ended from outside: what ended it may end this process next. */
const pauseMillis = 1000

/** Endings that say something of who runs this, and nothing of the piece. */
const fromOutside: ReadonlySet<ExitCode> = new Set([ExitCode.Interrupted, ExitCode.Terminated])

/**
 * Returns when a piece has its folder. Fails with what no other try will mend, and when the piece is
 * condemned.
 */
export const workOff = <E extends Failing, R>(
  directory: string,
  stage: WorkStage<E, R>,
  piece: WorkPiece,
  inPlace: InPlace
) =>
  Effect.gen(function*() {
    let mustBeAlone = false
    while (true) {
      const isAlone = mustBeAlone
      const end = yield* inPlace(piece, isAlone)(Effect.gen(function*() {
        const past = yield* onDisk(directory, () => pastOf(directory, stage, piece))
        if (past.isDone) return "done"
        if (past.condemned !== undefined) {
          return yield* new PieceCondemned({ piece: `${stage.name}/${piece.name}`, reason: past.condemned })
        }
        mustBeAlone = past.isSuspect
        if (mustBeAlone && !isAlone) return "wait to be alone"
        return yield* publishing(directory, stage, piece).pipe(
          Effect.as("done" as const),
          Effect.catchAll((failure) => {
            if (finalFailures.has(failure.exitCode)) return Effect.fail(failure)
            if (fromOutside.has(failure.exitCode)) return Effect.succeed("was ended" as const)
            return Effect.as(
              onDisk(directory, () => countFailure(directory, stage.name, piece, failure.message)),
              "failed" as const
            )
          })
        )
      }))
      if (end === "done") return
      if (end === "was ended") yield* Effect.sleep(pauseMillis)
    }
  })

/** What is known of a piece before it is tried. */
const pastOf = async (directory: string, { name: stage }: { readonly name: string }, piece: WorkPiece) => {
  if (await exists(join(directory, stage, piece.name))) return { isDone: true, condemned: undefined, isSuspect: false }
  const failed = await failedTries(directory)
  const left = await readdir(join(directory, "try")).catch(() => [])
  const lost = left.filter((name) => name.startsWith(`${stage}.${piece.name}.`)).length
  const condemned = reasonToCondemn(failed, stage, piece) ??
    (lost < mostLost ? undefined : `${lost} processes ended while they made it`)
  const isSuspect = lost > 0 || failed.some((one) => one.piece === `${stage}.${piece.name}`)
  return { isDone: false, condemned, isSuspect }
}
