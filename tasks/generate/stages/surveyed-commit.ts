/** How a part fails whose repository is not as it was surveyed. */
import * as Schema from "effect/Schema"
import { ExitCode } from "../../../services/faults/exit-code.ts"

/** The commit that was surveyed is not in the repository as it is here. */
export class SurveyedCommitGone extends Schema.TaggedError<SurveyedCommitGone>()("SurveyedCommitGone", {
  repository: Schema.String,
  sha: Schema.String
}) {
  readonly exitCode = ExitCode.Unavailable
  override get message() {
    return `Cannot read "${this.repository}" as it was surveyed: commit ${this.sha} is not there; fetch it`
  }
}
