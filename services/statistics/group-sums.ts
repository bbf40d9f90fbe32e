/**
 * Scores of the same rows by two models, summed by group. Rows of one group resemble each other, since they come from the
 * same files, so it is groups that are drawn by chance, and not rows.
 */

/** What two models scored on one row; where a row was asked several times, the means. */
export interface PairedScore {
  readonly group: string
  readonly before: number
  readonly after: number
}

/** The gains of a set of rows, by group. */
export interface GroupSums {
  /** Sum of the gains of each group. */
  readonly gains: Float64Array
  /** How many rows each group has. */
  readonly rows: Float64Array
  /** Number of rows of all groups. */
  readonly rowCount: number
  /** Mean gain of a row; 0 where there is none. */
  readonly gain: number
}

/** Sums gains by group. */
export const sumByGroup = (scores: ReadonlyArray<PairedScore>): GroupSums => {
  const places = new Map<string, number>()
  for (const { group } of scores) if (!places.has(group)) places.set(group, places.size)
  const gains = new Float64Array(places.size)
  const rows = new Float64Array(places.size)
  let total = 0
  for (const { after, before, group } of scores) {
    const place = places.get(group) ?? 0
    gains[place] = (gains[place] ?? 0) + after - before
    rows[place] = (rows[place] ?? 0) + 1
    total += after - before
  }
  return { gains, rows, rowCount: scores.length, gain: scores.length === 0 ? 0 : total / scores.length }
}

/**
 * Returns for each row the name of its group where groups are named in two ways, such as files that belong together and
 * commits: the way that makes fewer groups. A way that leaves a row without a name is no choice.
 */
export const coarserGroups = (one: ReadonlyArray<string>, other: ReadonlyArray<string>): ReadonlyArray<string> => {
  if (one.includes("")) return other
  return other.includes("") || new Set(one).size <= new Set(other).size ? one : other
}
