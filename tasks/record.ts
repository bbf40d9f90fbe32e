/** `pnpm task record`: types keystrokes into a text and writes what the terminal shows as an asciicast. */
import * as Command from "@effect/cli/Command"
import * as HelpDoc from "@effect/cli/HelpDoc"
import * as Effect from "effect/Effect"
import { recordOptions } from "./record/options.ts"
import { sandboxOptions } from "./shared/sandbox.ts"

export const command = Command.make(
  "record",
  { ...recordOptions, ...sandboxOptions },
  (flags) => Effect.flatMap(Effect.promise(() => import("./record/handle.ts")), ({ handle }) => handle(flags))
).pipe(
  Command.withDescription(HelpDoc.sequence(
    HelpDoc.p("Record Vim while keystrokes are typed into it: an asciicast, the same bytes for the same input."),
    HelpDoc.p(
      "Examples:  record --keys 'iHello, Vim!<Esc>' --output hello.cast   |   " +
        "record --source a.py --keys 'jdd' -o a.cast --interval 300ms --gif a.gif"
    )
  ))
)
