/**
 * Wrong answers of the kinds that models of next edits give: they take back what the user just did, do more than is due,
 * do the right thing in the wrong place, edit where nothing is left to do, do nothing where something is, or answer to an
 * earlier state of the file.
 */
import { type Dialect, notReadBack } from "../../../services/next-edit/dialect.ts"
import { doneWithin } from "../../../services/next-edit/commit-edits.ts"
import { importsIn } from "../../../services/next-edit/import-lines.ts"
import type { MinedEdit } from "../../../services/next-edit/mine.ts"
import { differingMiddle, type Hunk, lineDiff } from "../../../services/text/diff.ts"
import { drawIndex, type Random } from "../../../services/text/random.ts"
import {
  countLines,
  endOfLine,
  isBlank,
  isOverlapping,
  type Span,
  startOfLine,
  trimSpan
} from "../../../services/text/span.ts"
import { haveEqualTokens } from "../negatives.ts"
import type { RightFile } from "./right-file.ts"

/** The ways to go wrong. */
export const wrongEditKinds = [
  "undo",
  "over-edit",
  "wrong place",
  "edit where none is due",
  "none where one is due",
  "stale"
] as const
/** A way to go wrong. */
export type WrongEditKind = typeof wrongEditKinds[number]

/** How often each way is drawn, where an example has it. */
export type WrongEditShares = Readonly<Record<WrongEditKind, number>>

/** How often each way is drawn, where nobody says another. */
export const usualWrongEdits: WrongEditShares = {
  undo: 1,
  "over-edit": 2,
  "wrong place": 2,
  "edit where none is due": 1,
  "none where one is due": 1,
  stale: 1
}

export interface WrongEditRequest {
  readonly edit: MinedEdit
  readonly dialect: Dialect
  readonly shares: WrongEditShares
  /** The file after the right edit. */
  readonly right: Pick<RightFile, "spoil" | "parsesAsWell">
  readonly random: Random
}

/** A wrong answer. */
export interface WrongEdit {
  readonly operator: WrongEditKind
  readonly completion: string
}

/** Proposals drawn of one kind before it is given up: many lines cannot be spoiled. */
const drawsPerKind = 6

/** Returns a wrong answer, and how many proposals were refused for each reason; undefined where no kind had one. */
export const wrongEditOf = (
  request: WrongEditRequest
): { readonly wrong: WrongEdit | undefined; readonly refused: Readonly<Record<string, number>> } => {
  const { dialect, edit: { example }, random, shares } = request
  const refused: Record<string, number> = {}
  const refuse = (reason: string) => {
    refused[reason] = (refused[reason] ?? 0) + 1
  }
  const left = new Set(wrongEditKinds)
  while (left.size > 0) {
    const kinds = [...left]
    const kind = kinds[drawIndex(random, kinds.map((one) => shares[one])) ?? -1]
    if (kind === undefined) break
    left.delete(kind)
    for (let draw = 0; draw < drawsPerKind; draw++) {
      const text = proposals[kind](request)
      if (text === undefined) continue
      if (isSameButForSpace(example.wanted, text)) {
        refuse("same tokens")
        continue
      }
      if (kind !== "none where one is due" && isSameButForSpace(example.file.text, text)) {
        refuse("no edit after all")
        continue
      }
      // What was there before, half typed or not, is right for what it was.
      if (!earlierStates.has(kind) && !request.right.parsesAsWell(text)) {
        refuse("parses worse")
        continue
      }
      const made = dialect.render({ ...example, wanted: text, wantedCursor: null })
      if (made._tag === "rendered") return { wrong: { operator: kind, completion: made.rendered.completion }, refused }
      refuse(made.reason === notReadBack ? made.reason : "not within the region")
    }
  }
  return { wrong: undefined, refused }
}

/** Whether two texts differ in white space only, told from the lines in which they differ. */
const isSameButForSpace = (one: string, other: string): boolean => {
  if (one === other) return true
  const { head, tail } = differingMiddle(one, other)
  const start = startOfLine(one, head)
  const end = endOfLine(one, one.length - tail)
  return haveEqualTokens(one.slice(start, end), other.slice(start, other.length - (one.length - end)))
}

/** Kinds that go back to what the file was. */
const earlierStates: ReadonlySet<WrongEditKind> = new Set(["undo", "none where one is due", "stale"])

/** Proposes the text of the file after a wrong edit; undefined where the example does not lend itself to it. */
type Proposal = (request: WrongEditRequest) => string | undefined

const isQuiet = ({ edit: { kind } }: WrongEditRequest): boolean => kind === "no edit"

/** The hunks that take back, within the region, what the last event did to this file. */
const undoing = ({ edit: { example, rendered } }: WrongEditRequest) => {
  const { events, file: { path, text } } = example
  const last = events.findLast((event) => event.path === path)
  if (last === undefined || last.after !== text) return undefined
  const made = doneWithin(text, last.before, lineDiff(text, last.before), rendered.region)
  return made.done === 0 || made.isCut ? undefined : made.text
}

const overEdit: Proposal = (request) => {
  const { edit: { example, rendered }, random } = request
  const { file: { path, text }, wanted } = example
  const written = lineDiff(text, wanted).map((hunk) => hunk.new)
  const end = rendered.region.end + wanted.length - text.length
  const lines = linesIn(wanted, { start: rendered.region.start, end }, written)
    .filter((one) => importsIn(path, wanted, one) !== "imports")
  // What a model changes beside the edit stands near it.
  const line = random.pick(lines.filter((one) => linesAway(wanted, one, written) <= nearLines)) ?? random.pick(lines)
  if (line === undefined) return undefined
  const other = random.next() < spoiledShare ? request.right.spoil(line, random) : undefined
  if (other !== undefined) return wanted.slice(0, line.start) + other + wanted.slice(line.end)
  const repeated = written.find(({ end, start }) => end > start && countLines(wanted.slice(start, end)) <= mostRepeated)
  const isComment = comment.test(wanted.slice(line.start, line.end))
  if (repeated === undefined && isComment) return undefined
  return repeated === undefined || (!isComment && random.next() < 0.5)
    // The line goes with its end.
    ? wanted.slice(0, startOfLine(wanted, line.start)) + wanted.slice(Math.min(wanted.length, line.end + 1))
    : wanted.slice(0, repeated.end) + wanted.slice(repeated.start, repeated.end) + wanted.slice(repeated.end)
}

/** Lines that are written twice. */
const mostRepeated = 3

/** Lines from an edit at which more than is due is done. */
const nearLines = 3

/** A line that only says something to people: to lose it breaks nothing. */
const comment = /^(?:#(?!\s*(?:define|if|elif|else|endif|include)|\[)|\/\/|\/\*|\*|--\s|"""|<!--)/

/** Returns how many lines part a span from the nearest of others. */
const linesAway = (text: string, span: Span, others: ReadonlyArray<Span>): number =>
  Math.min(
    ...others.map(({ end, start }) =>
      text.slice(Math.min(span.end, end), Math.max(span.start, start)).split("\n").length - 1
    )
  )

/** How often more than is due is another text of a line that was right; else a line is lost, or written twice. */
const spoiledShare = 0.7

const proposals: Readonly<Record<WrongEditKind, Proposal>> = {
  undo: undoing,
  "over-edit": (request) => isQuiet(request) ? undefined : overEdit(request),
  "wrong place": (request) => isQuiet(request) ? undefined : misplaced(request),
  "edit where none is due": (request) => isQuiet(request) ? unasked(request) : undefined,
  "none where one is due": (request) => isQuiet(request) ? undefined : request.edit.example.file.text,
  stale: (request) => {
    const { file: { text }, wanted } = request.edit.example
    const before = isQuiet(request) ? undefined : undoing(request)
    return before === undefined ? undefined : bothDone(text, wanted, before)
  }
}

/** Does to a text what leads to one text and what leads to another; undefined where they touch the same lines. */
const bothDone = (text: string, one: string, other: string): string | undefined => {
  const hunks = [
    ...lineDiff(text, one).map((hunk) => ({ ...hunk, from: one })),
    ...lineDiff(text, other).map((hunk) => ({ ...hunk, from: other }))
  ].toSorted((a, b) => a.old.start - b.old.start)
  let out = ""
  let at = 0
  for (const { from, new: fresh, old } of hunks) {
    if (old.start < at || (at > 0 && old.start === at)) return undefined
    out += text.slice(at, old.start) + from.slice(fresh.start, fresh.end)
    at = old.end
  }
  return out + text.slice(at)
}

/** Many an edit is just as good a line or two from where it belongs, and an import is anywhere among imports. */
const asGoodLines = 2

/** The right lines at another line of the region: put in there, or in the place of what stands there. */
const misplaced: Proposal = ({ edit: { example, rendered }, random }) => {
  const { file: { path, text }, wanted } = example
  const hunks = lineDiff(text, wanted)
  const hunk = hunks.find((one) => one.new.end > one.new.start)
  if (hunk === undefined) return undefined
  const written = wanted.slice(hunk.new.start, hunk.new.end)
  const taken = hunks.map(({ old }) => old)
  // Comments are put among comments, code among code, and nothing where a file only begins.
  const isComment = comment.test(written.trimStart())
  const isElsewhere = (line: Span): boolean => {
    const there = text.slice(line.start, line.end)
    return linesAway(text, line, taken) > asGoodLines && comment.test(there) === isComment &&
      !/^package\b/.test(there) && importsIn(path, text, line) !== "imports"
  }
  const line = random.pick(linesIn(text, rendered.region, taken).filter(isElsewhere))
  if (line === undefined) return undefined
  const from = startOfLine(text, line.start)
  const to = hunk.old.start === hunk.old.end ? from : Math.min(text.length, line.end + 1)
  const ended = written.endsWith("\n") ? written : `${written}\n`
  const moved: Hunk = { old: { start: from, end: to }, new: { start: 0, end: 0 } }
  return hunks.filter((one) => one !== hunk).concat(moved).toSorted((a, b) => b.old.start - a.old.start).reduce(
    (after, one) =>
      after.slice(0, one.old.start) + (one === moved ? ended : wanted.slice(one.new.start, one.new.end)) +
      after.slice(one.old.end),
    text
  )
}

/** What was just written once more, or a line that was right in another text. */
const unasked: Proposal = (request) => {
  const { edit: { example, rendered }, random } = request
  const { events, file: { path, text } } = example
  const last = events.findLast((event) => event.path === path && event.after === text)
  const again = last === undefined || random.next() < spoiledShare ? undefined : lineDiff(last.before, text).find(
    ({ new: { end, start } }) => end > start && start >= rendered.region.start && end <= rendered.region.end
  )?.new
  if (again !== undefined) return text.slice(0, again.end) + text.slice(again.start, again.end) + text.slice(again.end)
  const line = random.pick(linesIn(text, rendered.region, []))
  const other = line === undefined ? undefined : request.right.spoil(line, random)
  return line === undefined || other === undefined
    ? undefined
    : text.slice(0, line.start) + other + text.slice(line.end)
}

/** Lines of a region that say something, without the white space around, and apart from some spans. */
const linesIn = (text: string, region: Span, apart: ReadonlyArray<Span>): ReadonlyArray<Span> => {
  const lines: Array<Span> = []
  let end = 0
  for (let start = region.start; start < region.end; start = end + 1) {
    end = endOfLine(text, start)
    const line = { start, end }
    if (end > region.end || isBlank(text.slice(start, end))) continue
    if (apart.some((span) => isOverlapping(span, { start, end: end + 1 }) || span.start === start)) continue
    lines.push(trimSpan(text, line))
  }
  return lines
}
