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

/** No row has the field of a filter. */
export class NoSuchField extends Schema.TaggedError<NoSuchField>()("NoSuchField", {
  key: Schema.String,
  /** The fields that rows have. */
  names: Schema.Array(Schema.String)
}) {
  readonly exitCode = ExitCode.BadInput
  override get message() {
    return `No row has "${this.key}"; the fields are ${this.names.join(", ")}`
  }
}
