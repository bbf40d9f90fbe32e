/**
 * Next edits from a commit: it is done up to some edit, perhaps with the next line half typed, and asked for what comes
 * then. Where nothing is left to do near the cursor, the answer is to do nothing.
 */
import { type Hunk, lineDiff } from "../text/diff.ts"
import { drawIndex, type Random } from "../text/random.ts"
import { endOfLine, lineAt, lineStartsOf, startOfLine } from "../text/span.ts"
import { type CommitEdits, commitEdits, type CommitFile, doneWithin } from "./commit-edits.ts"
import type { Dialect, RenderedEdit } from "./dialect.ts"
import { makeEditLog } from "./edit-log.ts"
import type { EditEvent, EditMoment, NextEditExample, RelatedExcerpt } from "./example.ts"
import { typedLine } from "./typing.ts"

/** Where the next edit lies, seen from the last one; or that there is none. */
export const targetKinds = ["same line", "near", "far", "other file", "no edit"] as const
/** Where the next edit lies. */
export type TargetKind = typeof targetKinds[number]

/** How often each kind is drawn, where the commit has it; shares need not add up to one. */
export type TargetShares = Readonly<Record<TargetKind, number>>

/** Lines between two edits that are near each other. */
const nearLines = 30
/** How often the cursor stands where the last edit ended, where the next one is near; else it stands at the next one. */
const staysShare = 0.8
/** How often the cursor is some columns off, and how many at the most. */
const offShare = 0.2
const mostOff = 5
/** How often a draw is tried again that a dialect refuses. */
const tries = 4

/** What the rest of the project tells about a place in a file. */
export interface PlaceTeller {
  readonly ancestors: (path: string, text: string, cursor: number) => EditMoment["ancestors"]
  readonly related: (path: string, text: string, cursor: number) => ReadonlyArray<RelatedExcerpt>
}

/** A row's worth of a commit. */
export interface MinedEdit {
  readonly kind: TargetKind
  readonly example: NextEditExample
  readonly rendered: RenderedEdit
}

/** What came of a commit: rows, and why others were refused. */
export interface MinedCommit {
  readonly mined: ReadonlyArray<MinedEdit>
  readonly refused: ReadonlyArray<string>
}

/** What is mined, and how. */
export interface MiningRequest {
  readonly files: ReadonlyArray<CommitFile>
  /** What the author did before the commit, oldest first. */
  readonly earlier: ReadonlyArray<EditEvent>
  readonly dialect: Dialect
  readonly shares: TargetShares
  /** Rows at the most. */
  readonly count: number
  readonly place: PlaceTeller
  readonly random: Random
}

/** Returns up to `count` rows of a commit, none asked twice. */
export const mineCommit = (request: MiningRequest): MinedCommit => {
  const { count, random, shares } = request
  const commit = commitEdits(request.files)
  const mined: Array<MinedEdit> = []
  const refused: Array<string> = []
  const asked = new Set<string>()
  for (let row = 0; row < count; row++) {
    for (let attempt = 0; attempt < tries; attempt++) {
      const spots = spotsOf(commit, request.earlier.length > 0)
      const kinds = targetKinds.filter((kind) => spots.some((spot) => spot.kind === kind))
      const kind = kinds[drawIndex(random, kinds.map((one) => shares[one])) ?? -1]
      const spot = random.pick(spots.filter((one) => one.kind === kind))
      if (spot === undefined) return { mined, refused }
      const made = mineSpot(request, commit, spot)
      if (typeof made !== "string" && !asked.has(made.rendered.prompt)) {
        asked.add(made.rendered.prompt)
        mined.push(made)
        break
      }
      refused.push(typeof made === "string" ? made : "asked already")
    }
  }
  return { mined, refused }
}

/** A moment of a commit: so many edits are done, and the next one is of a kind. */
interface Spot {
  readonly done: number
  readonly kind: TargetKind
}

const spotsOf = ({ edits, textAfter }: CommitEdits, hasPast: boolean): ReadonlyArray<Spot> =>
  Array.from({ length: edits.length + 1 }, (_, done) => done).flatMap((done): ReadonlyArray<Spot> => {
    const [last, next] = [edits[done - 1], edits[done]]
    if (last === undefined && !hasPast) return []
    const quiet: Spot = { done, kind: "no edit" }
    if (next === undefined) return [quiet]
    if (last === undefined || last.file !== next.file) {
      return [quiet, { done, kind: "other file" }, { done, kind: "same line" }]
    }
    const starts = lineStartsOf(textAfter(next.file, done))
    const from = lineAt(starts, last.hunk.new.end)
    const to = lineAt(starts, openStart(textAfter(next.file, done), next.file.after))
    return [quiet, { done, kind: to - from <= nearLines ? "near" : "far" }, { done, kind: "same line" }]
  })

const openStart = (text: string, after: string): number => lineDiff(text, after)[0]?.old.start ?? 0

const mineSpot = (request: MiningRequest, commit: CommitEdits, { done, kind }: Spot): MinedEdit | string => {
  const { random } = request
  const log = makeEditLog()
  let millis = 0
  const tell = (path: string, before: string, after: string) => log.edited(path, before, after, millis += 1)
  for (const [index, { file }] of commit.edits.slice(0, done).entries()) {
    tell(file.path, commit.textAfter(file, index), commit.textAfter(file, index + 1))
  }
  const last = commit.edits[done - 1]
  const file = kind === "no edit" && last !== undefined ? last.file : commit.edits[done]?.file ?? last?.file
  if (file === undefined) return "nothing was done before"
  const before = commit.textAfter(file, done)
  const typed = kind === "same line" ? typedText(before, file.after, random) : undefined
  if (kind === "same line" && typed === undefined) return "nothing to stop in"
  if (typed !== undefined) tell(file.path, before, typed.text)
  const text = typed?.text ?? before
  const lastEnd = last?.file === file ? last.hunk.new.end : null
  const cursors = typed !== undefined
    ? [typed.cursor]
    : kind === "no edit"
    ? quietCursors(text, lastEnd, random)
    : targetCursors(text, file.after, kind === "near" ? lastEnd : null, random)
  const events = [...request.earlier, ...log.events()]
  let reason = "the edit is not within the region"
  for (const cursor of cursors) {
    const made = askedAt(request, { path: file.path, text }, file.after, cursor, events, kind)
    if (typeof made !== "string") return made
    reason = made
  }
  return reason
}

const askedAt = (
  { dialect, place }: MiningRequest,
  file: EditMoment["file"],
  after: string,
  cursor: number,
  events: ReadonlyArray<EditEvent>,
  kind: TargetKind
): MinedEdit | string => {
  const { path, text } = file
  const moment: EditMoment = {
    file,
    cursor,
    events,
    related: place.related(path, text, cursor),
    ancestors: place.ancestors(path, text, cursor)
  }
  const made = dialect.show(moment)
  if (made._tag === "refused") return made.reason
  const { done, isCut, text: wanted } = doneWithin(text, after, lineDiff(text, after), made.shown.region)
  if (isCut) return "an edit reaches over the border of the region"
  if (kind === "no edit" ? done > 0 : done === 0) {
    return kind === "no edit" ? "an edit follows here" : "the edit is not within the region"
  }
  const example: NextEditExample = { ...moment, wanted, wantedCursor: null }
  const rendered = dialect.render(example)
  return rendered._tag === "refused" ? rendered.reason : { kind, example, rendered: rendered.rendered }
}

/** The next hunk of a text with its first line half typed. */
const typedText = (
  text: string,
  after: string,
  random: Random
): { readonly text: string; readonly cursor: number } | undefined => {
  const [hunk] = lineDiff(text, after)
  if (hunk === undefined || hunk.new.start === hunk.new.end) return undefined
  const firstNew = after.slice(hunk.new.start, Math.min(hunk.new.end, endOfLine(after, hunk.new.start)))
  const oldEnd = hunk.old.start === hunk.old.end
    ? hunk.old.start
    : Math.min(hunk.old.end, endOfLine(text, hunk.old.start))
  const line = typedLine(text.slice(hunk.old.start, oldEnd), firstNew, random)
  if (line === undefined) return undefined
  // A line that is new ends with a line end of its own.
  const isNew = hunk.old.start === hunk.old.end
  const behind = isNew ? `\n${text.slice(oldEnd)}` : text.slice(oldEnd)
  return { text: text.slice(0, hunk.old.start) + line.text + behind, cursor: hunk.old.start + line.cursor }
}

/** Where the cursor may stand when the next edit is to come: where the last one ended, and at the line of the next one. */
const targetCursors = (text: string, after: string, lastEnd: number | null, random: Random): ReadonlyArray<number> => {
  const [hunk] = lineDiff(text, after)
  const target = atLineOf(text, hunk)
  const stays = lastEnd !== null && random.next() < staysShare ? [endOfEdit(text, lastEnd)] : []
  return [...stays, target].map((cursor) => jittered(text, cursor, random))
}

const quietCursors = (text: string, lastEnd: number | null, random: Random): ReadonlyArray<number> => {
  const starts = lineStartsOf(text)
  const anywhere = () => endOfLine(text, starts[random.below(starts.length)] ?? 0)
  const here = lastEnd === null || random.next() < 0.5 ? [] : [endOfEdit(text, lastEnd)]
  return [...here, anywhere(), anywhere(), ...(lastEnd === null ? [] : [endOfEdit(text, lastEnd)])]
}

/** The end of the last line that an edit wrote. */
const endOfEdit = (text: string, end: number): number =>
  Math.min(text.length, end > 0 && text.charCodeAt(end - 1) === 10 ? end - 1 : end)

const atLineOf = (text: string, hunk: Hunk | undefined): number => {
  const start = Math.min(text.length, hunk?.old.start ?? 0)
  const end = endOfLine(text, start)
  return start + (/^[ \t]*/.exec(text.slice(start, end))?.[0].length ?? 0)
}

/** People do not always stand where they were last: some columns to either side, on the same line. */
const jittered = (text: string, cursor: number, random: Random): number => {
  if (random.next() >= offShare) return cursor
  const by = (1 + random.below(mostOff)) * (random.next() < 0.5 ? -1 : 1)
  const moved = Math.min(Math.max(startOfLine(text, cursor), cursor + by), endOfLine(text, cursor))
  const splitsPair = (text.charCodeAt(moved) & 0xfc00) === 0xdc00
  return splitsPair || text.charCodeAt(moved - 1) === 13 ? cursor : moved
}
