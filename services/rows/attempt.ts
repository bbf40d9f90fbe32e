/** Attempt: what was tried for one edit in one round, and what became of it. */
import * as Schema from "effect/Schema"
import { Fault } from "../keys/fault.ts"
import { type Fields, isFields, textOf } from "./fields.ts"
import { edit, type Section } from "./picture.ts"
import type { RowShape } from "./shape.ts"

/** Keys that were typed, and what became of the text. */
export const Trial = Schema.Struct({
  /** In their only spelling. */
  keys: Schema.String,
  /** As whoever proposed them wrote them. */
  transform: Schema.String,
  keystrokes: Schema.Number,
  /** What is wrong with how it ended; null where the edit was done. */
  fault: Schema.NullOr(Fault),
  /** The text that the keys left; null where it is the target, where there is none, and where it is not kept. */
  result: Schema.NullOr(Schema.String)
})
export type Trial = typeof Trial.Type

/** What was tried for one edit in one round. */
export const AttemptRow = Schema.Struct({
  round: Schema.Number,
  /** Id of the edit. */
  edit: Schema.String,
  source: Schema.String,
  target: Schema.String,
  predictor: Schema.String,
  /** What the predictor proposed, the best first. */
  trials: Schema.Array(Trial),
  /** Right keys that were spoiled, and then tried, so that they are known to be wrong. */
  near_misses: Schema.Array(Trial),
  /** Answers without keys, by reason. */
  refused: Schema.Array(Schema.Struct({ reason: Schema.String, count: Schema.Number })),
  requests: Schema.Number,
  prompt_tokens: Schema.Number,
  completion_tokens: Schema.Number
})
export type AttemptRow = typeof AttemptRow.Type

/** Name of the journal in the folder of its run. */
export const attemptsFile = "attempts.jsonl"

/** The shape of the rows of the journal. */
export const attempt: RowShape = {
  name: "attempt",
  schema: AttemptRow,
  is: (row) => Array.isArray(row["trials"]),
  view: (row) => {
    const proposed = Array.isArray(row["trials"]) ? row["trials"] : []
    const spoiled = Array.isArray(row["near_misses"]) ? row["near_misses"] : []
    const source = textOf(row["source"])
    const target = textOf(row["target"])
    const asked = source === undefined || target === undefined
      ? []
      : [edit({ name: "edit", before: source, after: target })]
    return {
      shown: ["trials", "near_misses", ...(asked.length === 0 ? [] : ["source", "target"])],
      sections: [
        ...asked,
        ...[...proposed, ...spoiled].filter(isFields).flatMap((trial, index) =>
          trialSections(trial, index < proposed.length ? `candidate ${index + 1}` : "near miss", target)
        )
      ]
    }
  },
  asked: null,
  tag: null
}

/** What was typed, and how far what it left is from the target. */
const trialSections = (trial: Fields, name: string, target: string | undefined): ReadonlyArray<Section> => {
  const result = textOf(trial["result"])
  return [
    {
      kind: "keys",
      name,
      keys: textOf(trial["keys"]) ?? "",
      note: textOf(trial["fault"]) ?? "solved",
      tone: trial["fault"] === null ? "wanted" : "unwanted"
    },
    ...(result === undefined || target === undefined
      ? []
      : [edit({ name: "what the keys left, and the target", before: result, after: target })])
  ]
}

/** A result may be this many times as long as the texts of its edit, and so many units longer. UTF-16 units. */
const resultTimes = 2
const resultSpare = 1024

/** Returns the result of a trial as its row keeps it: keys can make a text of any length. */
export const keptResult = (
  result: string | undefined,
  { source, target }: Pick<AttemptRow, "source" | "target">
): string | null =>
  result === undefined || result.length > resultTimes * Math.max(source.length, target.length) + resultSpare
    ? null
    : result
