/** Edits of a text, line by line. */
import { lineDiff } from "../text/diff.ts"
import { joinLines, type LineText } from "../text/lines.ts"

/** Lines [start, start + removed.length) of the old text, from 0, become `added`. */
export interface LineChange {
  readonly start: number
  readonly removed: ReadonlyArray<string>
  readonly added: ReadonlyArray<string>
}

/** Changes in order; no two of them touch. */
export type LineEdit = ReadonlyArray<LineChange>

/** The edit does not fit the text, or is not written as an edit should be. */
export class DoesNotApply extends Error {}

/** Returns the lines after the edit. Throws DoesNotApply where the text does not hold a line that is removed. */
export const applyEdit = (lines: ReadonlyArray<string>, edit: LineEdit): ReadonlyArray<string> => {
  const result: Array<string> = []
  let at = 0
  for (const { added, removed, start } of edit) {
    if (start < at || start + removed.length > lines.length) throw new DoesNotApply(`there is no line ${start + 1}`)
    for (; at < start; at++) result.push(lines[at] ?? "")
    for (const line of removed) {
      if (lines[at] !== line) throw new DoesNotApply(`line ${at + 1} is not what is removed`)
      at++
    }
    for (const line of added) result.push(line)
  }
  for (; at < lines.length; at++) result.push(lines[at] ?? "")
  return result
}

/**
 * Returns the edit that adds the lines `added` of a program to the lines `kept`; both are line numbers, ascending.
 *
 * @example
 * insertion(["a", "b"], [0], [1]) // [{ start: 1, removed: [], added: ["b"] }]
 */
export const insertion = (
  program: ReadonlyArray<string>,
  kept: ReadonlyArray<number>,
  added: ReadonlyArray<number>
): LineEdit => {
  const edit: Array<
    { readonly start: number; readonly removed: ReadonlyArray<string>; readonly added: Array<string> }
  > = []
  let at = 0
  for (const line of added) {
    while (at < kept.length && (kept[at] ?? 0) < line) at++
    const last = edit[edit.length - 1]
    if (last?.start === at) last.added.push(program[line] ?? "")
    else edit.push({ start: at, removed: [], added: [program[line] ?? ""] })
  }
  return edit
}

/**
 * Returns an edit that turns one text into another, by their common lines. A last line that only gains or loses its
 * end counts as changed.
 */
export const editBetween = (before: LineText, after: LineText): LineEdit => {
  const old = joinLines(before)
  const now = joinLines(after)
  const oldLine = lineCounter(old)
  const newLine = lineCounter(now)
  return lineDiff(old, now).map((hunk) => {
    const start = oldLine(hunk.old.start)
    const from = newLine(hunk.new.start)
    return {
      start,
      removed: before.lines.slice(start, oldLine(hunk.old.end)),
      added: after.lines.slice(from, newLine(hunk.new.end))
    }
  })
}

/** Returns what tells how many lines begin before an offset, for offsets that grow from call to call. */
const lineCounter = (text: string): (offset: number) => number => {
  let line = 0
  let at = 0
  return (offset) => {
    while (at < offset) {
      const end = text.indexOf("\n", at)
      at = end === -1 ? text.length : end + 1
      line++
    }
    return line
  }
}
