/** The measures of an evaluation, by name. */

/** What is measured, with what the page says of it: first what is of all rows, then of gaps, of edits, and of keystrokes. */
export const evaluationMeasures = {
  exact: { says: "exact match", isBetterHigh: true },
  similarity: { says: "edit similarity", isBetterHigh: true },
  "first-line": { says: "first line right", isBetterHigh: true },
  prefix: { says: "share of the right answer before the first mistake", isBetterHigh: true },
  identifiers: { says: "F1 of identifiers", isBetterHigh: true },
  "exact-cut": { says: "exact match, cut to the lines of the right answer", isBetterHigh: true },
  parses: { says: "parses as well as the right answer", isBetterHigh: true },
  readable: { says: "answer can be read as an edit", isBetterHigh: true },
  "delta-chrf": { says: "ΔchrF of edits", isBetterHigh: true },
  "exact-lines": { says: "F1 of changed lines", isBetterHigh: true },
  quiet: { says: "nothing done where nothing is due", isBetterHigh: true },
  far: { says: "edit far from the right one", isBetterHigh: false },
  reversal: { says: "edit that takes back the last one", isBetterHigh: false },
  solved: { says: "keystrokes reach the wanted text", isBetterHigh: true },
  parsed: { says: "answer holds keystrokes", isBetterHigh: true },
  "keys-ratio": { says: "keys of the right answer by those that were needed", isBetterHigh: true }
} as const satisfies Record<string, { readonly says: string; readonly isBetterHigh: boolean }>

/** The name of a measure. */
export type EvaluationMeasure = keyof typeof evaluationMeasures

export const evaluationMeasureNames: ReadonlyArray<EvaluationMeasure> = [
  "exact",
  "similarity",
  "first-line",
  "prefix",
  "identifiers",
  "exact-cut",
  "parses",
  "readable",
  "delta-chrf",
  "exact-lines",
  "quiet",
  "far",
  "reversal",
  "solved",
  "parsed",
  "keys-ratio"
]

/** Measures of which more is better: a verdict goes by one of these. */
export const risingMeasureNames: ReadonlyArray<EvaluationMeasure> = evaluationMeasureNames.filter((name) =>
  evaluationMeasures[name].isBetterHigh
)
