/**
 * Next edits from a commit: it is done up to some edit, perhaps with the next line half typed, and asked for what comes
 * then. Where nothing is left to do near the cursor, the answer is to do nothing.
 */
import type { Hunk } from "../text/diff.ts"
import { drawIndex, type Random } from "../text/random.ts"
import { endOfLine } from "../text/span.ts"
import { type CommitEdits, commitEdits, type CommitFile, doneWithin } from "./commit-edits.ts"
import { type CommitLogs, commitLogs } from "./commit-log.ts"
import { quietCursors, targetCursors } from "./cursors.ts"
import type { Dialect, RenderedEdit } from "./dialect.ts"
import { editHunks } from "./edit-hunks.ts"
import type { EditEvent, EditMoment, NextEditExample, RelatedExcerpt } from "./example.ts"
import { type EditKind, editKinds, type Spot, spotsOf, type TargetKind } from "./spots.ts"
import { isRewritten, typedLine } from "./typing.ts"

/** How often each kind of edit is drawn, where the commit has it; shares need not add up to one. */
export type EditShares = Readonly<Record<EditKind, number>>

/** How many moments are tried for each row that is wanted. */
const triesForEach = 4

/** What the rest of the project tells about a place in a file. */
export interface PlaceTeller {
  readonly ancestors: (path: string, text: string, cursor: number) => EditMoment["ancestors"]
  readonly related: (
    path: string,
    text: string,
    cursor: number,
    events: ReadonlyArray<EditEvent>
  ) => ReadonlyArray<RelatedExcerpt>
}

/** A row's worth of a commit. */
export interface MinedEdit {
  readonly kind: TargetKind
  readonly example: NextEditExample
  readonly rendered: RenderedEdit
}

/** A moment that gave no row. */
export interface RefusedMoment {
  readonly reason: string
  readonly kind: TargetKind
  readonly path: string
}

/** What came of a commit: rows, and why others were refused. */
export interface MinedCommit {
  readonly mined: ReadonlyArray<MinedEdit>
  readonly refused: ReadonlyArray<RefusedMoment>
}

/** What is mined, and how. */
export interface MiningRequest {
  readonly files: ReadonlyArray<CommitFile>
  /** What the author did before the commit, oldest first. */
  readonly earlier: ReadonlyArray<EditEvent>
  readonly dialect: Dialect
  readonly shares: EditShares
  /** Share of rows in which nothing is left to do, from 0 to 1 (exclusive). */
  readonly noEditShare: number
  /** Rows with an edit at the most; those without one come on top. */
  readonly count: number
  /** Lines that one hunk of an answer may take away or write. */
  readonly maxLines: number
  readonly place: PlaceTeller
  readonly random: Random
  /** Prompts that were asked before; those of the commit are added, and no prompt is asked twice. */
  readonly asked: Set<string>
}

/** Returns rows of a commit: edits of the kinds that are drawn, and for each of them its share of rows without an edit. */
export const mineCommit = (request: MiningRequest): MinedCommit => {
  const { asked, count, noEditShare, random, shares } = request
  const commit = commitEdits(request.files)
  const scene: CommitScene = { request, commit, logs: commitLogs(commit, request.earlier) }
  const spots = spotsOf(commit, request.earlier.length > 0)
  const left = new Map(editKinds.map((kind) => [kind, spots.filter((spot) => spot.kind === kind)]))
  const quiet = spots.filter(({ kind }) => kind === "no edit")
  const mined: Array<MinedEdit> = []
  const refused: Array<RefusedMoment> = []
  const take = (spot: Spot): boolean => {
    const made = mineSpot(scene, spot)
    const reason = typeof made === "string" ? made : asked.has(made.rendered.prompt) ? "asked already" : undefined
    if (reason !== undefined) refused.push({ reason, kind: spot.kind, path: fileAt(commit, spot)?.path ?? "" })
    if (typeof made === "string" || reason !== undefined) return false
    asked.add(made.rendered.prompt)
    mined.push(made)
    return true
  }
  let edits = 0
  // Begins anywhere below one, so that a commit with few rows has its share as well.
  let owed = random.next()
  for (let tries = 0; edits < count && tries < count * triesForEach; tries++) {
    const kinds = editKinds.filter((kind) => (left.get(kind) ?? []).length > 0)
    const kind = kinds[drawIndex(random, kinds.map((one) => shares[one])) ?? -1]
    const spot = takeOne(kind === undefined ? [] : left.get(kind) ?? [], random)
    if (spot === undefined) break
    if (!take(spot)) continue
    edits++
    owed += noEditShare / (1 - noEditShare)
    for (; owed >= 1; owed--) {
      for (let attempt = 0; attempt < triesForEach; attempt++) {
        const moment = random.pick(quiet)
        if (moment === undefined || take(moment)) break
      }
    }
  }
  return { mined, refused }
}

const takeOne = (spots: Array<Spot>, random: Random): Spot | undefined =>
  spots.splice(random.below(Math.max(1, spots.length)), 1)[0]

interface CommitScene {
  readonly request: MiningRequest
  readonly commit: CommitEdits
  readonly logs: CommitLogs
}

/** The file that is at hand at a moment: that of the next edit or, where none is to come, that of the last one. */
const fileAt = ({ edits }: CommitEdits, { done, kind }: Spot): CommitFile | undefined => {
  const last = edits[done - 1]
  return kind === "no edit" && last !== undefined ? last.file : edits[done]?.file ?? last?.file
}

const mineSpot = ({ commit, logs, request }: CommitScene, spot: Spot): MinedEdit | string => {
  const { random } = request
  const { done, kind } = spot
  const last = commit.edits[done - 1]
  const file = fileAt(commit, spot)
  if (file === undefined) return "nothing was done before"
  const before = commit.textAfter(file, done)
  const open = commit.openAfter(file, done)
  const next = commit.nextAfter(file, done)
  const log = logs.at(done)
  const typed = kind === "same line" ? typedText(before, file.after, next, random) : undefined
  if (kind === "same line" && typed === undefined) return "nothing to stop in"
  if (typed !== undefined) log.edited(file.path, before, typed.text, logs.millisAt(done + 1))
  const text = typed?.text ?? before
  const lastEnd = last?.file === file ? commit.endAfter(done) : null
  const cursors = typed !== undefined
    ? [typed.cursor]
    : kind === "no edit"
    ? quietCursors(text, lastEnd, random)
    : targetCursors(text, next?.old.start ?? 0, kind === "near" ? lastEnd : null, random)
  const asking: Asking = {
    request,
    file: { path: file.path, text },
    after: file.after,
    open: typed === undefined ? open : editHunks(text, file.after),
    events: log.events(),
    kind
  }
  let reason = outsideRegion
  for (const cursor of cursors) {
    const made = askedAt(asking, cursor)
    if (typeof made !== "string") return made
    reason = made
  }
  return reason
}

const outsideRegion = "the edit is not within the region"

/** Lines about a region that are left as they are: where nothing is to do, and where all that belongs together is. */
const quietLines = 4
const apart = 2

interface Asking {
  readonly request: MiningRequest
  readonly file: EditMoment["file"]
  /** The file when all is done, and the hunks that lead there. */
  readonly after: string
  readonly open: ReadonlyArray<Hunk>
  readonly events: ReadonlyArray<EditEvent>
  readonly kind: TargetKind
}

const askedAt = ({ after, events, file, kind, open, request }: Asking, cursor: number): MinedEdit | string => {
  const { dialect, maxLines, place } = request
  const { path, text } = file
  const moment: EditMoment = {
    file,
    cursor,
    events,
    related: place.related(path, text, cursor, events),
    ancestors: place.ancestors(path, text, cursor)
  }
  const made = dialect.show(moment)
  if (made._tag === "refused") return made.reason
  const { done, isCut, linesToNext, mostLines, text: wanted } = doneWithin(text, after, open, made.shown.region)
  if (kind === "no edit" && (done > 0 || linesToNext < quietLines)) return "an edit follows here"
  if (isCut || linesToNext < apart) return "an edit reaches over the border of the region"
  if (kind !== "no edit" && done === 0) return outsideRegion
  if (mostLines > maxLines) return "the edit is too long"
  const example: NextEditExample = { ...moment, wanted, wantedCursor: null }
  const rendered = dialect.render(example)
  return rendered._tag === "refused" ? rendered.reason : { kind, example, rendered: rendered.rendered }
}

/**
 * The next hunk of a text with its first line half typed. A line that is not what became of the one in its place is a new
 * one: it is typed above what is still there, or where that was taken away first.
 */
const typedText = (
  text: string,
  after: string,
  hunk: Hunk | undefined,
  random: Random
): { readonly text: string; readonly cursor: number } | undefined => {
  if (hunk === undefined || hunk.new.start === hunk.new.end) return undefined
  const { new: fresh, old } = hunk
  const firstNew = after.slice(fresh.start, Math.min(fresh.end, endOfLine(after, fresh.start)))
  const oldEnd = old.start === old.end ? old.start : Math.min(old.end, endOfLine(text, old.start))
  const firstOld = text.slice(old.start, oldEnd)
  const isNew = old.start === old.end || !isRewritten(firstOld, firstNew)
  const line = typedLine(isNew ? "" : firstOld, firstNew, random)
  if (line === undefined) return undefined
  const isTaken = isNew && old.end > old.start && random.next() < takenShare
  const isSpaced = isNew && /\n[ \t]*\n$/.test(after.slice(fresh.start, fresh.end)) && random.next() < spacedShare
  // A line that is new ends with a line end of its own.
  const behind = isNew ? `\n${isSpaced ? "\n" : ""}${text.slice(isTaken ? old.end : old.start)}` : text.slice(oldEnd)
  return { text: text.slice(0, old.start) + line.text + behind, cursor: old.start + line.cursor }
}

/** How often old lines are taken away before the first of the new ones is typed. */
const takenShare = 0.5
/** How often the blank line that parts new lines from those below is there before they are. */
const spacedShare = 0.5
