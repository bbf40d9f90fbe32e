/** Places for pieces that are made at once. Of those that wait, the heaviest is called first. */
import * as Effect from "effect/Effect"
import type { WorkPiece } from "../../services/Crew.ts"

/** A piece that waits for its places, or has them. */
interface Ticket {
  readonly piece: WorkPiece
  readonly places: number
  readonly called: Effect.Latch
  hasPlaces: boolean
}

/** Does something for a piece when it is called; a piece that must be alone is called when nobody else has a place. */
export type InPlace = (
  piece: WorkPiece,
  isAlone: boolean
) => <A, E, R>(work: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

/** Makes so many places. */
export const makePlaces = (count: number): InPlace => {
  let free = count
  const waiting: Array<Ticket> = []

  const call = () => {
    // Nobody overtakes the first: who needs all places would never get them.
    for (let first = waiting[0]; first !== undefined && first.places <= free; first = waiting[0]) {
      waiting.shift()
      free -= first.places
      first.hasPlaces = true
      first.called.unsafeOpen()
    }
  }

  const enter = (piece: WorkPiece, isAlone: boolean): Ticket => {
    const ticket = { piece, places: isAlone ? count : 1, called: Effect.unsafeMakeLatch(), hasPlaces: false }
    const after = waiting.findIndex((other) => other.piece.weight < piece.weight)
    waiting.splice(after === -1 ? waiting.length : after, 0, ticket)
    call()
    return ticket
  }

  const leave = (ticket: Ticket) => {
    if (ticket.hasPlaces) free += ticket.places
    else waiting.splice(waiting.indexOf(ticket), 1)
    call()
  }

  return (piece, isAlone) => (work) =>
    Effect.acquireUseRelease(
      Effect.sync(() => enter(piece, isAlone)),
      (ticket) => Effect.zipRight(ticket.called.await, work),
      (ticket) => Effect.sync(() => leave(ticket))
    )
}
