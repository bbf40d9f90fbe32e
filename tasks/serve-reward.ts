/** `pnpm task serve-reward`: an HTTP server that types what models answer and says what it is worth. */
import * as Command from "@effect/cli/Command"
import * as HelpDoc from "@effect/cli/HelpDoc"
import * as Effect from "effect/Effect"
import { serveRewardOptions } from "./serve-reward/options.ts"
import { concurrency } from "./shared/options.ts"
import { sandboxOptions } from "./shared/sandbox.ts"

export const command = Command.make(
  "serve-reward",
  { ...serveRewardOptions, ...sandboxOptions, concurrency },
  (flags) => Effect.flatMap(Effect.promise(() => import("./serve-reward/serve.ts")), ({ serve }) => serve(flags))
).pipe(
  Command.withDescription(HelpDoc.sequence(
    HelpDoc.p("Serve rewards for reinforcement learning over HTTP: completions are typed into a sandboxed Vim."),
    HelpDoc.p("Examples:  serve-reward   |   serve-reward --port 9000 --length-bonus 0.2 --concurrency 8")
  ))
)
