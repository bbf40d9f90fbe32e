/** Why keys finds no keystrokes. */
import * as Schema from "effect/Schema"
import { ExitCode } from "../../services/faults/exit-code.ts"

/** No candidate made the target; the texts may differ in something that typing does not change. */
export class NothingFound extends Schema.TaggedError<NothingFound>()("NothingFound", { tried: Schema.Number }) {
  readonly exitCode = ExitCode.BadInput
  override get message() {
    return `Cannot find keystrokes that make the target: none of ${this.tried} candidates makes it; ` +
      "line ends or a byte order mark may differ"
  }
}
