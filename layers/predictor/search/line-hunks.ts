/** What an edit does to whole lines, from top to bottom: it deletes, inserts, or changes them one by one. */
import { differingMiddle, lineDiff } from "../../../services/text/diff.ts"
import { differencesIn } from "./differences.ts"

export type Site =
  | { readonly _tag: "change"; readonly at: number; readonly old: string; readonly now: string }
  | { readonly _tag: "delete"; readonly at: number; readonly count: number }
  | { readonly _tag: "insert"; readonly at: number; readonly lines: ReadonlyArray<string> }

export interface LineHunk {
  /** Number of its first line in the new text, from 0, which is where it stands once all hunks above are done. */
  readonly at: number
  /** Number of its first line in the old text. */
  readonly oldAt: number
  readonly removed: ReadonlyArray<string>
  readonly added: ReadonlyArray<string>
}

/** The lines of a buffer, without their ends. */
export type Lines = ReadonlyArray<string>

export const lineHunks = (old: Lines, now: Lines): ReadonlyArray<LineHunk> => {
  const before = old.map((line) => `${line}\n`).join("")
  const after = now.map((line) => `${line}\n`).join("")
  const count = (text: string, end: number): number => text.slice(0, end).split("\n").length - 1
  return lineDiff(before, after).map((hunk) => {
    const [oldAt, oldEnd] = [count(before, hunk.old.start), count(before, hunk.old.end)]
    const [at, end] = [count(after, hunk.new.start), count(after, hunk.new.end)]
    return { at, oldAt, removed: old.slice(oldAt, oldEnd), added: now.slice(at, end) }
  })
}

/** Returns about how many keys it takes to turn one line into another. */
export const distance = (old: string, now: string): number => {
  if (old === now) return 0
  let keys = 1
  for (const { newEnd, newStart, oldEnd, oldStart } of differencesIn(old, now)) {
    keys += 3 + newEnd - newStart + (oldEnd > oldStart ? 1 : 0)
  }
  return Math.min(keys, now.length + 3)
}

/** Larger hunks are not aligned line by line, and in all but the smallest, lines are compared by their ends only. */
const mostCells = 2500
const closeCells = 150

/** The same as `distance`, roughly, for a comparison of many lines with many. */
const roughDistance = (old: string, now: string): number => {
  if (old === now) return 0
  const { head, tail } = differingMiddle(old, now)
  return Math.min(4 + now.length - head - tail, now.length + 3)
}

/**
 * Aligns the lines of a hunk as cheaply as it can; returns sites in order, numbered as they are when each is reached.
 */
export const sitesOf = ({ added, at, removed }: LineHunk): ReadonlyArray<Site> => {
  if (removed.length * added.length > mostCells) return []
  const rows = removed.length + 1
  const columns = added.length + 1
  const cost = Array.from({ length: rows }, () => new Float64Array(columns))
  const compare = removed.length * added.length > closeCells ? roughDistance : distance
  const change = removed.map((old) => added.map((now) => compare(old, now)))
  for (let i = rows - 1; i >= 0; i--) {
    const row = cost[i] ?? new Float64Array()
    const below = cost[i + 1] ?? new Float64Array()
    for (let j = columns - 1; j >= 0; j--) {
      if (i === rows - 1 && j === columns - 1) continue
      row[j] = Math.min(
        i < removed.length ? (below[j] ?? 0) + 2 : Infinity,
        j < added.length ? (row[j + 1] ?? 0) + (added[j] ?? "").length + 2 : Infinity,
        i < removed.length && j < added.length ? (below[j + 1] ?? 0) + (change[i]?.[j] ?? 0) : Infinity
      )
    }
  }
  const sites: Array<Site> = []
  let [i, j] = [0, 0]
  while (i < removed.length || j < added.length) {
    const here = cost[i]?.[j] ?? 0
    const last = sites.at(-1)
    if (
      i < removed.length && j < added.length && here === (cost[i + 1]?.[j + 1] ?? 0) + (change[i]?.[j] ?? 0)
    ) {
      const [old = "", now = ""] = [removed[i], added[j]]
      if (old !== now) sites.push({ _tag: "change", at: at + j, old, now })
      i++
      j++
    } else if (i < removed.length && here === (cost[i + 1]?.[j] ?? 0) + 2) {
      if (last?._tag === "delete" && last.at === at + j) sites[sites.length - 1] = { ...last, count: last.count + 1 }
      else sites.push({ _tag: "delete", at: at + j, count: 1 })
      i++
    } else {
      const line = added[j] ?? ""
      if (last?._tag === "insert" && last.at + last.lines.length === at + j) {
        sites[sites.length - 1] = { ...last, lines: [...last.lines, line] }
      } else sites.push({ _tag: "insert", at: at + j, lines: [line] })
      j++
    }
  }
  return sites
}
