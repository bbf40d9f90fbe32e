/**
 * What a user did, as events: typing in one place is one event, however many keys it took, and the next place begins
 * another. Rows from history and editors that type go through the same log, so that a model meets what it was trained on.
 * Source of the figures: Zed's edit prediction, July 2026.
 */
import { lineDiff } from "../text/diff.ts"
import { lineAt, lineStartsOf } from "../text/span.ts"
import type { EditEvent } from "./example.ts"

/** Events that are kept. */
const keptEvents = 10
/** Typing that is so many lines away from the last of it belongs to the same event. */
const nearLines = 8
/** A pause of this length ends an event. Milliseconds. */
const pauseMillis = 1000
/** A change of more than this says little of what comes next, and takes the room of what does. UTF-16 units. */
const largestChange = 6144
/** What the texts of all events may hold together; the oldest go first. UTF-16 units. */
const mostHeld = 32 * 1024 * 1024

/** The events of one session of editing. It holds state: make one for each. */
export interface EditLog {
  /** Tells of a file that is `after` now and was `before`; `millis` is when, and only needs to grow. */
  readonly edited: (path: string, before: string, after: string, millis: number) => void
  /** Returns the events, oldest first; what was undone again is none. */
  readonly events: () => ReadonlyArray<EditEvent>
  /** Returns a log that goes on from here by itself. */
  readonly copy: () => EditLog
}

interface OpenEvent extends EditEvent {
  readonly millis: number
  /** Lines of `after` that the last typing touched. */
  readonly near: { readonly from: number; readonly to: number }
}

/** Makes an empty log; `most` is what its texts may hold together. */
export const makeEditLog = (most = mostHeld): EditLog => logFrom([], most)

const logFrom = (start: ReadonlyArray<OpenEvent>, most: number): EditLog => {
  let kept = start
  return {
    edited: (path, before, after, millis) => {
      const touched = touchedLines(before, after)
      if (touched === undefined) return
      const last = kept.at(-1)
      if (last !== undefined && belongs(last, path, before, touched, millis)) {
        kept = within(most, [...kept.slice(0, -1), { ...last, after, millis, near: touched }])
      } else kept = within(most, [...kept, { path, before, after, millis, near: touched }].slice(-keptEvents))
    },
    events: () =>
      kept.filter((event) => {
        const length = changeLength(event)
        return length > 0 && length <= largestChange
      }).map(({ after, before, path }) => ({ path, before, after })),
    copy: () => logFrom(kept, most)
  }
}

/** Returns the newest events whose texts together hold no more than `most`. */
const within = (most: number, events: ReadonlyArray<OpenEvent>): ReadonlyArray<OpenEvent> => {
  let held = 0
  const last = events.findLastIndex(({ after, before }) => (held += before.length + after.length) > most)
  return events.slice(last + 1)
}

const belongs = (
  last: OpenEvent,
  path: string,
  before: string,
  touched: { readonly from: number; readonly to: number },
  millis: number
): boolean =>
  last.path === path && last.after === before && millis - last.millis < pauseMillis &&
  touched.from <= last.near.to + nearLines && touched.to >= last.near.from - nearLines

const touchedLines = (before: string, after: string) => {
  const hunks = lineDiff(before, after)
  const [first, last] = [hunks[0], hunks.at(-1)]
  if (first === undefined || last === undefined) return undefined
  const starts = lineStartsOf(after)
  return { from: lineAt(starts, first.new.start), to: lineAt(starts, Math.max(first.new.start, last.new.end - 1)) }
}

/** Of an event; it is asked for at every key, and most events stay as they are. */
const changeLengths = new WeakMap<EditEvent, number>()

const changeLength = (event: EditEvent): number => {
  const length = changeLengths.get(event) ??
    lineDiff(event.before, event.after).reduce(
      (sum, { new: come, old }) => sum + (old.end - old.start) + (come.end - come.start),
      0
    )
  changeLengths.set(event, length)
  return length
}
