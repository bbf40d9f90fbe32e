/** Why lintseq ends without rows. */
import * as Schema from "effect/Schema"
import { ExitCode } from "../../services/faults/exit-code.ts"

/** The input holds nothing of which a path could be drawn. */
export class NoProgram extends Schema.TaggedError<NoProgram>()("NoProgram", {
  source: Schema.String,
  reasons: Schema.Record({ key: Schema.String, value: Schema.Number })
}) {
  readonly exitCode = ExitCode.BadInput
  override get message() {
    const named = Object.entries(this.reasons).sort(([, a], [, b]) => b - a).slice(0, 4)
      .map(([reason, count]) => `${count} ${reason}`).join(", ")
    const isField = Object.keys(this.reasons).some((reason) => reason.startsWith("no field"))
    const advice = isField ? "; name the fields with --code-field and --prompt-field (or None)" : ""
    return `Cannot write a path of "${this.source}": ${
      named === "" ? "there is no program in it" : `left out were ${named}`
    }${advice}`
  }
}
