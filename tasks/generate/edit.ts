/** What a commit did to one file, seen from the places where it may be cut. */
import { differingMiddle, type Hunk } from "../../services/text/diff.ts"
import { isBlank, isOverlapping, lineStartsOf, type Span, trimSpan } from "../../services/text/span.ts"
import { haveEqualTokens } from "./negatives.ts"

export interface FileEdit {
  readonly before: string
  readonly after: string
  readonly hunks: ReadonlyArray<Hunk>
}

/** Returns the spans of `after` that the commit wrote: changed parts of changed lines, whole new lines. */
export const addedSpans = (edit: FileEdit): ReadonlyArray<Span> => edit.hunks.flatMap((hunk) => addedIn(edit, hunk))

const addedIn = ({ after, before }: FileEdit, hunk: Hunk): ReadonlyArray<Span> => {
  const oldText = before.slice(hunk.old.start, hunk.old.end)
  const newText = after.slice(hunk.new.start, hunk.new.end)
  if (isBlank(newText) || haveEqualTokens(oldText, newText)) return []
  const pairs = pairedLines(oldText, newText)
  if (pairs === undefined) return [trimSpan(after, hunk.new)]
  return pairs.flatMap(({ newLine, old, text }) => {
    if (isBlank(text) || haveEqualTokens(old, text)) return []
    const { head, tail } = differingMiddle(old, text)
    const start = hunk.new.start + newLine
    const changed = trimSpan(after, { start: start + head, end: start + text.length - tail })
    // Where something was only taken away, the whole line is what was written.
    return [changed.end > changed.start ? changed : trimSpan(after, { start, end: start + text.length })]
  })
}

interface LinePair {
  readonly old: string
  readonly text: string
  /** Offsets of the lines in their hunk's texts. */
  readonly oldLine: number
  readonly newLine: number
}

/** Lines of a hunk side by side, when there are as many of them on both sides. */
const pairedLines = (oldText: string, newText: string): ReadonlyArray<LinePair> | undefined => {
  const oldStarts = lineOffsets(oldText)
  const newStarts = lineOffsets(newText)
  if (oldStarts.length !== newStarts.length || oldText === "") return undefined
  return oldStarts.map((oldLine, index) => {
    const newLine = newStarts[index] ?? 0
    return {
      old: oldText.slice(oldLine, oldStarts[index + 1] ?? oldText.length),
      text: newText.slice(newLine, newStarts[index + 1] ?? newText.length),
      oldLine,
      newLine
    }
  })
}

const lineOffsets = (text: string): ReadonlyArray<number> => {
  const starts = lineStartsOf(text)
  return text.endsWith("\n") ? starts.slice(0, -1) : starts
}

/** Whether nothing but white space changed. */
export const isWhiteSpaceOnly = (edit: FileEdit): boolean =>
  edit.hunks.every((hunk) =>
    haveEqualTokens(
      edit.before.slice(hunk.old.start, hunk.old.end),
      edit.after.slice(hunk.new.start, hunk.new.end)
    )
  )

/**
 * Returns the text that stood where `middle` stands in `after`, so that with it the same prefix and suffix are
 * those of the old file; null where the commit changed them too, or replaced nothing.
 */
export const oldMiddleOf = (edit: FileEdit, middle: Span): string | null => {
  if (!edit.hunks.some((hunk) => isOverlapping(hunk.new, middle))) return null
  const start = oldOffsetOf(edit, middle.start)
  const end = oldOffsetOf(edit, middle.end)
  if (start === undefined || end === undefined || end <= start) return null
  const old = edit.before.slice(start, end)
  return isBlank(old) ? null : old
}

const oldOffsetOf = ({ after, before, hunks }: FileEdit, offset: number): number | undefined => {
  let shift = 0
  for (const hunk of hunks) {
    if (offset < hunk.new.start) break
    if (offset <= hunk.new.end && hunk.new.end > hunk.new.start) {
      const oldText = before.slice(hunk.old.start, hunk.old.end)
      const newText = after.slice(hunk.new.start, hunk.new.end)
      const inside = alignedOffset(oldText, newText, offset - hunk.new.start)
      return inside === undefined ? undefined : hunk.old.start + inside
    }
    shift = hunk.old.end - hunk.new.end
  }
  return offset + shift
}

/** An offset of the new text in the old one, when it lies in what both begin or end with. */
const alignedOffset = (oldText: string, newText: string, offset: number): number | undefined => {
  const pair = pairedLines(oldText, newText)?.findLast(({ newLine }) => newLine <= offset)
  const old = pair?.old ?? oldText
  const text = pair?.text ?? newText
  const within = offset - (pair?.newLine ?? 0)
  const { head, tail } = differingMiddle(old, text)
  if (within <= head) return (pair?.oldLine ?? 0) + within
  if (text.length - within <= tail) return (pair?.oldLine ?? 0) + old.length - (text.length - within)
  return undefined
}
