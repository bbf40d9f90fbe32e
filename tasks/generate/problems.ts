/** Why generate ends before it has begun. */
import * as Schema from "effect/Schema"
import { ExitCode } from "../../services/faults/exit-code.ts"
import type { Ledger } from "../../services/rows/ledger.ts"

const Counts = Schema.Record({
  key: Schema.String,
  value: Schema.Struct({
    came: Schema.Number,
    kept: Schema.Number,
    leftOut: Schema.Record({ key: Schema.String, value: Schema.Number })
  })
})

/** No commit or file was left after the rules of the run. */
export class NothingToDo extends Schema.TaggedError<NothingToDo>()("NothingToDo", { ledger: Counts }) {
  readonly exitCode = ExitCode.BadInput
  override get message() {
    const reasons = leadingReasons(this.ledger)
    return `Cannot find anything to learn from: ${
      reasons === ""
        ? "no commit is in range; widen --start-date, --end-date or --max-commits"
        : `left out were ${reasons}`
    }`
  }
}

const leadingReasons = (ledger: Ledger): string =>
  Object.entries(ledger).flatMap(([stage, { leftOut }]) =>
    Object.entries(leftOut).map(([reason, count]) => ({ stage, reason, count }))
  ).sort((a, b) => b.count - a.count).slice(0, 4)
    .map(({ count, reason, stage }) => `${count} ${stage} (${reason})`).join(", ")
