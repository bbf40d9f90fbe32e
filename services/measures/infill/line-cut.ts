/**
 * Answers that are cut to as many lines as the right one has, as some benches do. It forgives a model that runs on, so
 * figures of cut answers stand beside those of whole ones and never in their place.
 */
import { countLines } from "../../text/span.ts"

/** Returns the first lines of an answer, as many as the right one has. */
export const cutToGoldLines = (gold: string, answer: string): string =>
  answer.split("\n").slice(0, countLines(gold)).join("\n")
