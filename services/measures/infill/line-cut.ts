/**
 * Answers that are cut to as many lines as the right one has, as some benches do. It forgives a model that runs on, so
 * figures of cut answers stand beside those of whole ones and never in their place. Blank lines at the ends are no lines of an
 * answer, as they do not count when it is compared: what is right as a whole is right when it is cut.
 */
import { countLines } from "../../text/span.ts"

/**
 * Returns the first lines of an answer, as many as the right one has, without white space at its ends. Where the right answer
 * is blank, it is the first line as it is.
 */
export const cutToGoldLines = (gold: string, answer: string): string => {
  const wanted = gold.trim()
  const lines = (wanted === "" ? answer : answer.trim()).split("\n")
  return lines.slice(0, countLines(wanted)).join("\n")
}
