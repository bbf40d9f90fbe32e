/** `pnpm task demo`: every task on a small repository that it builds itself. */
import * as Command from "@effect/cli/Command"
import * as HelpDoc from "@effect/cli/HelpDoc"
import * as Options from "@effect/cli/Options"
import * as Effect from "effect/Effect"

export const command = Command.make(
  "demo",
  {
    output: Options.text("output").pipe(
      Options.withAlias("o"),
      Options.withDefault("./retrace-demo"),
      Options.withDescription("Folder for all of it (default: ./retrace-demo)")
    ),
    noView: Options.boolean("no-view").pipe(Options.withDescription("Do not end in the viewer"))
  },
  ({ noView, output }) =>
    Effect.flatMap(Effect.promise(() => import("./demo/handle.ts")), ({ handle }) => handle({ output, view: !noView }))
).pipe(
  Command.withDescription(HelpDoc.sequence(
    HelpDoc.p("Run every task on a small repository: no network, no model, less than a minute; ends in the viewer."),
    HelpDoc.p("Examples:  demo   |   demo --output /tmp/demo --no-view")
  ))
)
