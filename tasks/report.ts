/** `pnpm task report`: a page of figures, a dataset card, and the measures that a dataset is judged by. */
import * as Command from "@effect/cli/Command"
import * as HelpDoc from "@effect/cli/HelpDoc"
import * as Effect from "effect/Effect"
import { reportArgs, reportOptions } from "./report/options.ts"

export const command = Command.make(
  "report",
  { ...reportArgs, ...reportOptions },
  (flags) => Effect.flatMap(Effect.promise(() => import("./report/handle.ts")), ({ handle }) => handle(flags))
).pipe(
  Command.withDescription(HelpDoc.sequence(
    HelpDoc.p("Write report.html, figures and the dataset card of a folder of rows, or score any dataset."),
    HelpDoc.p(
      "Examples:  report dataset   |   report dataset --score --max test-prompts-in-train=0   |   report rows.jsonl --score"
    )
  ))
)
