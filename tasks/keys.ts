/** `pnpm task keys`: types keystrokes into a text, in a sandboxed Vim, and gives the text back. */
import * as Command from "@effect/cli/Command"
import * as HelpDoc from "@effect/cli/HelpDoc"
import * as Effect from "effect/Effect"
import { keysOptions } from "./keys/options.ts"
import { concurrency } from "./shared/options.ts"
import { sandboxOptions } from "./shared/sandbox.ts"

export const command = Command.make(
  "keys",
  { ...keysOptions, ...sandboxOptions, concurrency },
  (flags) => Effect.flatMap(Effect.promise(() => import("./keys/handle.ts")), ({ handle }) => handle(flags))
).pipe(
  Command.withDescription(HelpDoc.sequence(
    HelpDoc.p("Type keystrokes into a text, in a Vim that can touch nothing else, and print what becomes of it."),
    HelpDoc.p(
      "Examples:  keys --text 'hello world' --keys 'fwcwthere<Esc>'   |   keys --source a.py --keys ':%s/x/y/g<CR>'   |   " +
        "keys --batch items.jsonl > outcomes.jsonl"
    )
  ))
)
