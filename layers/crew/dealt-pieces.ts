/** Which pieces each rank does first. */
import type { WorkPiece } from "../../services/Crew.ts"

/** One of so many who share a run, numbered from 0. */
export interface RankOf {
  readonly rank: number
  readonly of: number
}

/**
 * Deals pieces to ranks: the heaviest first, each to the rank that has the least so far (Graham 1969). Those of a rank
 * come in this order, too: a long piece that is begun last is what everybody waits for.
 */
export const dealtPieces = (
  pieces: ReadonlyArray<WorkPiece>,
  ranks: number
): ReadonlyArray<ReadonlyArray<WorkPiece>> => {
  const hands = Array.from({ length: ranks }, () => ({ pieces: [] as Array<WorkPiece>, weight: 0 }))
  for (const piece of pieces.toSorted((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1))) {
    const hand = hands.reduce((least, one) => (one.weight < least.weight ? one : least))
    hand.pieces.push(piece)
    hand.weight += piece.weight
  }
  return hands.map((hand) => hand.pieces)
}
