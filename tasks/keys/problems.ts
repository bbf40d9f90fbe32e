/** Why keys finds none. */
import * as Schema from "effect/Schema"
import { ExitCode } from "../../services/faults/exit-code.ts"

/** No candidate made the target, as when it differs in what no typing changes. */
export class NothingFound extends Schema.TaggedError<NothingFound>()("NothingFound", { tried: Schema.Number }) {
  readonly exitCode = ExitCode.BadInput
  override get message() {
    return `Cannot find keystrokes that make the target: none of ${this.tried} candidates does; ` +
      "line ends or a byte order mark may differ"
  }
}
