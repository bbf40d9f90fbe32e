/** What `--score` says of next edits: what the rows of a type ask, and how answers compare with the wanted ones. */
import { deltaChrfBeta } from "../../services/measures/next-edit/delta-chrf.ts"
import type { AnswerFigures, NextEditFigures, PartOf } from "../../services/measures/next-edit/figures.ts"
import type { TypeScores } from "../../services/measures/score.ts"
import { counted, percent } from "./wording.ts"

type Types = ReadonlyMap<string, Pick<TypeScores, "nextEdits">>

const nextEditsIn = (types: Types): ReadonlyArray<readonly [string, NextEditFigures]> =>
  [...types].flatMap(([name, { nextEdits }]) => (nextEdits === null ? [] : [[name, nextEdits] as const]))

const nameWidth = 34

const line = (name: string, text: string): string => `${name.padEnd(nameWidth)}${text}`

const partOf = ({ hit, of }: PartOf): string =>
  of === 0 ? "does not apply" : `${counted(hit)} of ${counted(of)} (${percent(hit / of)})`

const rounded = (figure: number): string => figure.toFixed(2)

/** Returns the lines of all types that have rows of next edits; none where no type has. */
export const nextEditLines = (types: Types): ReadonlyArray<string> =>
  nextEditsIn(types).flatMap(([name, { answers, dialects, halfTyped, mostTokens, quiet, tokens, unwanted }]) => {
    const { median, most, p99 } = tokens.quantiles()
    return [
      `next edits of ${name}: ${
        Object.entries(dialects).map(([dialect, rows]) => `${counted(rows)} of ${dialect}`).join(", ")
      }`,
      line("  rows that want no edit", partOf(quiet)),
      line("  rows with a half-typed line", partOf(halfTyped)),
      line(
        "  tokens, as the format counts",
        `median ${counted(median)}, 99 % ${counted(p99)}, most ${counted(most)}; the format allows ${
          counted(mostTokens)
        }`
      ),
      ...answerLines("answers of the column answer", answers),
      ...answerLines("unwanted answers", unwanted)
    ]
  })

const answerLines = (what: string, figures: AnswerFigures | null): ReadonlyArray<string> =>
  figures === null ? [] : [
    line(`  ${what}`, counted(figures.answers)),
    ...Object.entries(figures.unreadable).map(([reason, count]) =>
      line(`    unreadable`, `${counted(count)}: ${reason}`)
    ),
    line("    no edit", partOf(figures.quiet)),
    line("    no edit where none is wanted", partOf(figures.quietWhereNoneIsWanted)),
    line(`    ΔchrF, β = ${deltaChrfBeta}`, rounded(figures.deltaChrf)),
    line(
      "    exact lines",
      `precision ${rounded(figures.linePrecision)}, recall ${rounded(figures.lineRecall)}, F1 ${
        rounded(figures.lineF1)
      }`
    ),
    line("    kept units", `precision ${rounded(figures.keptPrecision)}, recall ${rounded(figures.keptRecall)}`),
    line("    take back the last edit", partOf(figures.reversals)),
    line("    open with 3 deleted lines", partOf(figures.openingWithDeletions)),
    line("    far from what is wanted", partOf(figures.far)),
    line("    much longer than the region", partOf(figures.overLong)),
    line("    hold tokens of the model", partOf(figures.holdingControls))
  ]

/** Returns the same as JSON, by type; null where no type has rows of next edits. */
export const nextEditsInJson = (types: Types): Readonly<Record<string, unknown>> | null => {
  const found = nextEditsIn(types)
  return found.length === 0
    ? null
    : Object.fromEntries(found.map(([name, { tokens, ...figures }]) => [name, {
      ...figures,
      tokens: tokens.quantiles(),
      deltaChrfBeta
    }]))
}
