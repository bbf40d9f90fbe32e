/**
 * How much a model differs from itself: servers batch and cache, and then even a model that always takes the likeliest
 * token answers differently. Two models that differ in no more rows may be one.
 */
import type { Interval } from "./interval.ts"
import { wilsonInterval } from "./wilson.ts"

/** What asking one model twice shows. */
export interface NoiseFloor {
  readonly rows: number
  /** Share of the rows whose two scores differ. */
  readonly discordant: number
  readonly interval: Interval
}

/** Returns the floor by the scores of two runs of one model on the same rows, in the same order. */
export const noiseFloorOf = (first: ReadonlyArray<number>, second: ReadonlyArray<number>): NoiseFloor => {
  const rows = first.length
  const differing = first.filter((score, at) => score !== second[at]).length
  return { rows, discordant: rows === 0 ? 0 : differing / rows, interval: wilsonInterval(differing, rows) }
}
