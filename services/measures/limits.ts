/** What each measure counts, in words, and the share above which a dataset falls short where nobody says another. */
import type { Measure } from "./score.ts"

/** What there is to know of a measure. */
export interface MeasureFacts {
  /** What it is called in a sentence. */
  readonly name: string
  /** Ends the sentence "a row counts when …". */
  readonly counts: string
  /** From 0 to 1: a larger share of rows falls short. */
  readonly limit: number
}

/**
 * The measures. What makes an answer or a held-out row wrong is not tolerated at all, and what only wastes rows, or is
 * also seen in code that people wrote, is up to a small part. Models do stop early, so that some negatives should; a
 * dataset of little else would only teach them to go on.
 */
export const measureFacts: Readonly<Record<Measure, MeasureFacts>> = {
  "test-prompts-in-train": { name: "test prompts in train", counts: "a held-out prompt is in train too", limit: 0 },
  "middles-inside-identifiers": {
    name: "middles inside identifiers",
    counts: "a middle starts or ends inside a word",
    limit: 0.01
  },
  "negatives-that-are-truncations": {
    name: "negatives that are truncations",
    counts: "what the rejected answer writes is the beginning of what a right one writes",
    limit: 0.2
  },
  "negatives-that-equal-the-answer": {
    name: "negatives that equal the answer",
    counts: "the rejected answer is a right one",
    limit: 0
  },
  "blank-completions": { name: "blank completions", counts: "an answer is empty or white space", limit: 0 },
  "rows-over-token-budget": {
    name: "rows over the token budget",
    counts: "it has more tokens than the budget",
    limit: 0
  },
  "parse-errors-after-splicing": {
    name: "parse errors after splicing",
    counts: "prefix, middle and suffix together do not parse",
    limit: 0.05
  },
  "near-equal-rows": {
    name: "near-equal rows",
    counts: "it shows the same answer and the same lines around it as an earlier row",
    limit: 0.05
  },
  "next-edits-outside-the-region": {
    name: "next edits outside the region",
    counts: "it says that an edit follows, and the region that the model may rewrite does not hold it",
    limit: 0
  },
  "model-tokens-in-next-edits": {
    name: "model tokens in next edits",
    counts: "the code that it shows or wants holds a token of the model",
    limit: 0
  }
}
