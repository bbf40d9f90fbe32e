/** How the split came out: the share of train that was asked for, and what the rows and the groups came to. */
import type { Side, SplitOutcome } from "../../../services/history/split.ts"

/** Shares of train, from 0 to 1; null where there is nothing to take a share of. */
export interface Shares {
  /** Null for a split in time. */
  readonly asked: number | null
  readonly rows: number | null
  readonly groups: number | null
  readonly group_counts: Readonly<Record<Side, number>>
}

/** Returns the shares that a split came to, given the rows of each side. */
export const sharesOf = (
  asked: number | null,
  { groups }: SplitOutcome,
  rows: Readonly<Record<Side, number>>
): Shares => ({
  asked,
  rows: shareOf(rows),
  groups: shareOf(groups),
  group_counts: groups
})

const shareOf = ({ held, train }: Readonly<Record<Side, number>>): number | null =>
  held + train === 0 ? null : Number((train / (held + train)).toFixed(4))

const percent = (share: number | null): string => share === null ? "none" : `${Number((100 * share).toFixed(1))} %`

/** A line on the shares, for the end of a run and for the card of its dataset. */
export const sharesLine = ({ asked, groups, rows }: Omit<Shares, "group_counts">): string =>
  `split${asked === null ? " in time" : ""}: ${percent(rows)} of rows and ${percent(groups)} of groups in train` +
  (asked === null ? "" : `, ${percent(asked)} asked for`)

/** A share of rows that is this far from the one asked for is worth a warning. */
const tolerated = 0.02

/** Says why the share of rows is not the one asked for, and what helps; null where it is near enough. */
export const warningAgainst = ({ asked, rows }: Shares, { groups, heaviest, planned }: SplitOutcome): string | null => {
  if (asked === null) {
    const empty = groups.held === 0 ? "held out" : groups.train === 0 ? "trained on" : ""
    return empty === "" ? null : `nothing is ${empty}: all commits in range lie on one side of the moment of the split`
  }
  if (rows === null || asked === 0 || asked === 1 || isShareNear(rows, asked)) return null
  const told = `${percent(rows)} of the rows are in train, although ${percent(asked)} were asked for`
  if (planned === null || heaviest === null || isShareNear(planned, asked)) {
    return `${told}: some groups gave more or fewer rows than their sizes promised; try another --seed`
  }
  const count = groups.train + groups.held
  if (count === 1) {
    return `${told}: there is only one group of files, and it stays whole; read more files or repositories`
  }
  return `${told}: groups of files stay whole, there are ${count} of them, and the largest, ${heaviest.name}, makes up ` +
    `${percent(heaviest.share)}; read more files or repositories, or try another --seed`
}

/** Whether a share of train is near enough to the one that was asked for. */
export const isShareNear = (share: number, asked: number): boolean => Math.abs(share - asked) <= tolerated
