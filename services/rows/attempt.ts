/** Attempt: what was tried for one edit in one round, and what became of it. */
import * as Schema from "effect/Schema"
import { Fault } from "../keys/fault.ts"
import { isFields, textOf } from "./fields.ts"
import type { RowShape } from "./shape.ts"

/** Keys that were typed, and what became of the text. */
export const Trial = Schema.Struct({
  /** In their only spelling. */
  keys: Schema.String,
  /** As whoever proposed them wrote them. */
  transform: Schema.String,
  keystrokes: Schema.Number,
  /** What is wrong with how it ended; null where the edit was done. */
  fault: Schema.NullOr(Fault)
})
export type Trial = typeof Trial.Type

/** What was tried for one edit in one round. */
export const AttemptRow = Schema.Struct({
  round: Schema.Number,
  /** Id of the edit. */
  edit: Schema.String,
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
    return {
      shown: ["trials", "near_misses"],
      sections: [...proposed, ...spoiled].filter(isFields).map((trial, index) => ({
        kind: "keys",
        name: index < proposed.length ? `candidate ${index + 1}` : "near miss",
        keys: textOf(trial["keys"]) ?? "",
        note: textOf(trial["fault"]) ?? "solved",
        tone: trial["fault"] === null ? "wanted" : "unwanted"
      }))
    }
  },
  asked: null,
  trl: null,
  introduction: null,
  tag: null
}
