/**
 * An edit prediction from history: the file as it stood while the commit was being typed, and what came next.
 * Hunks before the cut are done and appear as events; hunks behind it have not happened yet.
 */
import { type ZedEvent, zedEventLength, type ZedExample, zedFrameLength } from "../../services/formats/zed.ts"
import { unifiedHunks } from "../../services/next-edit/event-diff.ts"
import { applyHunks, differingMiddle, type Hunk, lineDiff } from "../../services/text/diff.ts"
import { countLines, endOfLine, isBlank, isOverlapping, linesUp, type Span } from "../../services/text/span.ts"
import type { CutLimits } from "../../services/cuts/cut.ts"
import { keepEnd, keepStart } from "../../services/formats/fit-infill.ts"

export interface ZedRequest {
  readonly path: string
  readonly oldPath: string
  readonly before: string
  readonly after: string
  readonly hunks: ReadonlyArray<Hunk>
  /** The middle in `after`; it shares text with at least one hunk. */
  readonly middle: Span
  readonly limits: CutLimits
  /** Whether the middle is to be typed into text that holds all else of its hunk, even where it replaced something. */
  readonly asInsertion: boolean
  /** UTF-16 units of prompt and completion together. */
  readonly total: number
}

export interface ZedCut {
  readonly example: ZedExample
  /** The region after the edit with another text in the middle's place. */
  readonly rewrittenWith: (middle: string) => string
  /** The whole file around the cursor, as the user sees it. */
  readonly prefix: string
  readonly suffix: string
  readonly prefixCut: number
  readonly suffixCut: number
}

/** Whole lines around the change that the editable region holds. */
const regionMargin = 3

/** The part of the room beside the region that events may take. */
const eventShare = 1 / 3

/** Context lines around a hunk in an event. */
const diffContext = 3

/** Returns the example, or undefined when its region alone is too long. */
export const zedExample = (request: ZedRequest): ZedCut | undefined => {
  const { after, before, hunks, middle, path } = request
  const first = hunks.findIndex((hunk) => isOverlapping(hunk.new, middle))
  const last = hunks.findLastIndex((hunk) => isOverlapping(hunk.new, middle))
  const firstHunk = hunks[first]
  const lastHunk = hunks[last]
  if (firstHunk === undefined || lastHunk === undefined) return undefined
  const target = applyHunks(before, after, hunks, last + 1)
  const change = !request.asInsertion && isReplacement(request, firstHunk, lastHunk)
    ? replacementOf(request, first, firstHunk, lastHunk)
    : {
      state: target.slice(0, middle.start) + target.slice(middle.end),
      old: { start: middle.start, end: middle.start },
      new: middle
    }
  const { state } = change

  // The middle may hold lines that the change left alone: the region reaches around them too.
  const start = linesUp(state, Math.min(change.old.start, middle.start), regionMargin)
  // Behind the change both texts are the same, so an end in one is an end in the other.
  const shift = change.new.end - change.old.end
  const isWholeLines = endsLine(state, change.old) && endsLine(target, change.new)
  const isBeyond = middle.end > change.new.end - (isWholeLines ? 1 : 0)
  const endsLines = !isBeyond && isWholeLines
  const reach = isBeyond ? middle.end - shift : change.old.end - (endsLines ? 1 : 0)
  const lineEnd = linesDown(state, reach, regionMargin)
  // A middle may end between "\r" and "\n"; then the "\r" is its own.
  const isCarriage = lineEnd + shift > middle.end && state.charCodeAt(lineEnd - 1) === 13 &&
    target.charCodeAt(lineEnd + shift - 1) === 13
  const end = isCarriage ? lineEnd - 1 : lineEnd
  const targetEnd = end + shift
  const region = state.slice(start, end)
  const rewritten = target.slice(start, targetEnd)
  const room = request.total - zedFrameLength(path) - region.length - rewritten.length
  if (room < 0) return undefined

  const events = keepNewest(eventsOf(request, first, applyHunks(before, after, hunks, first), state), room * eventShare)
  const left = room - events.reduce((sum, event) => sum + zedEventLength(event), 0)
  const above = keepEnd(state.slice(0, start), Math.max(Math.floor(left * 0.75), left - (state.length - end)))
  const below = withoutLastEnd(keepStart(state.slice(end), left - above.length))
  const cursor = cursorIn(region, rewritten)
  return {
    example: {
      path,
      events,
      startsFile: above.length === start,
      before: above,
      region,
      cursor,
      after: below,
      rewritten
    },
    rewrittenWith: (other) => target.slice(start, middle.start) + other + target.slice(middle.end, targetEnd),
    prefix: state.slice(0, start + cursor),
    suffix: state.slice(start + cursor),
    prefixCut: start - above.length,
    suffixCut: state.length - end - below.length
  }
}

interface Change {
  /** The text that the user sees. */
  readonly state: string
  /** What of it becomes `new` of the target. */
  readonly old: Span
  readonly new: Span
}

/** Whether the touched hunks put new text in the place of old, and are small enough to be asked for as a whole. */
const isReplacement = ({ after, before, limits }: ZedRequest, first: Hunk, last: Hunk): boolean => {
  const added = after.slice(first.new.start, last.new.end)
  return added.length <= limits.maxChars && countLines(added) <= limits.maxLines &&
    !isBlank(before.slice(first.old.start, last.old.end))
}

const replacementOf = ({ after, before, hunks }: ZedRequest, first: number, from: Hunk, to: Hunk): Change => {
  const state = applyHunks(before, after, hunks, first)
  const start = from.new.start
  return {
    state,
    old: { start, end: start + to.old.end - from.old.start },
    new: { start, end: to.new.end }
  }
}

/** The cursor stands where the edit begins, or at the start of the region when nothing differs. */
const cursorIn = (region: string, rewritten: string): number => {
  const { head } = differingMiddle(region, rewritten)
  const splitsPair = head > 0 && head < region.length && (region.charCodeAt(head) & 0xfc00) === 0xdc00
  return Math.min(splitsPair ? head - 1 : head, region.length)
}

/** The end of the line `count` lines below the one of `offset`, before its "\n". */
const linesDown = (text: string, offset: number, count: number): number => {
  let end = endOfLine(text, offset)
  for (let line = 0; line < count && end + 1 < text.length; line++) end = endOfLine(text, end + 1)
  return end
}

/** Whether a span holds whole lines, its last line end with them. */
const endsLine = (text: string, span: Span): boolean => span.end > span.start && text.charCodeAt(span.end - 1) === 10

const withoutLastEnd = (text: string): string => text.replace(/\r?\n$/, "")

const eventsOf = (request: ZedRequest, first: number, begun: string, state: string): ReadonlyArray<ZedEvent> => {
  const { after, before, hunks, oldPath, path } = request
  const events: Array<ZedEvent> = []
  if (oldPath !== path) events.push({ _tag: "renamed", oldPath, path })
  // Above a hunk the file is as after it, below it as before: that is how far typing has come.
  const tell = (from: string, to: string, hunk: Hunk) => {
    const begun = to.slice(0, hunk.new.start) + from.slice(hunk.old.start)
    const done = to.slice(0, hunk.new.end) + from.slice(hunk.old.end)
    const old = { start: hunk.new.start, end: hunk.new.start + hunk.old.end - hunk.old.start }
    events.push({ _tag: "edited", path, diff: unifiedHunks(begun, done, [{ old, new: hunk.new }], diffContext) })
  }
  for (const hunk of hunks.slice(0, first)) tell(before, after, hunk)
  // What of the touched hunk is typed already.
  for (const hunk of lineDiff(begun, state)) tell(begun, state, hunk)
  return events
}

/** The newest events that fit into `room`. */
const keepNewest = (events: ReadonlyArray<ZedEvent>, room: number): ReadonlyArray<ZedEvent> => {
  let left = room
  let from = events.length
  while (from > 0) {
    const event = events[from - 1]
    if (event === undefined || zedEventLength(event) > left) break
    left -= zedEventLength(event)
    from--
  }
  return events.slice(from)
}
