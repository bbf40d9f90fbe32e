/** The tables of report.html. */
import type { Check } from "./checks.ts"
import type { Stage } from "./funnel.ts"
import { clipped, escaped } from "./markup.ts"
import { withoutSecret } from "../../services/secrets/hidden.ts"
import { bytesIn, rowsIn, type SurveyedType } from "./survey.ts"
import type { CheckedType } from "./verdict.ts"
import { counted, countedOf, percent } from "./wording.ts"

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

/** Rows by type and side of the split. */
export const renderSizes = (types: ReadonlyArray<SurveyedType>): string => {
  const rows = types.map(({ files, name, tokens }) => {
    const [train, held] = (["train", "held"] as const).map((side) => rowsIn(files.filter((file) => file.side === side)))
    const all = rowsIn(files)
    const answers = tokens.wanted.sum() + tokens.unwanted.sum()
    return `<tr><th scope="row">${escaped(name)}</th><td class="n">${counted(train ?? 0)}</td><td class="n">${
      counted(held ?? 0)
    }</td><td class="n">${all === 0 ? "" : percent((train ?? 0) / all)}</td><td class="n">${
      answers === 0 ? "" : thousands(tokens.prompt.sum() + answers)
    }</td><td class="n wide">${megabytes(bytesIn(files))}</td></tr>`
  })
  return `<table><thead><tr><th scope="col">type</th><th scope="col" class="n">to train on</th><th scope="col" class="n">held out</th><th scope="col" class="n">in train</th><th scope="col" class="n">tokens</th><th scope="col" class="n wide">size</th></tr></thead><tbody>${
    rows.join("")
  }</tbody></table>`
}

const thousands = (count: number): string =>
  count >= 1e6
    ? `${(count / 1e6).toFixed(1)} M`
    : count >= 1e4
    ? `${Math.round(count / 1e3)} k`
    : counted(Math.ceil(count))

/** What a type is held against. */
export const renderChecks = ({ checks }: CheckedType): string =>
  `<table class="checks"><thead><tr><th scope="col">what counts</th><th scope="col" class="n">share of rows</th><th scope="col" class="n">threshold</th></tr></thead><tbody>${
    checks.map(renderCheck).join("")
  }</tbody></table>`

/** The explanation has a line of its own, as there is no room for it beside figures on a phone. */
const renderCheck = ({ counts, example, hit, holds, limit, name, of }: Check): string =>
  `<tr class="open"><td>${escaped(name)}</td><td class="n">${percent(hit / of)}<p class="soft">${counted(hit)} of ${
    counted(of)
  }</p></td><td class="n">${escaped(limit)}<p class="${holds ? "soft" : "short"}">${
    holds ? "kept" : "not kept"
  }</p></td></tr><tr><td class="soft" colspan="3">A row counts when ${escaped(counts)}.${
    example === "" ? "" : ` The first is ${escaped(example)}.`
  }</td></tr>`

/** How much of an answer is shown. UTF-16 units. */
const shownAnswer = 60

/** The most repeated answers. */
export const renderRepeats = ({ name, repeats: { missed, most, rows } }: SurveyedType): string => {
  if (rows === 0) return ""
  const title = `<h3>${escaped(`Most repeated answers of ${name}`)}</h3>`
  if (most.length === 0) return `${title}<p>No answer stands in two rows.</p>`
  const answers = most.map((answer) =>
    `<tr><td><code>${escaped(clipped(inALine(answer.text), shownAnswer))}</code></td><td class="n">${
      counted(answer.rows)
    }</td><td class="n">${percent(answer.rows / rows)}</td></tr>`
  )
  return `${title}<table><thead><tr><th scope="col">answer</th><th scope="col" class="n">rows</th><th scope="col" class="n">share</th></tr></thead><tbody>${
    answers.join("")
  }</tbody></table>${
    missed === 0
      ? ""
      : `<p class="soft">At least so often; up to ${countedOf(missed, "row")} more were not counted.</p>`
  }`
}

/** An answer without the tokens of its model. */
const inALine = (answer: string): string =>
  withoutSecret(answer).replace(/<\|[^|<>]*\|>/g, " ").replace(/\s+/g, " ").trim()

/** Reasons of what was left out, stage by stage. */
export const renderStages = (stages: ReadonlyArray<Stage>): string =>
  `<table><thead><tr><th scope="col">stage</th><th scope="col">reason</th><th scope="col" class="n">left out</th></tr></thead><tbody>${
    stages.flatMap(({ came, leftOut, name }) =>
      leftOut.map(([reason, count]) =>
        `<tr><td>${escaped(name)}</td><td>${escaped(reason)}</td><td class="n">${counted(count)}<p class="soft">${
          percent(count / came)
        }</p></td></tr>`
      )
    ).join("")
  }</tbody></table>`
