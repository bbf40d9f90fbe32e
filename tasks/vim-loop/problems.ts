/** Why vim-loop ends before it has begun. */
import * as Schema from "effect/Schema"
import { ExitCode } from "../../services/faults/exit-code.ts"

/** No edit was left after the rules of the run. */
export class NoEdits extends Schema.TaggedError<NoEdits>()("NoEdits", {
  reasons: Schema.Record({ key: Schema.String, value: Schema.Number })
}) {
  readonly exitCode = ExitCode.BadInput
  override get message() {
    const reasons = Object.entries(this.reasons).sort(([, a], [, b]) => b - a).slice(0, 4)
    return `Cannot find an edit to solve: ${
      reasons.length === 0
        ? "there is none in range"
        : `left out were ${reasons.map(([reason, count]) => `${count} (${reason})`).join(", ")}`
    }`
  }
}
