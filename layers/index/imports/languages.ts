/** Which rules read the imports of which language. A language without any relies on unique names. */
import { c } from "./c.ts"
import { cSharp } from "./c-sharp.ts"
import { go } from "./go.ts"
import { java } from "./java.ts"
import { javascript } from "./javascript.ts"
import { php } from "./php.ts"
import { python } from "./python.ts"
import { ruby } from "./ruby.ts"
import type { ImportRules } from "./rules.ts"
import { rust } from "./rust.ts"

const none: ImportRules = {
  namespaceOf: () => "",
  scan: () => [],
  resolve: () => [],
  neighbours: () => []
}

const rules: Readonly<Record<string, ImportRules>> = {
  php,
  python,
  javascript,
  typescript: javascript,
  tsx: javascript,
  vue: javascript,
  svelte: javascript,
  go,
  java,
  rust,
  c,
  cpp: c,
  ruby,
  "c-sharp": cSharp
}

export const importRulesOf = (language: string): ImportRules => rules[language] ?? none
