/** Plans a run over history: commits become lineages of paths, each on its side of the split, lineages batches. */
import * as Effect from "effect/Effect"
import type { Repository } from "../../../services/Git.ts"
import { makeGroups, memberOf } from "../../../services/history/groups.ts"
import { type Lineage, type Traced, traceLineages } from "../../../services/history/lineages.ts"
import { packPieces } from "../../../services/history/pack.ts"
import type { HistorySettings } from "../../../services/history/settings.ts"
import type { Side, SplitOutcome } from "../../../services/history/split.ts"
import type { Ledger } from "../../../services/rows/ledger.ts"
import { decideSides } from "./sides.ts"
import { selectChanges, type SelectedHistory, type SizedChange, withoutSizes } from "./select-changes.ts"

export interface HistoryPlan {
  /** Lineages some at a time, each batch of one repository. */
  readonly batches: ReadonlyArray<{ readonly repository: number; readonly lineages: ReadonlyArray<Lineage> }>
  readonly ledger: Ledger
  /** Newest commit of each repository, null for one without any in range. */
  readonly heads: ReadonlyArray<{ readonly repository: string; readonly commit: string | null }>
  readonly split: SplitOutcome
  /** How many changes the batches hold. */
  readonly size: number
}

/** A long lineage is cut in time past this many bytes of source: no item may fill the memory. */
const lineageBytes = 1024 * 1024

/**
 * With "commits" changes come one by one, the oldest first, whatever their path; with "paths" a path's come together.
 */
export const planHistory = Effect.fn("shared.planHistory")(function*(
  repositories: ReadonlyArray<Repository>,
  settings: HistorySettings,
  inOrderOf: "paths" | "commits"
) {
  const ledger: Ledger = {}
  const groups = makeGroups()
  const planned: Array<SelectedHistory & { readonly lineages: ReadonlyArray<Traced<SizedChange>> }> = []
  for (const repository of repositories) {
    const selected = yield* selectChanges(repository, settings, groups, ledger)
    planned.push({
      ...selected,
      lineages: traceLineages(selected.changes, {
        mostBytes: lineageBytes,
        bytesOf: ({ newSize, oldSize }, isFirst) => newSize + (isFirst ? oldSize : 0)
      })
    })
  }
  // A later repository may join groups of an earlier one.
  const { sideOf, split } = yield* decideSides(planned, groups, settings)
  const batches = planned.flatMap(({ lineages, repository }, index) => {
    const whole = lineages.flatMap(({ bytes, changes }): ReadonlyArray<LineagePiece> => {
      const group = groups.nameOf(memberOf(repository.name, changes[0]?.path ?? "", settings.groupBy))
      // A split in time cuts a lineage once at the most.
      return (["train", "held"] as const).flatMap((side) => {
        const own = changes.filter((change) => sideOf(index, change) === side)
        return own.length === 0 ? [] : [{ bytes: bytes * own.length / changes.length, group, side, changes: own }]
      })
    })
    const pieces = inOrderOf === "paths" ? whole : inOrderOfCommits(whole)
    return packPieces(pieces, ({ bytes }) => bytes).map((packed) => ({
      repository: index,
      lineages: packed.map(({ changes, group, side }): Lineage => ({ group, side, changes: changes.map(withoutSizes) }))
    }))
  })
  const plan: HistoryPlan = {
    batches,
    ledger,
    heads: planned.map(({ head, repository }) => ({ repository: repository.name, commit: head })),
    split,
    size: planned.reduce((sum, { lineages }) => sum + lineages.reduce((all, { changes }) => all + changes.length, 0), 0)
  }
  return plan
})

interface LineagePiece extends Traced<SizedChange> {
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
