/** Why the demonstration ends early. */
import * as Schema from "effect/Schema"
import { ExitCode } from "../../services/faults/exit-code.ts"
import { calledAs } from "../shared/called-as.ts"

/** One of its tasks failed; what it said stands above. */
export class StepFailed extends Schema.TaggedError<StepFailed>()("StepFailed", {
  command: Schema.String,
  code: Schema.Number
}) {
  readonly exitCode = this.code === ExitCode.CannotWrite ? ExitCode.CannotWrite : ExitCode.Unavailable
  override get message() {
    const advice = this.exitCode === ExitCode.CannotWrite ? "" : `; "${calledAs} doctor" says what is missing`
    return `Cannot go on: "${this.command}" ended with ${this.code}${advice}`
  }
}

/** The folder is there already, with something in it. */
export class DemoFolderTaken extends Schema.TaggedError<DemoFolderTaken>()("DemoFolderTaken", { path: Schema.String }) {
  readonly exitCode = ExitCode.CannotWrite
  override get message() {
    return `Cannot build the demonstration in "${this.path}": it is not empty; pass another --output`
  }
}
