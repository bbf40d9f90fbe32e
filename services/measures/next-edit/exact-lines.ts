/** How many of the lines that an edit takes away or brings are those that it should. */
import { lineDiff } from "../../text/diff.ts"

/** What is right of what was done, and of what should have been; each from 0 to 1. */
export interface PrecisionRecall {
  readonly precision: number
  readonly recall: number
}

/** Compares the lines of two edits of one text as multisets of "-line" and "+line". Two edits that do nothing agree. */
export const exactLines = (original: string, expected: string, actual: string): PrecisionRecall => {
  const wanted = signedLines(original, expected)
  const given = signedLines(original, actual)
  const left = new Map<string, number>()
  for (const line of wanted) left.set(line, (left.get(line) ?? 0) + 1)
  let right = 0
  for (const line of given) {
    const count = left.get(line) ?? 0
    if (count === 0) continue
    left.set(line, count - 1)
    right++
  }
  return precisionRecall(right, given.length, wanted.length)
}

/** Returns precision and recall; both are 1 where nothing was done and nothing should have been. */
export const precisionRecall = (right: number, given: number, wanted: number): PrecisionRecall =>
  given === 0 && wanted === 0
    ? { precision: 1, recall: 1 }
    : { precision: given === 0 ? 0 : right / given, recall: wanted === 0 ? 0 : right / wanted }

const signedLines = (before: string, after: string): ReadonlyArray<string> =>
  lineDiff(before, after).flatMap(({ new: come, old }) => [
    ...linesIn(before.slice(old.start, old.end)).map((line) => `-${line}`),
    ...linesIn(after.slice(come.start, come.end)).map((line) => `+${line}`)
  ])

const linesIn = (text: string): ReadonlyArray<string> => text === "" ? [] : text.replace(/\n$/, "").split("\n")
