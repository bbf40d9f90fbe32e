/** What the jobs need beyond their input, from the composition root of the thread. */
import type * as Effect from "effect/Effect"
import type { LanguageLinter, LinterUnavailable } from "../../services/Linter.ts"
import type { LinterName } from "./settings.ts"

export interface LintseqTools {
  /** Opens a linter by its name; "auto" is the default one of the language. */
  readonly openLinter: (name: LinterName, language: string) => Effect.Effect<LanguageLinter, LinterUnavailable>
}
