/**
 * A commit as the edits of someone who made it: hunk by hunk, file by file. The order in which it really came about is
 * not known; code comes before its tests, and a file is gone through from its top.
 */
import { applyHunks, type Hunk, lineDiff } from "../text/diff.ts"
import { countLines } from "../text/span.ts"

/** A file that a commit changes; "" is the text of a file that is not there. */
export interface CommitFile {
  readonly path: string
  readonly before: string
  readonly after: string
  /** Whether it tests other code: it is changed after that. */
  readonly isTest: boolean
}

/** One hunk of one file, and which one of its file it is. */
export interface CommitEdit {
  readonly file: CommitFile
  readonly hunk: Hunk
  readonly place: number
}

/** The edits of a commit in their order. */
export interface CommitEdits {
  readonly edits: ReadonlyArray<CommitEdit>
  /** Returns the text of a file when the first `count` edits are done. */
  readonly textAfter: (file: CommitFile, count: number) => string
  /** Returns the hunks that are still to come in a file when the first `count` edits are done, on that text. */
  readonly openAfter: (file: CommitFile, count: number) => ReadonlyArray<Hunk>
}

/** Puts the edits of a commit into an order. */
export const commitEdits = (files: ReadonlyArray<CommitFile>): CommitEdits => {
  const ordered = files.toSorted((a, b) =>
    Number(a.isTest) - Number(b.isTest) || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)
  )
  const hunksOf = new Map(ordered.map((file) => [file, lineDiff(file.before, file.after)]))
  const firstOf = new Map<CommitFile, number>()
  const edits: Array<CommitEdit> = []
  for (const [file, hunks] of hunksOf) {
    firstOf.set(file, edits.length)
    for (const [place, hunk] of hunks.entries()) edits.push({ file, hunk, place })
  }
  const hunksIn = (file: CommitFile): ReadonlyArray<Hunk> => hunksOf.get(file) ?? []
  const doneOf = (file: CommitFile, count: number): number =>
    Math.min(hunksIn(file).length, Math.max(0, count - (firstOf.get(file) ?? 0)))
  return {
    edits,
    textAfter: (file, count) => applyHunks(file.before, file.after, hunksIn(file), doneOf(file, count)),
    openAfter: (file, count) => {
      const done = doneOf(file, count)
      const last = hunksIn(file)[done - 1]
      const shift = last === undefined ? 0 : last.new.end - last.old.end
      return hunksIn(file).slice(done).map(({ new: fresh, old }) => ({
        old: { start: old.start + shift, end: old.end + shift },
        new: fresh
      }))
    }
  }
}

/** Returns what stands between two edits of one file. */
export const textBetween = (one: CommitEdit, next: CommitEdit): string =>
  one.file.before.slice(one.hunk.old.end, next.hunk.old.start)

/** What comes of a text when those of its open hunks are done that lie within a span. */
export interface DoneWithin {
  readonly text: string
  /** How many hunks were done, and the lines that the longest of them takes away or writes. */
  readonly done: number
  readonly mostLines: number
  /** Whether a hunk reaches over the border of the span. */
  readonly isCut: boolean
}

/** Does those of a text's open hunks that lie within a span. `after` is the text in which all are done. */
export const doneWithin = (
  text: string,
  after: string,
  open: ReadonlyArray<Hunk>,
  span: { readonly start: number; readonly end: number }
): DoneWithin => {
  let out = ""
  let at = 0
  let done = 0
  let mostLines = 0
  let isCut = false
  for (const { new: fresh, old } of open) {
    if (old.end < span.start || old.start > span.end) continue
    // A hunk of whole lines may take the line end of the last line, which the span leaves out.
    const isInside = old.start >= span.start && old.end <= span.end + 1
    if (!isInside) {
      isCut = true
      continue
    }
    const written = after.slice(fresh.start, fresh.end)
    const taken = text.slice(old.start, old.end)
    mostLines = Math.max(mostLines, countLines(written), countLines(taken))
    out += text.slice(at, old.start) + written
    at = old.end
    done++
  }
  return { text: out + text.slice(at), isCut, done, mostLines }
}
