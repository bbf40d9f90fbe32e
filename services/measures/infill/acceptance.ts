/** Stand-ins for what a person would take of an answer: its first line, and how far it goes along with the right one. */
import { equalHead } from "../../text/diff.ts"

/** Whether the first lines with ink are the same but for white space at their ends. */
export const isFirstLineRight = (gold: string, answer: string): boolean =>
  firstInkedLine(gold) === firstInkedLine(answer)

const firstInkedLine = (text: string): string => {
  const inked = text.trimStart()
  const end = inked.indexOf("\n")
  return (end === -1 ? inked : inked.slice(0, end)).trimEnd()
}

/** Returns how much of the right answer the answer begins with, from 0 to 1. Of nothing, nothing is all. */
export const prefixShare = (gold: string, answer: string): number =>
  gold === "" ? (answer === "" ? 1 : 0) : equalHead(gold, answer) / gold.length
