/** What a program costs, counted: nothing here looks at a clock. */
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as RuffLinter from "../../../layers/linter/RuffLinter.ts"
import * as TreeSitterParser from "../../../layers/parser/TreeSitterParser.ts"
import { Linter } from "../../../services/Linter.ts"
import { Parser } from "../../../services/Parser.ts"
import { asked } from "../../../tasks/lintseq/asked.ts"
import { lintseqSettingsOf } from "../../../tasks/lintseq/request.ts"
import { runRowsJob } from "../../../tasks/lintseq/rows-job.ts"
import { answersChosen } from "../../../tasks/shared/asked/read.ts"
import { pythonProgram } from "../../support/python-programs.ts"

it.live("asks the linter about once an edit, and parses each program once", () =>
  Effect.gen(function*() {
    const linters = yield* Linter
    const parsers = yield* Parser
    let checks = 0
    let checked = 0
    let parses = 0
    const countingParser = Parser.of({
      ...parsers,
      open: (language) =>
        Effect.map(parsers.open(language), (parser) => ({
          ...parser,
          parse: (source) => {
            parses++
            return parser.parse(source)
          }
        }))
    })
    const openLinter = (_: string, language: string) =>
      Effect.map(linters.open(language), (linter) => {
        assert(linter._tag === "immediate")
        return {
          ...linter,
          check: (source: string) => {
            checks++
            checked += source.length
            return linter.check(source)
          }
        }
      })
    const programs = FastCheck.sample(pythonProgram, { numRuns: 100, seed: 15 })
    const lines = programs.map((response) => `${JSON.stringify({ instruction: "do", response })}\n`)
    const settings = yield* Effect.flatMap(answersChosen(asked, {}), lintseqSettingsOf)
    const output = yield* runRowsJob(countingParser, { openLinter })({
      settings,
      source: "x.jsonl",
      indices: programs.map((_, at) => at),
      bytes: new TextEncoder().encode(lines.join(""))
    })
    const edits = output.ledger["edits"]?.kept ?? 0
    const bytes = programs.reduce((sum, { length }) => sum + length, 0)
    assert.isAbove(edits, 500)
    // The whole program too is checked once, those that do not parse among them; the states are half as long.
    assert.isAtMost(checks, programs.length + 1.2 * edits)
    assert.isAtMost(checked / checks, 1.2 * bytes / programs.length)
    assert.isAtMost(parses, programs.length)
  }).pipe(Effect.provide([RuffLinter.layer, TreeSitterParser.layer])))
