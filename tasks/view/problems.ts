/** What view cannot show. */
import * as Schema from "effect/Schema"
import { ExitCode } from "../../services/faults/exit-code.ts"

/** The file has fewer rows. */
export class NoSuchRow extends Schema.TaggedError<NoSuchRow>()("NoSuchRow", {
  name: Schema.String,
  number: Schema.Number,
  rows: Schema.Number
}) {
  readonly exitCode = ExitCode.BadInput
  override get message() {
    return `Cannot show row ${this.number} of "${this.name}": it has ${this.rows} row${this.rows === 1 ? "" : "s"}`
  }
}
