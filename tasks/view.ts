/** `pnpm task view`: look at the rows of a dataset, in the terminal. */
import * as Command from "@effect/cli/Command"
import * as HelpDoc from "@effect/cli/HelpDoc"
import * as Effect from "effect/Effect"
import { sandboxOptions } from "./shared/sandbox.ts"
import { viewArgs, viewOptions } from "./view/options.ts"

export const command = Command.make(
  "view",
  { ...viewArgs, ...viewOptions, ...sandboxOptions },
  (flags) => Effect.flatMap(Effect.promise(() => import("./view/handle.ts")), ({ handle }) => handle(flags))
).pipe(
  Command.withDescription(HelpDoc.sequence(
    HelpDoc.p("Look at the rows of a dataset: one by one, filtered, searched, counted."),
    HelpDoc.p(
      "Examples:  view dataset/train_kto.jsonl   |   view -d dataset   |   view rows.jsonl --row 7   |   " +
        "view rows.parquet --stats"
    )
  ))
)
