/** The one way to end where the input leaves nothing to work on. */
import * as Schema from "effect/Schema"
import { ExitCode } from "../../../services/faults/exit-code.ts"
import type { Ledger } from "../../../services/rows/ledger.ts"

const Counts = Schema.Record({
  key: Schema.String,
  value: Schema.Struct({
    came: Schema.Number,
    kept: Schema.Number,
    leftOut: Schema.Record({ key: Schema.String, value: Schema.Number })
  })
})

/** No commit, file, program or edit was left after the rules of the run. */
export class NothingToDo extends Schema.TaggedError<NothingToDo>()("NothingToDo", {
  /** What was looked for, as it stands behind "Cannot". */
  sought: Schema.String,
  ledger: Counts,
  /** What to say where nothing was left out either. */
  otherwise: Schema.String,
  /** What may help; "" for nothing. */
  advice: Schema.String.pipe(Schema.propertySignature, Schema.withConstructorDefault(() => ""))
}) {
  readonly exitCode = ExitCode.BadInput
  override get message() {
    const reasons = leadingReasons(this.ledger)
    const advice = [this.advice, lacksObjects(this.ledger) ? howToFetch : ""].filter((text) => text !== "")
    const what = reasons === "" ? this.otherwise : `left out were ${reasons}`
    return `Cannot ${this.sought}: ${[what, ...advice].join("; ")}`
  }
}

/** Whether objects were missing, as they are in a partial clone. */
const lacksObjects = (ledger: Ledger): boolean =>
  Object.values(ledger).some(({ leftOut }) => (leftOut["missing object"] ?? 0) > 0)

const howToFetch = "type \"git fetch --refetch --no-filter\" there to fetch what a partial clone left out"

/** How many reasons are named. */
const namedReasons = 4

const leadingReasons = (ledger: Ledger): string =>
  Object.values(ledger).flatMap(({ leftOut }) => Object.entries(leftOut)).sort(([, a], [, b]) => b - a)
    .slice(0, namedReasons).map(([reason, count]) => `${count} ${reason}`).join(", ")
