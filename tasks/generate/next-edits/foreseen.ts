/** Whether what an edit writes could be told from what its prompt shows: whole tests and new prose cannot. */
import { broughtNames, importsIn } from "../../../services/next-edit/import-lines.ts"
import type { MinedEdit } from "../../../services/next-edit/mine.ts"
import type { Hunk } from "../../../services/text/diff.ts"

/** Words of an answer that nothing in its prompt holds. */
const mostNewWords = 7
/** Lines that are written below a half-typed one, beyond those that they take the place of. */
const mostLinesBelow = 6

/** Returns whether the hunks of an edit could be foreseen. */
export const canBeForeseen = (
  { example: { file: { path, text }, wanted }, kind, rendered: { prompt } }: MinedEdit,
  hunks: ReadonlyArray<Hunk>
): boolean => {
  const seen = prompt.toLowerCase()
  const written = hunks.map((hunk) => wanted.slice(hunk.new.start, hunk.new.end)).join("")
  const taken = hunks.map((hunk) => text.slice(hunk.old.start, hunk.old.end)).join("")
  if (kind === "same line" && linesIn(written) - linesIn(taken) > mostLinesBelow) return false
  if (unseen(wordsIn(written), seen) > mostNewWords) return false
  const brought = hunks.filter((hunk) => importsIn(path, wanted, hunk.new) === "imports")
    .flatMap((hunk) => wanted.slice(hunk.new.start, hunk.new.end).split("\n")).flatMap(broughtNames)
  // A name is brought for what uses it.
  return unseen(new Set(brought.map((name) => name.toLowerCase())), seen) === 0
}

const linesIn = (text: string): number => text.split("\n").length - 1

/** Words of three characters and more, and numbers of two and more. */
const wordsIn = (text: string): ReadonlySet<string> =>
  new Set(text.toLowerCase().match(/[\p{L}_$][\p{L}\p{N}_$]{2,}|\p{N}{2,}/gu))

const unseen = (words: ReadonlySet<string>, seen: string): number => {
  let count = 0
  for (const word of words) if (!seen.includes(word)) count++
  return count
}
