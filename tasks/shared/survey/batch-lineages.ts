/** Changes of a history as lineages of paths, each on its side of the split, some at a time. */
import { type Lineage, type Traced, traceLineages } from "../../../services/history/lineages.ts"
import { packPieces } from "../../../services/history/pack.ts"
import type { Side } from "../../../services/history/split.ts"
import { type JoinedRepository, sidesOf } from "./sides-of.ts"
import { type HistorySurvey, lineageChangeOf, type SurveyedChange } from "./survey.ts"

/** A long lineage is cut in time past this many bytes of source: no batch may fill the memory. */
const lineageBytes = 1024 * 1024

/**
 * Returns the lineages of a repository in batches. With "commits" changes come one by one, the oldest first, whatever
 * their path; with "paths" a path's come together.
 */
export const batchLineages = (
  survey: HistorySurvey,
  joined: JoinedRepository,
  inOrderOf: "paths" | "commits"
): ReadonlyArray<ReadonlyArray<Lineage>> => {
  const { groupOf, sideOf } = sidesOf(survey, joined)
  const lineages = traceLineages(survey.changes.filter(({ isWorkedOn }) => isWorkedOn), {
    mostBytes: lineageBytes,
    bytesOf: ({ newSize, oldSize }, isFirst) => newSize + (isFirst ? oldSize : 0)
  })
  const whole = lineages.flatMap(({ bytes, changes }): ReadonlyArray<LineagePiece> => {
    const group = groupOf(changes[0]?.path ?? "")
    // A split in time cuts a lineage once at the most.
    return (["train", "held"] as const).flatMap((side) => {
      const own = changes.filter((change) => sideOf(change) === side)
      return own.length === 0 ? [] : [{ bytes: bytes * own.length / changes.length, group, side, changes: own }]
    })
  })
  const pieces = inOrderOf === "paths" ? whole : inOrderOfCommits(whole)
  return packPieces(pieces, ({ bytes }) => bytes).map((packed) =>
    packed.map(({ changes, group, side }): Lineage => ({ group, side, changes: changes.map(lineageChangeOf) }))
  )
}

interface LineagePiece extends Traced<SurveyedChange> {
  readonly group: string
  readonly side: Side
}

/** Changes one by one, oldest first: an index of the project moves through history once, whatever the path. */
const inOrderOfCommits = (pieces: ReadonlyArray<LineagePiece>): ReadonlyArray<LineagePiece> =>
  pieces.flatMap((piece) =>
    piece.changes.map((change) => ({
      piece: { ...piece, bytes: piece.bytes / piece.changes.length, changes: [change] },
      place: change.place
    }))
  ).sort((a, b) => a.place - b.place).map(({ piece }) => piece)
