/** `pnpm task vim-loop`: predict keystrokes for real edits, type them in the sandbox, keep and show what worked. */
import * as Command from "@effect/cli/Command"
import * as HelpDoc from "@effect/cli/HelpDoc"
import * as Effect from "effect/Effect"
import { concurrency, quiet } from "./shared/options.ts"
import { outputFormatOptions } from "./shared/output-format.ts"
import { sandboxOptions } from "./shared/sandbox.ts"
import { vimLoopOptions } from "./vim-loop/options.ts"

export const command = Command.make(
  "vim-loop",
  { ...vimLoopOptions, ...outputFormatOptions, ...sandboxOptions, concurrency, quiet },
  (flags) => Effect.flatMap(Effect.promise(() => import("./vim-loop/handle.ts")), ({ handle }) => handle(flags))
).pipe(
  Command.withDescription(HelpDoc.sequence(
    HelpDoc.p("Build a dataset of verified Vim keystrokes for the edits of a history, round by round."),
    HelpDoc.p(
      "Examples:  vim-loop --repo .   |   vim-loop --repo . --predictor chat --endpoint http://127.0.0.1:8000/v1 " +
        "--model qwen3   |   vim-loop --pairs pairs.jsonl   |   vim-loop --repo . --list-edits"
    )
  ))
)
