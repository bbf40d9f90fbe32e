/** Why evaluate ends with another code than 0. */
import * as Schema from "effect/Schema"
import { ExitCode } from "../../services/faults/exit-code.ts"

/** A model did not answer one row after another. */
export class TooManyFailures extends Schema.TaggedError<TooManyFailures>()("TooManyFailures", {
  model: Schema.String,
  detail: Schema.String,
  code: Schema.Number
}) {
  get exitCode() {
    return this.code
  }
  override get message() {
    return `${this.detail}; what was answered is kept, and the same call goes on from there`
  }
}

/** No row is left that can be asked, or that both models answered. */
export class NothingToCompare extends Schema.TaggedError<NothingToCompare>()("NothingToCompare", {
  detail: Schema.String
}) {
  readonly exitCode = ExitCode.BadInput
  override get message() {
    return `Cannot evaluate: ${this.detail}`
  }
}

/** A model does not reach what the user asks of it. */
export class ModelBelowThreshold extends Schema.TaggedError<ModelBelowThreshold>()("ModelBelowThreshold", {
  details: Schema.Array(Schema.String)
}) {
  readonly exitCode = ExitCode.ThresholdExceeded
  override get message() {
    return `Cannot accept the model: ${this.details.join("; ")}`
  }
}

/** A file of results is none. */
export class CannotReadResults extends Schema.TaggedError<CannotReadResults>()("CannotReadResults", {
  path: Schema.String,
  detail: Schema.String
}) {
  readonly exitCode = ExitCode.BadInput
  override get message() {
    return `Cannot compare with "${this.path}": ${this.detail}`
  }
}
