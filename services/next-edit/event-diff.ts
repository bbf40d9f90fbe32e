/** Events as unified diffs, in the ways in which dialects write them. */
import { type Hunk, lineDiff } from "../text/diff.ts"
import { endOfLine, linesUp } from "../text/span.ts"
import type { EditEvent } from "./example.ts"

/** Lines around a change. */
interface DiffAround {
  readonly context: number
}

/**
 * Returns the hunks of an event, each with its header "@@ -1,3 +1,3 @@", joined by "\n" and without a last line end; ""
 * where nothing changed. Hunks whose contexts meet are one.
 */
export const hunksOfEvent = ({ after, before }: EditEvent, { context }: DiffAround): string =>
  joinedHunks(before, lineDiff(before, after), context).map((hunks) => unifiedHunks(before, after, hunks, context))
    .join(
      "\n"
    )

/**
 * Returns the hunks of a unified diff as the lines before and after each; each line has its end. `path` is that of the
 * hunks above which none is written.
 */
export const eventsOfDiff = (diff: string, path = ""): ReadonlyArray<EditEvent> => {
  const lines = diff.split("\n")
  const events: Array<EditEvent> = []
  let here = path
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ""
    here = /^--- a\/([^]*)$/.exec(line)?.[1] ?? here
    const header = hunkHeader.exec(line)
    if (header === null) continue
    const left = { old: Number(header[1] ?? 1), new: Number(header[2] ?? 1) }
    const text = { before: "", after: "" }
    while ((left.old > 0 || left.new > 0) && at + 1 < lines.length) {
      const line = lines[++at] ?? ""
      if (!line.startsWith("+")) {
        text.before += `${line.slice(1)}\n`
        left.old--
      }
      if (!line.startsWith("-")) {
        text.after += `${line.slice(1)}\n`
        left.new--
      }
    }
    events.push({ path: here, ...text })
  }
  return events
}

const hunkHeader = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/

const linesDown = (text: string, offset: number, count: number): number => {
  let end = offset
  for (let line = 0; line < count && end < text.length; line++) end = Math.min(text.length, endOfLine(text, end) + 1)
  return end
}

const joinedHunks = (
  before: string,
  hunks: ReadonlyArray<Hunk>,
  context: number
): ReadonlyArray<ReadonlyArray<Hunk>> => {
  const joined: Array<Array<Hunk>> = []
  let reach = -1
  for (const hunk of hunks) {
    const last = joined.at(-1)
    if (last !== undefined && linesUp(before, hunk.old.start, context) <= reach) last.push(hunk)
    else joined.push([hunk])
    reach = linesDown(before, hunk.old.end, context)
  }
  return joined
}

/**
 * Returns hunks of two texts, which are near each other, as one of a unified diff, with so many lines around them and
 * without a last line end.
 */
export const unifiedHunks = (before: string, after: string, hunks: ReadonlyArray<Hunk>, context: number): string => {
  const [first, last] = [hunks[0], hunks.at(-1)]
  if (first === undefined || last === undefined) return ""
  const from = linesUp(before, first.old.start, context)
  const to = linesDown(before, last.old.end, context)
  const out: Array<string> = []
  let [old, fresh] = [0, 0]
  const put = (sign: " " | "-" | "+", text: string) => {
    for (const line of linesIn(text)) {
      out.push(sign + line)
      if (sign !== "+") old++
      if (sign !== "-") fresh++
    }
  }
  let at = from
  for (const hunk of hunks) {
    put(" ", before.slice(at, hunk.old.start))
    put("-", before.slice(hunk.old.start, hunk.old.end))
    put("+", after.slice(hunk.new.start, hunk.new.end))
    at = hunk.old.end
  }
  put(" ", before.slice(at, to))
  const newFrom = first.new.start - (first.old.start - from)
  const rangeOf = (text: string, start: number, count: number) =>
    `${lineEndsIn(text, start) + (count === 0 ? 0 : 1)},${count}`
  return [`@@ -${rangeOf(before, from, old)} +${rangeOf(after, newFrom, fresh)} @@`, ...out].join("\n")
}

const linesIn = (text: string): ReadonlyArray<string> => {
  if (text === "") return []
  const lines = text.split("\n")
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines
}

const lineEndsIn = (text: string, end: number): number => {
  let count = 0
  for (let at = text.indexOf("\n"); at !== -1 && at < end; at = text.indexOf("\n", at + 1)) count++
  return count
}
