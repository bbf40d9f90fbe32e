/** evaluate.html: one file without a script, in the style of the report's page. */
import { stoppings } from "../../services/measures/infill/stopping.ts"
import { answers, type Section, type TextAround } from "../../services/rows/picture.ts"
import { hidden } from "../../services/secrets/hidden.ts"
import { holdsSecret } from "../../services/secrets/secret-in.ts"
import { fewestGroups } from "../../services/statistics/verdict.ts"
import { escaped } from "../report/markup.ts"
import { pageStyle } from "../report/page-style.ts"
import { renderSection, textsOf } from "../report/samples.ts"
import { counted, countedOf, percent } from "../report/wording.ts"
import type { Evaluation } from "./results.ts"
import { keystrokeSections } from "./keystroke-sections.ts"
import { evaluationMeasures } from "./measures.ts"
import { type ComparedRow, type Percentiles, rowsWith, type SliceFigures } from "./tabulate.ts"
import { rightTextOf, visibleAfter } from "./test-row.ts"

/** Returns the page; of rows that one model has right and the other wrong, so many are shown on each side. */
export const renderEvaluation = (evaluation: Evaluation, mostShown: number): string => {
  const { figures, models, verdict } = evaluation
  const title = models.map(({ name }) => name).join(" against ")
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${escaped(title)}</title><style>${pageStyle}</style></head><body><main>
<h1>${escaped(title)}</h1>
<p class="verdict">${prose(verdict)}</p>
${renderBeside(evaluation)}
<h2>Measures</h2>
${renderMeasures(evaluation)}
${figures.slices.length === 0 ? "" : `<h2>By what the rows are</h2>${renderSlices(evaluation)}`}
${renderStops(evaluation)}
${renderTimes(evaluation)}
<h2>Answers</h2>
${renderRows(evaluation, mostShown)}
<h2>Left out</h2>
${renderLeftOut(evaluation)}
<h2>How it was asked</h2>
${renderSettings(evaluation)}
</main></body></html>
`
}

/** A percentage is not broken into two lines. */
const prose = (text: string): string => escaped(text).replaceAll(" %", "&nbsp;%")

const renderBeside = ({ figures, models, rows }: Evaluation): string => {
  const known = rows.filter(({ row: { trained } }) => trained === "question" || trained === "answer").length
  const { floor, mcnemar } = figures
  const { lost, won } = figures.comparison.discordance
  const told = [
    ...(models.length < 2 ? [] : [models.map(({ name }, place) => `${letters[place] ?? ""} is ${name}`).join(", ")]),
    ...(mcnemar === null ? [] : [
      `${countedOf(won, "row")} scored higher and ${
        countedOf(lost, "row")
      } lower. McNemar's exact test, which takes rows to be independent: ${chance(mcnemar)}.`
    ]),
    ...(known === 0 ? [] : [
      `${
        countedOf(known, "row")
      } may be known from the rows to train on; "in the rows to train on" below tells how the others do.`
    ]),
    ...(floor === null ? [] : [
      `Asked twice, the judged model scores differently in ${
        percent(floor.discordant)
      } of the rows: a difference of two models that is not larger may be none.`
    ])
  ]
  return told.map((line) => `<p class="soft">${prose(line)}</p>`).join("")
}

/** A p value; none is 0. */
const chance = (pValue: number): string => pValue < 0.001 ? "p < 0.001" : `p = ${pValue.toFixed(3)}`

/** Columns that a phone has no room for. */
const wideColumns: ReadonlySet<string> = new Set(["rows", "groups"])

/** A table: its first column names the rows, the others hold figures. */
const table = (heads: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string => {
  const classAt = (at: number) => `class="n${wideColumns.has(heads[at] ?? "") ? " wide" : ""}"`
  const cells = (row: ReadonlyArray<string>) =>
    row.map((cell, at) => at === 0 ? `<th scope="row">${prose(cell)}</th>` : `<td ${classAt(at)}>${prose(cell)}</td>`)
      .join("")
  return `<table class="checks"><thead><tr>${
    heads.map((head, at) => `<th scope="col" ${at === 0 ? "" : classAt(at)}>${prose(head)}</th>`).join("")
  }</tr></thead><tbody>${rows.map((row) => `<tr>${cells(row)}</tr>`).join("")}</tbody></table>`
}

/** Names of models are long: tables have letters for them. */
const letters = ["A", "B"] as const

const lettersOf = ({ models }: Evaluation): ReadonlyArray<string> =>
  models.length < 2 ? ["score"] : models.map((_, place) => letters[place] ?? "")

/** What a model is called in a line: its letter where there are two. */
const shortNameOf = ({ models }: Evaluation, place: number): string =>
  models.length < 2 ? "the model" : letters[place] ?? ""

const points = (gain: number): string => `${gain < 0 ? "\u2212" : "+"}${Math.abs(gain * 100).toFixed(1)}`

const renderMeasures = (evaluation: Evaluation): string => {
  const { figures, models } = evaluation
  const isPair = models.length > 1
  const rows = figures.measures.map(({ comparison, means, measure, rows }) => {
    const { isBetterHigh, says } = evaluationMeasures[measure]
    const [low, high] = comparison.interval
    const hasSpread = Number.isFinite(low) && comparison.groups >= fewestGroups
    return [
      `${says}${measure === figures.headline ? " (headline)" : isBetterHigh ? "" : " (less is better)"}`,
      counted(rows),
      ...means.map(percent),
      ...(isPair ? [points(comparison.gain)] : []),
      hasSpread
        ? (isPair ? `${points(low)} to ${points(high)}` : `${percent(low)} to ${percent(high)}`)
        : ""
    ]
  })
  const heads = ["measure", "rows", ...lettersOf(evaluation), ...(isPair ? ["points"] : []), "95 % interval"]
  const perplexities = figures.models.flatMap(({ perplexity }, place) =>
    perplexity === null ? [] : [`${shortNameOf(evaluation, place)} ${perplexity.toFixed(3)}`]
  )
  return table(heads, rows) + (perplexities.length === 0
    ? ""
    : `<p class="soft">${escaped(`Perplexity a character of the right answers: ${perplexities.join(", ")}.`)}</p>`)
}

const said: Readonly<Record<string, string>> = {
  better: "better",
  worse: "worse",
  undecided: "may be chance",
  "too few groups": "too few groups"
}

const renderSlices = (evaluation: Evaluation): string => {
  const { figures, models } = evaluation
  const slices = [...new Set(figures.slices.map(({ slice }) => slice))]
  const row = ({ groups, means, name, rows, verdict }: SliceFigures) => [
    name,
    counted(rows),
    counted(groups),
    ...means.map(percent),
    ...(verdict === null ? [] : [points(verdict.gain), said[verdict._tag] ?? ""])
  ]
  const isPair = models.length > 1
  return slices.map((slice) =>
    table(
      [slice, "rows", "groups", ...lettersOf(evaluation), ...(isPair ? ["points", "by Holm"] : [])],
      figures.slices.filter((each) => each.slice === slice).map(row)
    )
  ).join("") +
    (isPair
      ? "<p class=\"soft\">Whoever looks at many slices finds a difference in one by chance; Holm's correction counts them all.</p>"
      : "")
}

const renderStops = (evaluation: Evaluation): string => {
  const { figures } = evaluation
  const rows = stoppings.flatMap((stopping) => {
    const counts = figures.models.map(({ stops }) => stops[stopping] ?? 0)
    return counts.every((count) => count === 0) ? [] : [[stopNames[stopping], ...counts.map(counted)]]
  })
  return rows.length === 0 ? "" : `<h2>Where answers stop</h2>${
    table(["an answer", ...lettersOf(evaluation)], [
      ...rows,
      ["is cut off by the limit of tokens", ...figures.models.map(({ cutOff }) => counted(cutOff))]
    ])
  }`
}

const stopNames = {
  exact: "is right",
  under: "stops too early",
  over: "runs on",
  echo: "runs on with what follows anyway",
  empty: "is empty",
  different: "says something else"
} as const

const renderTimes = (evaluation: Evaluation): string => {
  const { figures } = evaluation
  const row = (name: string, times: Percentiles | null) =>
    times === null ? [] : [[name, ...[times.p50, times.p90, times.p99].map((millis) => counted(Math.round(millis)))]]
  const rows = figures.models.flatMap(({ first, total }, place) => [
    ...row(`${shortNameOf(evaluation, place)}, first piece`, first),
    ...row(`${shortNameOf(evaluation, place)}, whole answer`, total)
  ])
  return rows.length === 0
    ? ""
    : `<h2>Time</h2>${table(["in milliseconds", "half within", "90 % within", "99 % within"], rows)}`
}

/** How much of what stands around a gap is shown. UTF-16 units. */
const mostAround = 2000

const renderRows = (evaluation: Evaluation, most: number): string => {
  const { figures: { headline }, models } = evaluation
  const rows = rowsWith(evaluation.rows, headline)
  const scoreOf = ({ scored }: ComparedRow, place: number) => scored[place]?.scores[headline] ?? 0
  const list = (title: string, some: ReadonlyArray<ComparedRow>) =>
    some.length === 0 ?
      "" :
      `<h3>${escaped(title)}</h3><p class="soft">${
        escaped(
          some.length > most ? `${counted(most)} of ${countedOf(some.length, "row")}` : countedOf(some.length, "row")
        )
      }</p>${some.slice(0, most).map((row, place) => renderRow(row, evaluation, place === 0)).join("")}`
  if (models.length < 2) {
    const wrong = rows.filter((row) => scoreOf(row, 0) < 1)
    return wrong.length === 0 ? "<p>All of them are right.</p>" : list("Wrong answers", wrong)
  }
  const gainOf = (row: ComparedRow) => scoreOf(row, 0) - scoreOf(row, 1)
  const sorted = rows.filter((row) => gainOf(row) !== 0).toSorted((a, b) => gainOf(a) - gainOf(b))
  return sorted.length === 0
    ? "<p>Both models score the same in every row.</p>"
    : list("Regressions", sorted.filter((row) => gainOf(row) < 0)) +
      list("Gains", sorted.filter((row) => gainOf(row) > 0).toReversed())
}

const renderRow = (compared: ComparedRow, evaluation: Evaluation, isOpen: boolean): string => {
  const { row, scored } = compared
  const head = `<summary>${
    escaped([row.place, row.language, row.kind].filter((part) => part !== "").join(", "))
  }</summary>`
  const { goal } = row
  const sections = goal._tag === "keystrokes"
    ? keystrokeSections(
      goal,
      compared.answers.map(({ text }, place) => ({
        name: shortNameOf(evaluation, place),
        text,
        isSolved: scored[place]?.scores.solved === 1
      }))
    )
    : compared.answers.map(({ text }, place): Section => {
      const name = shortNameOf(evaluation, place)
      const stopping = scored[place]?.stopping ?? null
      const told = stopping === null ? name : `${name}, which ${stopNames[stopping]}`
      const { around, given, wanted } = shownOf(compared, text)
      return answers({ name: "the right answer", text: wanted }, { name: told, text: given }, around)
    })
  const isSecret = sections.some((section) => textsOf(section).some(holdsSecret))
  return `<details${isOpen ? " open" : ""}>${head}${
    isSecret ? `<p class="soft">${hidden}</p>` : sections.map((section) => renderSection(section, true)).join("")
  }</details>`
}

const shownOf = (
  { row }: ComparedRow,
  text: string
): { readonly wanted: string; readonly given: string; readonly around: TextAround | null } => {
  const wanted = rightTextOf(row)
  const { goal } = row
  if (goal._tag === "gap") {
    const { prefix, suffix } = goal.gap
    return { wanted, given: text, around: { prefix: prefix.slice(-mostAround), suffix: suffix.slice(0, mostAround) } }
  }
  if (goal._tag === "keystrokes") return { wanted, given: text, around: null }
  const answer = goal.read(text)
  return { wanted, given: answer === undefined ? text : visibleAfter(goal.shown, answer), around: null }
}

const renderLeftOut = ({ ledger }: Evaluation): string => {
  const rows = Object.values(ledger).flatMap(({ leftOut }) =>
    Object.entries(leftOut).map(([reason, count]) => [reason, counted(count)])
  )
  return rows.length === 0 ? "<p>No row was left out.</p>" : table(["reason", "rows"], rows)
}

const renderSettings = ({ models, settings, version }: Evaluation): string =>
  table(["what", "how"], [
    ...models.map(({ identity: { model, protocol, server }, name }) => [
      name,
      [protocol, model, server].filter((part) => part !== "").join(" · ")
    ]),
    ["gaps", settings.asGaps ? "in the server's own layout" : "with the bytes of training"],
    ["temperature, seed", `${settings.temperature}, ${settings.seed}`],
    [
      "tokens of an answer",
      settings.maxTokens === null ? "twice the right answer and 32; 512 for a chat" : counted(settings.maxTokens)
    ],
    ["made by", `Retrace ${version}`]
  ])
