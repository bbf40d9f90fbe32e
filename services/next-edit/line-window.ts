/** Windows of lines around the cursor, and what stood in one before the last thing that the user did. */
import { lineDiff } from "../text/diff.ts"
import type { EditEvent, EditMoment } from "./example.ts"
import { rowAt, type RowRange, type Rows, spanOfRows } from "./rows.ts"

/** Returns so many rows above and below the cursor, and its own; an empty row behind the last line end is no line. */
export const rowsAround = (rows: Rows, cursor: number, above: number, below: number): RowRange => {
  const row = rowAt(rows, cursor)
  const last = rows.count > 1 && rows.starts[rows.count - 1] === rows.text.length ? rows.count - 1 : rows.count
  return { from: Math.max(0, row - above), to: Math.max(row + 1, Math.min(last, row + below + 1)) }
}

/** Returns what stood in a window before an event of the same file, with all that the event changed in it undone. */
export const windowBefore = (rows: Rows, window: RowRange, event: EditEvent | undefined): string => {
  const { end, start } = spanOfRows(rows, window)
  if (event === undefined || event.after !== rows.text) return rows.text.slice(start, end)
  let out = ""
  let at = start
  for (const hunk of lineDiff(event.before, event.after)) {
    const touches = hunk.new.start <= end && hunk.new.end >= start && !(hunk.new.start === end + 1)
    if (!touches) continue
    const from = Math.max(hunk.new.start, at)
    out += rows.text.slice(at, from) + event.before.slice(hunk.old.start, hunk.old.end)
    at = Math.max(from, hunk.new.end)
  }
  // A last row that changed came with its line end, which the window leaves out.
  return at <= end ? out + rows.text.slice(at, end) : out.replace(/\n$/, "")
}

/** Returns the last event if it changed the file at hand into what the user sees. */
export const lastEventHere = ({ events, file }: EditMoment): EditEvent | undefined => {
  const last = events.at(-1)
  return last !== undefined && last.path === file.path && last.after === file.text ? last : undefined
}

/** What an event changed: a stretch of lines before and after it, with some lines around. */
export interface ChangedStretch {
  readonly before: string
  readonly after: string
  /** Numbers of the first and last line of the stretch as it is after the event, from 1. */
  readonly from: number
  readonly to: number
}

/** Returns the stretch of lines that an event changed, from its first change to its last; undefined for none. */
export const changedStretch = ({ after, before }: EditEvent): ChangedStretch | undefined => {
  const hunks = lineDiff(before, after)
  const [first, last] = [hunks[0], hunks.at(-1)]
  if (first === undefined || last === undefined) return undefined
  const from = lineEnds(after, 0, first.new.start) + 1
  const text = after.slice(first.new.start, last.new.end)
  return {
    before: withoutLastEnd(before.slice(first.old.start, last.old.end)),
    after: withoutLastEnd(text),
    from,
    to: from + Math.max(0, lineEnds(text, 0, text.length) - (text.endsWith("\n") ? 1 : 0))
  }
}

const withoutLastEnd = (text: string): string => text.replace(/\n$/, "")

const lineEnds = (text: string, start: number, end: number): number => {
  let count = 0
  for (let at = text.indexOf("\n", start); at !== -1 && at < end; at = text.indexOf("\n", at + 1)) count++
  return count
}
