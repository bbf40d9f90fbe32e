/** `pnpm task lintseq`: programs become sequences of edits, each of which leaves a clean state. */
import * as Command from "@effect/cli/Command"
import * as HelpDoc from "@effect/cli/HelpDoc"
import * as Effect from "effect/Effect"
import { lintseqOptions } from "./lintseq/options.ts"
import { concurrency, quiet } from "./shared/options.ts"
import { outputFormatOptions } from "./shared/output-format.ts"

export const command = Command.make(
  "lintseq",
  { ...lintseqOptions, ...outputFormatOptions, concurrency, quiet },
  (flags) => Effect.flatMap(Effect.promise(() => import("./lintseq/handle.ts")), ({ handle }) => handle(flags))
).pipe(
  Command.withDescription(HelpDoc.sequence(
    HelpDoc.p("Turn programs into sequences of edits, each of which leaves a state that a linter finds clean."),
    HelpDoc.p(
      "Examples:  lintseq --input programs.jsonl --output edits.jsonl   |   lintseq --repo . --preview 1   |   " +
        "lintseq -p programs.jsonl -d out -s 5 -c 8 --seed 1   |   lintseq --repo . --from-history -o edits.jsonl"
    )
  ))
)
