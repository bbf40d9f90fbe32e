/**
 * A crew of ranks that share a folder and nothing else: no server, and nobody who leads. Each rank does its own pieces
 * first, and then what others have not begun. What a rank leaves behind that is ended is begun again by another one.
 */
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import { Crew, type Failing, PieceCondemned, type WorkPiece, type WorkStage } from "../../services/Crew.ts"
import { onDisk } from "../disk/disk.ts"
import { type ClaimTimes, openClaims, type TakenClaim, usualClaimTimes } from "./claims.ts"
import { dealtPieces, type RankOf } from "./dealt-pieces.ts"
import { finalFailures } from "./final-failures.ts"
import { abandoned, countFailure, donePieces, failedTries, type FailedTry, reasonToCondemn } from "./piece-folders.ts"
import { publishing } from "./publishing.ts"
import { crewAt, enterStage, failIfSealed, unlessSealed } from "./run-place.ts"
import type { RunPlace } from "./piece-folders.ts"

/** Where the run lies, which rank this is, and how often it looks after the others. */
export interface FolderCrewOptions {
  readonly place: RunPlace
  readonly rank: RankOf
  readonly times?: ClaimTimes
  /** How long a rank waits that finds nothing to do, until it looks again. */
  readonly pollMillis?: number
  /** How many pieces a rank has under way: with two of them one is read while the other one is worked on. */
  readonly atOnce?: number
}

/** A layer over a folder. */
export const layer = (
  { atOnce = 1, place, pollMillis = 1000, rank, times = usualClaimTimes }: FolderCrewOptions
): Layer.Layer<Crew> => {
  const { directory } = place
  const claims = openClaims(join(directory, "claim"), times)
  const nameOf = <E, R>(stage: WorkStage<E, R>, { name }: WorkPiece) => `${stage.name}.${name}`

  /** Does a piece that is claimed, and counts a try that failed. */
  const work = <E extends Failing, R>(stage: WorkStage<E, R>, piece: WorkPiece, { wasAbandoned }: TakenClaim) =>
    Effect.gen(function*() {
      const done = yield* onDisk(directory, () => donePieces(directory, stage.name))
      // Its last owner was done with it when it was ended.
      if (done.has(piece.name)) return
      if (wasAbandoned) yield* onDisk(directory, () => countFailure(directory, stage.name, piece, abandoned))
      const failed = yield* onDisk(directory, () => failedTries(directory))
      if (reasonToCondemn(failed, stage.name, piece) !== undefined) return
      // What may have ended a process is made where it can end no other one.
      const isSuspect = failed.some((one) => one.piece === nameOf(stage, piece))
      const { makeApart } = stage
      const made = yield* Effect.either(
        publishing(directory, isSuspect && makeApart !== undefined ? { ...stage, make: makeApart } : stage, piece)
      )
      if (Either.isRight(made)) return
      const failure = made.left
      if (finalFailures.has(failure.exitCode)) return yield* Effect.fail(failure)
      yield* onDisk(directory, () => countFailure(directory, stage.name, piece, failure.message))
    })

  /** Does the first of the pieces that nobody works on; returns whether there was one. */
  const workOnOne = <E extends Failing, R>(stage: WorkStage<E, R>, pieces: ReadonlyArray<WorkPiece>) =>
    Effect.gen(function*() {
      for (const piece of pieces) {
        const isWorkedOn = yield* Effect.acquireUseRelease(
          onDisk(directory, () => claims.take(nameOf(stage, piece))),
          (claim) => claim === "claimed" ? Effect.succeed(false) : Effect.as(work(stage, piece, claim), true),
          (claim) => claim === "claimed" ? Effect.void : Effect.promise(() => claim.release().catch(() => undefined))
        )
        if (isWorkedOn) return true
      }
      return false
    })

  return Layer.succeed(
    Crew,
    Crew.of({
      ...crewAt(place),
      finish: (stage) =>
        Effect.gen(function*() {
          yield* enterStage(place, stage)
          const hands = dealtPieces(stage.pieces, rank.of)
          const [own = [], ...others] = [...hands.slice(rank.rank), ...hands.slice(0, rank.rank)]
          const inOrder = [...own, ...others.flatMap((hand) => hand.toReversed())]
          const untilDone = Effect.gen(function*() {
            for (;;) {
              const done = yield* onDisk(directory, () => donePieces(directory, stage.name))
              const open = inOrder.filter(({ name }) => !done.has(name))
              if (open.length === 0) return
              // After the look: what was there before it may have gone since.
              yield* failIfSealed(place)
              const failed = yield* onDisk(directory, () => failedTries(directory))
              for (const piece of open) {
                const reason = reasonToCondemn(failed, stage.name, piece)
                if (reason !== undefined) {
                  return yield* new PieceCondemned({ piece: `${stage.name}/${piece.name}`, reason })
                }
              }
              const triesOf = countTries(failed)
              const inTurn = open.toSorted((a, b) => triesOf(nameOf(stage, a)) - triesOf(nameOf(stage, b)))
              if (!(yield* workOnOne(stage, inTurn))) yield* Effect.sleep(pollMillis)
            }
          })
          // Whoever sees first that all is done ends the others, which may be asleep or late.
          yield* Array.from({ length: atOnce - 1 }, () => untilDone).reduce(
            (some, one) => Effect.raceFirst(some, one),
            untilDone
          )
        }).pipe(unlessSealed(place))
    })
  )
}

/** Returns how often a piece failed: one that failed waits until all others are begun. */
const countTries = (failed: ReadonlyArray<FailedTry>) => (name: string): number =>
  failed.filter(({ piece }) => piece === name).length
