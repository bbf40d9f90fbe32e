/** From one program to its rows: opens what its language needs, draws paths, checks them, counts what is left out. */
import * as Effect from "effect/Effect"
import { type FencedBlock, fencedBlocks } from "../../services/formats/fenced-blocks.ts"
import { withoutThoughts } from "../../services/formats/thoughts.ts"
import type { LinterUnavailable } from "../../services/Linter.ts"
import type { GrammarUnavailable, Parser, SyntaxNodes } from "../../services/Parser.ts"
import { leaveOut } from "../../services/rows/ledger.ts"
import { holdsSecret } from "../../services/secrets/secret-in.ts"
import type { HashPart } from "../../services/text/random.ts"
import { codeIn } from "./code-field.ts"
import { drawPaths, type Program, readNodes, reasonAgainstNodes, renderPath } from "./program.ts"
import type { Columns, ProgramOutput } from "./rows.ts"
import { type LinterName, type LintseqSettings, reasonAgainstLanguage } from "./settings.ts"
import { languageShapeOf } from "./structure/language-shapes.ts"
import type { LintseqTools } from "./tools.ts"

export interface ProgramRow {
  readonly field: string
  /** Whether the field may be an answer in Markdown that holds the program; else it is the program. */
  readonly isAnswer: boolean
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

/** What text of a program is that no compiler reads: a fence in it is none. */
const unread = /comment|string|template|heredoc|regex|jsx_text|uninterpreted/

/** No parser takes long for a text of so many units, whatever it is. */
const shortText = 4096

/** Whether a text is code as it stands: it parses, and its fences are in its comments and strings. */
const isCode = Effect.fnUntraced(function*(
  { linter, parser }: Omit<Program, "code" | "key">,
  text: string,
  blocks: ReadonlyArray<FencedBlock>,
  settings: LintseqSettings
) {
  const isRefused = (nodes: SyntaxNodes | string): boolean =>
    typeof nodes === "string" || reasonAgainstNodes(nodes, settings) !== undefined
  // Most answers are no code, which the linter of a short one tells sooner.
  const early = text.length > shortText ? readNodes(parser, text) : undefined
  if (early !== undefined && isRefused(early)) return false
  const problems = linter._tag === "immediate"
    ? linter.check(text)
    : yield* Effect.orElseSucceed(linter.check(text), () => [])
  if (problems.some(({ isSyntax }) => isSyntax)) return false
  const nodes = early ?? readNodes(parser, text)
  return typeof nodes !== "string" && !isRefused(nodes) && blocks.every(({ offset }) => {
    for (let row = 1; row < nodes.count; row++) {
      const isAround = (nodes.start[row] ?? 0) < offset && (nodes.end[row] ?? 0) > offset
      if (isAround && unread.test(nodes.type[row] ?? "")) return true
    }
    return false
  })
})

/** The program of a row: the whole text, or what an answer in Markdown has between its fences. */
const programOf = Effect.fnUntraced(function*(
  opened: Omit<Program, "code" | "key">,
  { field, language }: ProgramRow,
  settings: LintseqSettings
) {
  const answer = withoutThoughts(field) ?? ""
  const blocks = fencedBlocks(field)
  if ((blocks.length === 0 && answer === field) || (yield* isCode(opened, field, blocks, settings))) return field
  const answered = answer === field ? blocks : fencedBlocks(answer)
  return answered.length === 0 ? answer.trim() : codeIn(answered, language)
})

/** Draws the rows of one program into `output`. */
export const drawRows = Effect.fnUntraced(function*(
  open: OpenLanguage,
  settings: LintseqSettings,
  row: ProgramRow,
  output: ProgramOutput
) {
  if ([row.file, row.prompt ?? "", row.field].some(holdsSecret)) return output.refuse("secret", row.columns)
  const unread = reasonAgainstLanguage(settings.linter, row.language)
  if (unread !== undefined) return output.refuse(unread, row.columns)
  const opened = yield* open(settings.linter, row.language)
  if (opened === undefined) return output.refuse(`no grammar for ${row.language}`, row.columns)
  const code = row.isAnswer ? yield* programOf(opened, row, settings) : row.field
  if (code === undefined) return output.refuse(`no block of ${row.language} in its Markdown`, row.columns)
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
