/** What a run of lintseq is asked to do, checked and complete. Plain data: it crosses to worker threads. */
import type { EditFormat } from "../../services/edits/edit-format.ts"

export const algorithms = ["structure", "pylintseq"] as const
export const linterNames = ["auto", "ruff", "pylint", "oxc", "syntax"] as const
export type LinterName = (typeof linterNames)[number]

/** Languages that oxc reads, which is native code. */
export const scriptLanguages: ReadonlySet<string> = new Set(["javascript", "typescript", "tsx"])

const readsLanguage = (linter: LinterName, language: string): boolean => {
  switch (linter) {
    case "ruff":
    case "pylint":
      return language === "python"
    case "oxc":
      return scriptLanguages.has(language)
    case "auto":
    case "syntax":
      return true
  }
}

/**
 * Returns why no program of a language is taken because of the linter, or undefined.
 *
 * @example
 * reasonAgainstLanguage("pylint", "go") // "pylint does not read go"
 */
export const reasonAgainstLanguage = (linter: LinterName, language: string): string | undefined =>
  readsLanguage(linter, language) ? undefined : `${linter} does not read ${language}`

export interface LintseqSettings {
  readonly algorithm: (typeof algorithms)[number]
  /** Deals the lines out by weight alone, into edits of the sizes that the algorithm gives. */
  readonly randomBaseline: boolean
  /** "auto" is ruff for Python, oxc for JavaScript and TypeScript, the parser for all else. */
  readonly linter: LinterName
  /** How one edit is written. */
  readonly editFormat: EditFormat
  /** A row is a whole path, or a prompt and its completion. */
  readonly rows: "edit-path" | "prompt-completion"
  /** Whether prompts show the empty file only, or every state of the path in turn. */
  readonly states: "first" | "each"
  /** Names of the fields of JSON Lines; null for no prompt. */
  readonly promptField: string | null
  readonly codeField: string
  /** Whether U+FFFD is written for halves of surrogate pairs; a row that holds one is left out otherwise. */
  readonly replaceSurrogates: boolean
  /** Language of every program, or null to tell by row or file name. */
  readonly language: string | null
  /** What history tells the versions of: files, or each function and class at the top of one. */
  readonly historyUnit: "file" | "function"
  readonly pathsPerProgram: number
  readonly seed: number
  readonly maxEdits: number
  readonly timeLimitMillis: number
  /** Levels of the syntax tree of a program: one that nests deeper is left out. */
  readonly maxNesting: number
  /** No revision, commit or folder has more files. */
  readonly maxFiles: number
  readonly keepRejected: boolean
}
