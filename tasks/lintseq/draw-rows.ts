/** From one program to its rows: opens what its language needs, draws paths, checks them, counts what is left out. */
import * as Effect from "effect/Effect"
import type { LanguageLinter, LinterUnavailable } from "../../services/Linter.ts"
import type { GrammarUnavailable, Parser } from "../../services/Parser.ts"
import { leaveOut } from "../../services/rows/ledger.ts"
import { holdsSecret } from "../../services/secrets/secret-in.ts"
import type { HashPart } from "../../services/text/random.ts"
import { codeIn } from "./code-field.ts"
import { drawPaths, type Program, renderPath } from "./program.ts"
import type { Columns, ProgramOutput } from "./rows.ts"
import { type LinterName, type LintseqSettings, scriptLanguages } from "./settings.ts"
import { languageShapeOf } from "./structure/language-shapes.ts"
import type { LintseqTools } from "./tools.ts"

export interface ProgramRow {
  /** The program, or an answer in Markdown that holds it. */
  readonly field: string
  readonly language: string
  readonly key: ReadonlyArray<HashPart>
  /** What formats that name a file name. */
  readonly file: string
  readonly prompt: string | null
  readonly columns: Columns
}

/** Opens what a language needs, once; gives undefined for one whose programs cannot be taken apart. */
export type OpenLanguage = (
  linter: LinterName,
  language: string
) => Effect.Effect<Omit<Program, "code" | "key"> | undefined, GrammarUnavailable | LinterUnavailable>

export const languageOpener = (parser: Parser["Type"], tools: LintseqTools): OpenLanguage => {
  const opened = new Map<string, Omit<Program, "code" | "key">>()
  return Effect.fnUntraced(function*(linter, language) {
    const known = opened.get(`${linter} ${language}`)
    const shape = languageShapeOf(language)
    if (known !== undefined || shape === undefined) return known
    // One compiles in the background while the other starts.
    const parts = yield* Effect.all({ parser: parser.open(language), linter: tools.openLinter(linter, language) }, {
      concurrency: 2
    })
    const fresh = { shape, ...parts }
    opened.set(`${linter} ${language}`, fresh)
    return fresh
  })
}

/** In JavaScript three backticks are an empty template before another one, so Markdown may parse. */
const mayFenceParse = ({ field, language }: ProgramRow): boolean => scriptLanguages.has(language) && /^```/m.test(field)

/** Whether a text is code as it stands, whatever fences its comments hold. */
const parses = (linter: LanguageLinter, text: string) =>
  linter._tag === "immediate"
    ? Effect.succeed(linter.check(text).every(({ isSyntax }) => !isSyntax))
    : Effect.map(Effect.orElseSucceed(linter.check(text), () => []), (all) => all.every(({ isSyntax }) => !isSyntax))

/** Draws the rows of one program into `output`. */
export const drawRows = Effect.fnUntraced(function*(
  open: OpenLanguage,
  settings: LintseqSettings,
  row: ProgramRow,
  output: ProgramOutput
) {
  if ([row.file, row.prompt ?? "", row.field].some(holdsSecret)) return output.refuse("secret", row.columns)
  const opened = yield* open(settings.linter, row.language)
  if (opened === undefined) return output.refuse(`no grammar for ${row.language}`, row.columns)
  const isCode = row.field.includes("```") && !mayFenceParse(row) && (yield* parses(opened.linter, row.field))
  const code = isCode ? row.field : codeIn(row.field, row.language)
  const drawn = yield* drawPaths({ ...opened, code, key: row.key }, settings).pipe(
    Effect.catchTag("LinterFailed", () => Effect.succeed({ refused: "linter failed" }))
  )
  if ("refused" in drawn) return output.refuse(drawn.refused, row.columns)
  const rendered = drawn.map((path) => renderPath(path, code, settings, row.file))
  if (rendered.includes(undefined)) return output.refuse("path does not build the program (a bug)", row.columns)
  output.accept()
  const seen = new Set<string>()
  for (const [ordinal, path] of drawn.entries()) {
    const texts = rendered[ordinal] ?? []
    const whole = texts.join("\0")
    if (seen.has(whole)) leaveOut(output.ledger, "rows", "same path as another of its program")
    else output.put(path, texts, row.prompt, row.columns)
    seen.add(whole)
  }
})
