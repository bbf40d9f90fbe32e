/** Choices of a command line or a library call become checked settings; a wrong one is named with what to do. */
import * as Effect from "effect/Effect"
import type { EditFormat } from "../../services/edits/edit-format.ts"
import { WrongUsage } from "../shared/problems.ts"
import { languageSaid } from "./code-field.ts"
import type { algorithms, LinterName, LintseqSettings } from "./settings.ts"
import { shapedLanguages } from "./structure/language-shapes.ts"

/** What may be asked: every part has a default. */
export interface LintseqChoices {
  readonly algorithm?: (typeof algorithms)[number] | undefined
  readonly linter?: LinterName | undefined
  readonly randomBaseline?: boolean | undefined
  readonly format?: EditFormat | "prompt-completion" | undefined
  readonly editFormat?: EditFormat | undefined
  readonly states?: "first" | "each" | undefined
  /** null for no prompt. */
  readonly promptField?: string | null | undefined
  readonly codeField?: string | undefined
  readonly language?: string | undefined
  readonly historyUnit?: "file" | "function" | undefined
  readonly pathsPerProgram?: number | undefined
  readonly seed?: number | undefined
  readonly maxEdits?: number | undefined
  readonly timeLimitSeconds?: number | undefined
  readonly keepRejected?: boolean | undefined
}

const wrong = (detail: string) => new WrongUsage({ detail })

const atLeastOne = (flag: string, value: number) =>
  Number.isInteger(value) && value >= 1
    ? Effect.succeed(value)
    : wrong(`Cannot use ${flag} ${value}: it takes a number from 1 up`)

/** Checks the choices and fills in what is missing. */
export const resolveSettings = Effect.fnUntraced(function*(choices: LintseqChoices) {
  const algorithm = choices.algorithm ?? "structure"
  const language = choices.language === undefined ? null : languageSaid(choices.language)
  if (language !== null && !shapedLanguages.includes(language)) {
    return yield* wrong(`Cannot take "${language}" apart: --language takes ${shapedLanguages.join(", ")}`)
  }
  if (algorithm === "pylintseq" && language !== null && language !== "python") {
    return yield* wrong("Cannot use --algorithm pylintseq: it knows Python only; leave it out")
  }
  const seconds = choices.timeLimitSeconds ?? 20
  if (!(seconds > 0)) return yield* wrong(`Cannot use --time-limit ${seconds}: it takes seconds above 0`)
  const format = choices.format ?? "udiff"
  const isPairs = format === "prompt-completion"
  const named = choices.linter ?? "auto"
  const settings: LintseqSettings = {
    algorithm,
    randomBaseline: choices.randomBaseline ?? false,
    linter: named === "auto" && algorithm === "pylintseq" ? "pylint" : named,
    editFormat: isPairs ? choices.editFormat ?? "udiff" : format,
    rows: isPairs ? "prompt-completion" : "edit-path",
    states: choices.states ?? "first",
    promptField: choices.promptField === undefined ? "instruction" : choices.promptField,
    codeField: choices.codeField ?? "response",
    language: algorithm === "pylintseq" ? "python" : language,
    historyUnit: choices.historyUnit ?? "file",
    pathsPerProgram: yield* atLeastOne("--paths-per-program", choices.pathsPerProgram ?? 1),
    seed: choices.seed ?? 1,
    maxEdits: yield* atLeastOne("--max-edits", choices.maxEdits ?? 512),
    timeLimitMillis: seconds * 1000,
    keepRejected: choices.keepRejected ?? false
  }
  return settings
})
