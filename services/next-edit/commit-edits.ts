/**
 * A commit as the edits of someone who made it: hunk by hunk, file by file. The order in which it really came about is
 * not known; code comes before its tests, and a file is gone through from its top.
 */
import { applyHunks, type Hunk, lineDiff } from "../text/diff.ts"

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
}

/** Puts the edits of a commit into an order. */
export const commitEdits = (files: ReadonlyArray<CommitFile>): CommitEdits => {
  const ordered = files.toSorted((a, b) =>
    Number(a.isTest) - Number(b.isTest) || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)
  )
  const hunksOf = new Map(ordered.map((file) => [file, lineDiff(file.before, file.after)]))
  const edits = ordered.flatMap((file) =>
    (hunksOf.get(file) ?? []).map((hunk, place): CommitEdit => ({ file, hunk, place }))
  )
  const doneOf = (file: CommitFile, count: number): number => {
    let done = 0
    for (const edit of edits.slice(0, count)) if (edit.file === file) done++
    return done
  }
  return {
    edits,
    textAfter: (file, count) => applyHunks(file.before, file.after, hunksOf.get(file) ?? [], doneOf(file, count))
  }
}

/**
 * Returns a text with those of its open hunks done that lie within a span, and whether one reaches over its border.
 * `after` is the text in which all are done.
 */
export const doneWithin = (
  text: string,
  after: string,
  open: ReadonlyArray<Hunk>,
  span: { readonly start: number; readonly end: number }
): { readonly text: string; readonly isCut: boolean; readonly done: number } => {
  let out = ""
  let at = 0
  let done = 0
  let isCut = false
  for (const { new: fresh, old } of open) {
    if (old.end < span.start || old.start > span.end) continue
    // A hunk of whole lines may take the line end of the last line, which the span leaves out.
    const isInside = old.start >= span.start && old.end <= span.end + 1
    if (!isInside) {
      isCut = true
      continue
    }
    out += text.slice(at, old.start) + after.slice(fresh.start, fresh.end)
    at = old.end
    done++
  }
  return { text: out + text.slice(at), isCut, done }
}
