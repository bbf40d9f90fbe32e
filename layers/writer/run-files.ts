/** What a run keeps in its folder while it is under way. */
import type { Ledger } from "../../services/rows/ledger.ts"

/**
 * The state that an interrupted run resumes from. It is written beside its place and renamed, so it is always whole.
 */
export interface RunState {
  readonly version: 1
  readonly identity: unknown
  /** Committed items as [first, last] ranges, ascending. */
  readonly done: ReadonlyArray<readonly [number, number]>
  readonly ledger: Ledger
  /** For each pool, the byte lengths of its sorted runs in the order of the file, and how many records it has. */
  readonly pools: Readonly<Record<string, { readonly runs: ReadonlyArray<number>; readonly records: number }>>
  /** Names of its results; each is listed here before the file exists. */
  readonly files: ReadonlyArray<string>
  /** Names of files that only the run needs: its pools, and results that do not have their names yet. */
  readonly parts: ReadonlyArray<string>
}

export const stateFile = "run.json.part"
export const lockFile = "run.lock"
export const metadataFile = "metadata.json"

export const poolFile = (pool: string): string => `pool-${pool}.part`

/** Folds sorted item numbers into ranges. */
export const rangesOf = (items: Iterable<number>): ReadonlyArray<readonly [number, number]> => {
  const ranges: Array<[number, number]> = []
  for (const item of [...items].sort((a, b) => a - b)) {
    const last = ranges[ranges.length - 1]
    if (last !== undefined && item === last[1] + 1) last[1] = item
    else ranges.push([item, item])
  }
  return ranges
}

export const itemsOf = (ranges: ReadonlyArray<readonly [number, number]>): Set<number> => {
  const items = new Set<number>()
  for (const [first, last] of ranges) for (let item = first; item <= last; item++) items.add(item)
  return items
}
