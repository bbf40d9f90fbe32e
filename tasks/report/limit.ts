/** The kind of a limit for a measure. */
import * as Schema from "effect/Schema"
import { type Measure, measures } from "../../services/measures/score.ts"
import type { Kind } from "../shared/asked/kinds.ts"

/** The share of rows that may have the fault. */
export interface Limit {
  readonly measure: Measure
  /** From 0 to 1. */
  readonly share: number
}

/** A measure and a share, typed as "blank-completions=0.01". */
export const share: Kind<Limit> = {
  placeholder: "MEASURE=SHARE",
  takes: `a measure and a share from 0 to 1, as in blank-completions=0.01; the measures are ${measures.join(", ")}`,
  read: (typed) => {
    const at = typed.lastIndexOf("=")
    const value = typed.slice(at + 1)
    return { measure: typed.slice(0, Math.max(0, at)), share: value === "" ? Number.NaN : Number(value) }
  },
  is: Schema.is(
    Schema.Struct({ measure: Schema.Literal(...measures), share: Schema.Number.pipe(Schema.between(0, 1)) })
  ),
  show: (limit) => JSON.stringify(limit)
}
