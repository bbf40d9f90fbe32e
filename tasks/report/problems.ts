/** Why report ends with another code than 0. */
import * as Schema from "effect/Schema"
import { ExitCode } from "../../services/faults/exit-code.ts"

/** A measure is above what the user allows. */
export class ThresholdExceeded extends Schema.TaggedError<ThresholdExceeded>()("ThresholdExceeded", {
  details: Schema.Array(Schema.String)
}) {
  readonly exitCode = ExitCode.ThresholdExceeded
  override get message() {
    return `Cannot accept the dataset: ${this.details.join("; ")}`
  }
}

/** A person wrote in the card, or another tool did. */
export class CardEdited extends Schema.TaggedError<CardEdited>()("CardEdited", { path: Schema.String }) {
  readonly exitCode = ExitCode.CannotWrite
  override get message() {
    return `Cannot replace "${this.path}": a person edited it, or another tool wrote it; pass --overwrite, or move it away`
  }
}
