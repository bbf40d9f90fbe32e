/** Whether a model stops where it should: the fault that people notice first, and that exact match alone does not name. */
import { equalHead } from "../../text/diff.ts"
import { isInsideIdentifier } from "../../text/span.ts"

/**
 * How an answer stands to the right one, white space at the ends aside: the same; all of it and more; all of it, and then
 * what the file goes on with anyway; the beginning of it; nothing; or something else.
 */
export type Stopping = "exact" | "over" | "echo" | "under" | "empty" | "different"

/** All ways to stop, the right one first. */
export const stoppings: ReadonlyArray<Stopping> = ["exact", "under", "over", "echo", "empty", "different"]

/** Returns where an answer stopped. */
export const stoppingOf = (gold: string, answer: string, suffix: string): Stopping => {
  const [wanted, given] = [gold.trim(), answer.trim()]
  if (wanted === given) return "exact"
  if (given === "") return "empty"
  if (wanted.startsWith(given)) return "under"
  // `maximum` does not go on after `max`: it is another name.
  if (!given.startsWith(wanted) || isInsideIdentifier(given, wanted.length)) return "different"
  return isEcho(given.slice(wanted.length).trim(), suffix.trim()) ? "echo" : "over"
}

/** Whether a text says what the suffix says: as far as it goes, or its first line at least. */
const isEcho = (more: string, suffix: string): boolean => {
  if (suffix === "") return false
  const end = suffix.indexOf("\n")
  const firstLine = (end === -1 ? suffix : suffix.slice(0, end)).trimEnd()
  return equalHead(more, suffix) >= Math.min(more.length, firstLine.length)
}
