/** `pnpm task generate`: git history and source trees become fill-in-the-middle and preference data. */
import * as Command from "@effect/cli/Command"
import * as HelpDoc from "@effect/cli/HelpDoc"
import * as Effect from "effect/Effect"
import { generateArgs, generateOptions } from "./generate/options.ts"
import { concurrency, quiet } from "./shared/options.ts"
import { outputFormatOptions } from "./shared/output-format.ts"

export const command = Command.make(
  "generate",
  { ...generateOptions, ...outputFormatOptions, concurrency, quiet, ...generateArgs },
  (flags) => Effect.flatMap(Effect.promise(() => import("./generate/handle.ts")), ({ handle }) => handle(flags))
).pipe(
  Command.withDescription(HelpDoc.sequence(
    HelpDoc.p("Turn git history or source trees into fill-in-the-middle, SFT, KTO and DPO data."),
    HelpDoc.p(
      "Examples:  generate --repo . --output dataset   |   generate --source tree --preview 3 src/   |   " +
        "generate https://github.com/pallets/flask --dataset-type both --format MIXED"
    )
  ))
)
