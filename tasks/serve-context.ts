/** `pnpm task serve-context`: cross-file context for editors, over JSON-RPC, from the index that makes training rows. */
import * as Command from "@effect/cli/Command"
import * as HelpDoc from "@effect/cli/HelpDoc"
import * as Effect from "effect/Effect"
import { serveOptions } from "./serve-context/options.ts"
import { concurrency } from "./shared/options.ts"

export const command = Command.make(
  "serve-context",
  { ...serveOptions, concurrency },
  (flags) => Effect.flatMap(Effect.promise(() => import("./serve-context/handle.ts")), ({ handle }) => handle(flags))
).pipe(
  Command.withDescription(HelpDoc.sequence(
    HelpDoc.p(
      "Serve cross-file signatures and lexical retrieval to editors, over JSON-RPC on standard input and output."
    ),
    HelpDoc.p(
      "Examples:  serve-context   |   serve-context --socket /tmp/retrace.sock   |   serve-context --mcp --root .   |   " +
        "serve-context --proxy-infill http://127.0.0.1:8012 --listen 8013"
    )
  ))
)
