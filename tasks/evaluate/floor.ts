/** The kind of a least score: what a model must reach for a script to go on. */
import * as Schema from "effect/Schema"
import type { Kind } from "../shared/asked/kinds.ts"
import { type EvaluationMeasure, risingMeasureNames } from "./measures.ts"

/** The least mean that a measure may have. */
export interface LeastScore {
  readonly measure: EvaluationMeasure
  /** From 0 to 1. */
  readonly least: number
}

/** A measure and a share, typed as "exact=0.3". */
export const leastMean: Kind<LeastScore> = {
  placeholder: "MEASURE=SHARE",
  takes: `a measure and a share from 0 to 1, as in exact=0.3; the measures are ${risingMeasureNames.join(", ")}`,
  read: (typed) => {
    const at = typed.lastIndexOf("=")
    const value = typed.slice(at + 1)
    return { measure: typed.slice(0, Math.max(0, at)), least: value === "" ? Number.NaN : Number(value) }
  },
  is: Schema.is(
    Schema.Struct({
      measure: Schema.Literal(...risingMeasureNames),
      least: Schema.Number.pipe(Schema.between(0, 1))
    })
  ),
  show: (least) => JSON.stringify(least)
}
