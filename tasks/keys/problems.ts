/** Why keys ends without a text. */
import * as Schema from "effect/Schema"
import { ExitCode } from "../../services/exit-code.ts"

/** The keys left no text. */
export class DidNotFinish extends Schema.TaggedError<DidNotFinish>()("DidNotFinish", {
  outcome: Schema.String,
  detail: Schema.String
}) {
  readonly exitCode = ExitCode.BadInput
  override get message() {
    const detail = this.detail === "" ? "" : ` (${this.detail})`
    const advice = this.outcome === "timed out" ? "; a longer --time-limit may do" : ""
    return `Cannot print the text: Vim ${this.outcome}${detail}${advice}`
  }
}
