/** `pnpm task doctor`: which tools this machine has, and what does not work without the others. */
import * as Command from "@effect/cli/Command"
import * as HelpDoc from "@effect/cli/HelpDoc"
import * as Options from "@effect/cli/Options"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"

export const command = Command.make(
  "doctor",
  {
    endpoint: Options.optional(Options.text("endpoint")).pipe(
      Options.withDescription("A model server that is asked too, such as http://127.0.0.1:8000/v1")
    )
  },
  ({ endpoint }) =>
    Effect.flatMap(
      Effect.promise(() => import("./doctor/examine.ts")),
      ({ examine }) => examine(Option.getOrNull(endpoint))
    )
).pipe(
  Command.withDescription(HelpDoc.sequence(
    HelpDoc.p("Say which tools this machine has, and what does not work without the others."),
    HelpDoc.p("Examples:  doctor   |   doctor --endpoint http://127.0.0.1:8000/v1")
  ))
)
