/** `--limit`: rows are drawn by what they ask, so that neither files nor their order matter. */
import { unitInterval } from "../../services/text/random.ts"

/** Draws rows one by one, so that a smaller set is part of a larger one; the ids differ from each other. */
export const drawnIds = (ids: ReadonlyArray<string>, limit: number, seed: number): ReadonlySet<string> => {
  if (ids.length <= limit) return new Set(ids)
  const ranked = ids.map((id) => ({ id, rank: unitInterval("evaluate", seed, id) }))
  return new Set(ranked.toSorted((a, b) => a.rank - b.rank).slice(0, limit).map(({ id }) => id))
}
