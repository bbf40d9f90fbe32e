/** What a run keeps in its folder while it is under way, and which names are a run's own. */
import type { Ledger } from "../../services/rows/ledger.ts"

/** The state that a broken run resumes from. Written beside its place and renamed, so it is always whole. */
export interface RunState {
  readonly version: 1
  readonly identity: unknown
  /** Committed items as [first, last] ranges, ascending. */
  readonly done: ReadonlyArray<readonly [number, number]>
  readonly ledger: Ledger
  /** For each pool the byte lengths of its sorted runs, in file order, and its records. */
  readonly pools: Readonly<Record<string, { readonly runs: ReadonlyArray<number>; readonly records: number }>>
}

export const stateFile = "run.json.part"
export const lockFile = "run.lock"
export const metadataFile = "metadata.json"

export const poolFile = (pool: string): string => `pool-${pool}.part`

/** How files of rows end: whole or in shards, of either format, finished or not. */
const ending = "(?:-\\d{5}-of-\\d{5})?\\.(?:jsonl|parquet)(?:\\.part)?$"

/** Whether a file name is one that a run may leave: its results, its pools, its state. */
export const isRunFile = (name: string): boolean =>
  new RegExp(`^(?:train|val|test)(?:_\\w+)?${ending}`).test(name) || /^\w+_stats\.json(?:\.part)?$/.test(name) ||
  new RegExp(`^(?:test_)?(?:transforms|sft|kto|dpo)${ending}`).test(name) || /^rounds\.json(?:\.part)?$/.test(name) ||
  /^pool-[\w.-]+\.part$/.test(name) || /^(?:metadata|dataset_info)\.json(?:\.part)?$/.test(name) ||
  /^run\.json\.part(?:\.new)?$/.test(name)

/** Whether a file name is a result, so that a folder that holds it holds a dataset. */
export const isResultFile = (name: string): boolean => isRunFile(name) && !/\.part(?:\.new)?$/.test(name)

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
