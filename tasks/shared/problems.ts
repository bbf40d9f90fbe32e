/** What is wrong with a call of any task. */
import * as Schema from "effect/Schema"
import { ExitCode } from "../../services/faults/exit-code.ts"

/** A flag, or a combination of flags, that makes no sense. */
export class WrongUsage extends Schema.TaggedError<WrongUsage>()("WrongUsage", { detail: Schema.String }) {
  readonly exitCode = ExitCode.Usage
  override get message() {
    return this.detail
  }
}

/** A file that a flag names cannot be read. */
export class CannotReadInput extends Schema.TaggedError<CannotReadInput>()("CannotReadInput", {
  path: Schema.String,
  detail: Schema.String
}) {
  readonly exitCode = ExitCode.MissingInput
  override get message() {
    return `Cannot read "${this.path}": ${this.detail}`
  }
}

/** A line of a file that a flag names is not what the flag takes. */
export class WrongLine extends Schema.TaggedError<WrongLine>()("WrongLine", {
  path: Schema.String,
  /** From 1. */
  line: Schema.Number,
  detail: Schema.String
}) {
  readonly exitCode = ExitCode.BadInput
  override get message() {
    return `Cannot read line ${this.line} of "${this.path}": ${this.detail}`
  }
}

/** A file whose bytes are no text: what came out could not be what went in. */
export class NotUtf8 extends Schema.TaggedError<NotUtf8>()("NotUtf8", { path: Schema.String }) {
  readonly exitCode = ExitCode.BadInput
  override get message() {
    return `Cannot read "${this.path}": it is not UTF-8; convert it first, as with iconv`
  }
}

/** The keys left no text. */
export class DidNotFinish extends Schema.TaggedError<DidNotFinish>()("DidNotFinish", {
  outcome: Schema.String,
  detail: Schema.String
}) {
  readonly exitCode = ExitCode.BadInput
  override get message() {
    const detail = this.detail === "" ? "" : ` (${this.detail})`
    const advice = this.outcome === "timed out" ? "; a longer --time-limit may help" : ""
    const what = this.outcome === "killed" ? "was killed" : this.outcome
    return `Cannot print the text: Vim ${what}${detail}${advice}`
  }
}
