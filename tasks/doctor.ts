/** `pnpm task doctor`: which tools this machine has, and what does not work without the others. */
import * as Command from "@effect/cli/Command"
import * as HelpDoc from "@effect/cli/HelpDoc"
import * as Effect from "effect/Effect"

export const command = Command.make(
  "doctor",
  {},
  () => Effect.flatMap(Effect.promise(() => import("./doctor/examine.ts")), ({ examine }) => examine)
).pipe(
  Command.withDescription(HelpDoc.sequence(
    HelpDoc.p("Say which tools this machine has, and what does not work without the others."),
    HelpDoc.p("Example:  doctor")
  ))
)
