/**
 * A commit as the edits of someone who made it: hunk by hunk, file by file. The order in which it really came about is
 * not known; code comes before its tests, a file is gone through from its top, and names are brought into it last, when
 * something needs them.
 */
import type { Hunk } from "../text/diff.ts"
import { countLines } from "../text/span.ts"
import { editHunks } from "./edit-hunks.ts"
import { importsIn } from "./import-lines.ts"

/** A file that a commit changes; "" is the text of a file that is not there. */
export interface CommitFile {
  readonly path: string
  readonly before: string
  readonly after: string
  /** Whether it tests other code: it is changed after that. */
  readonly isTest: boolean
}

/** One hunk of one file. */
export interface CommitEdit {
  readonly file: CommitFile
  readonly hunk: Hunk
}

/** A hunk that is still to come, on the text as it stands by then. */
export interface OpenHunk extends Hunk {
  /** The same hunk on the file as the commit found it. */
  readonly of: Hunk
}

/** The edits of a commit in their order. */
export interface CommitEdits {
  readonly edits: ReadonlyArray<CommitEdit>
  /** Returns the text of a file when the first `count` edits are done. */
  readonly textAfter: (file: CommitFile, count: number) => string
  /** Returns the hunks that are still to come in a file when the first `count` edits are done, on that text. */
  readonly openAfter: (file: CommitFile, count: number) => ReadonlyArray<OpenHunk>
  /** Returns that of them which is the very next edit; undefined where that is of another file. */
  readonly nextAfter: (file: CommitFile, count: number) => OpenHunk | undefined
  /** Returns where the last of the first `count` edits ends in its file as it stands by then; null where none was made. */
  readonly endAfter: (count: number) => number | null
}

/** Puts the edits of a commit into an order. */
export const commitEdits = (files: ReadonlyArray<CommitFile>): CommitEdits => {
  const ordered = files.toSorted((a, b) =>
    Number(a.isTest) - Number(b.isTest) || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)
  )
  const ways = new Map(ordered.map((file) => [file, wayOf(file)]))
  const firstOf = new Map<CommitFile, number>()
  const edits: Array<CommitEdit> = []
  for (const [file, { inOrder }] of ways) {
    firstOf.set(file, edits.length)
    for (const hunk of inOrder) edits.push({ file, hunk })
  }
  const doneIn = (file: CommitFile, count: number): ReadonlySet<Hunk> =>
    new Set(ways.get(file)?.inOrder.slice(0, Math.max(0, count - (firstOf.get(file) ?? 0))))
  const openAfter = (file: CommitFile, count: number): ReadonlyArray<OpenHunk> => {
    const done = doneIn(file, count)
    const open: Array<OpenHunk> = []
    let shift = 0
    for (const hunk of ways.get(file)?.hunks ?? []) {
      const { new: fresh, old } = hunk
      if (done.has(hunk)) shift += fresh.end - fresh.start - (old.end - old.start)
      else open.push({ old: { start: old.start + shift, end: old.end + shift }, new: fresh, of: hunk })
    }
    return open
  }
  return {
    edits,
    textAfter: (file, count) => {
      const done = doneIn(file, count)
      let text = ""
      let at = 0
      for (const hunk of ways.get(file)?.hunks ?? []) {
        if (!done.has(hunk)) continue
        text += file.before.slice(at, hunk.old.start) + file.after.slice(hunk.new.start, hunk.new.end)
        at = hunk.old.end
      }
      return text + file.before.slice(at)
    },
    openAfter,
    nextAfter: (file, count) => openAfter(file, count).find(({ of }) => of === edits[count]?.hunk),
    endAfter: (count) => {
      const last = edits[count - 1]
      if (last === undefined) return null
      const { file, hunk } = last
      // What is still to come above the edit is not there yet.
      return openAfter(file, count).filter(({ of }) => of.old.start < hunk.old.start)
        .reduce((end, { new: fresh, old }) => end - (fresh.end - fresh.start) + (old.end - old.start), hunk.new.end)
    }
  }
}

/** The hunks of a file as they stand in it, and in the order in which they are done. */
interface FileWay {
  readonly hunks: ReadonlyArray<Hunk>
  readonly inOrder: ReadonlyArray<Hunk>
}

const wayOf = ({ after, before, path }: CommitFile): FileWay => {
  const hunks = editHunks(before, after)
  const bringsNames = ({ new: fresh, old }: Hunk) => {
    const sides = new Set([importsIn(path, before, old), importsIn(path, after, fresh)])
    return sides.has("imports") && !sides.has("other")
  }
  const last = new Set(hunks.filter(bringsNames))
  return { hunks, inOrder: [...hunks.filter((hunk) => !last.has(hunk)), ...last] }
}

/** Returns what stands between two edits of one file. */
export const textBetween = (one: CommitEdit, other: CommitEdit): string => {
  const [upper, lower] = one.hunk.old.start <= other.hunk.old.start ? [one, other] : [other, one]
  return one.file.before.slice(upper.hunk.old.end, lower.hunk.old.start)
}

/** What comes of a text when those of its open hunks are done that lie within a span. */
export interface DoneWithin {
  readonly text: string
  /** How many hunks were done, and the lines that the longest of them takes away or writes. */
  readonly done: number
  readonly mostLines: number
  /** Whether a hunk reaches over the border of the span. */
  readonly isCut: boolean
  /** Lines between the span and the nearest hunk outside of it; Infinity where there is none. */
  readonly linesToNext: number
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
  let linesToNext = Number.POSITIVE_INFINITY
  for (const { new: fresh, old } of open) {
    if (old.end < span.start || old.start > span.end) {
      // The span leaves the line end of its last line out.
      const between = old.end < span.start ? text.slice(old.end, span.start) : text.slice(span.end + 1, old.start)
      linesToNext = Math.min(linesToNext, between.split("\n").length - 1)
      continue
    }
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
  return { text: out + text.slice(at), isCut, done, mostLines, linesToNext }
}
