/** Tells what git warned of while a run went on. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { Git, type GitWarning } from "../../../services/Git.ts"
import type { RunListener } from "./listener.ts"

/** Returns a warning as it is told: "git says: … (12 times)". */
export const warningLine = ({ count, text }: GitWarning): string => `${text}${count === 1 ? "" : ` (${count} times)`}`

/** Tells it when the scope ends well; a run that fails ends with the line of its failure alone. */
export const tellGitWarnings = (listen: RunListener) =>
  Effect.flatMap(
    Git,
    ({ warnings }) =>
      Effect.addFinalizer((exit) =>
        Effect.flatMap(warnings, (heard) =>
          Exit.isFailure(exit)
            ? Effect.void
            : Effect.forEach(heard, (warning) => listen({ _tag: "warned", message: warningLine(warning) }), {
              discard: true
            }))
      )
  )
