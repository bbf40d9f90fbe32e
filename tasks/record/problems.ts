/** Why record ends without a picture. */
import * as Schema from "effect/Schema"
import { ExitCode } from "../../services/faults/exit-code.ts"

/** The program that renders a recording is not there, or fails. */
export class NoRenderer extends Schema.TaggedError<NoRenderer>()("NoRenderer", {
  program: Schema.String,
  detail: Schema.String
}) {
  readonly exitCode = ExitCode.Unavailable
  override get message() {
    return `Cannot render with "${this.program}": ${this.detail}; the recording itself was written`
  }
}
