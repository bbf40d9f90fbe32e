/** report.html: one file without a script, readable in dark and light, that asks for nothing from anywhere. */
import { renderChart } from "./charts.ts"
import type { Sample } from "./draw-samples.ts"
import { commonValues, type Figure } from "./figures.ts"
import type { Stage } from "./funnel.ts"
import type { LicensedType } from "./licences.ts"
import type { Fitness } from "./fitness.ts"
import type { MadeAgain } from "./made-again.ts"
import { escaped } from "./markup.ts"
import { pageStyle } from "./page-style.ts"
import { renderChecks, renderRepeats, renderSizes, renderStages } from "./page-tables.ts"
import type { Recipe } from "./recipes/recipe.ts"
import { renderSample } from "./samples.ts"
import type { CheckedType, Verdict } from "./verdict.ts"
import { whatRowsAsk } from "./what-rows-ask.ts"

/** A type of rows as the page shows it. */
export interface ReportedType extends CheckedType {
  readonly figures: ReadonlyArray<Figure>
  readonly samples: ReadonlyArray<Sample>
  /** The recipe that fits best; null where no trainer reads the rows. */
  readonly recipe: Recipe | null
}

/** What a report tells of a dataset. */
export interface Report {
  readonly name: string
  readonly verdict: Verdict
  /** The one that leads comes first. */
  readonly types: ReadonlyArray<ReportedType>
  readonly funnel: ReadonlyArray<Figure>
  readonly stages: ReadonlyArray<Stage>
  /** How the split came out, in a line; "" where nothing tells. */
  readonly split: string
  readonly made: MadeAgain | null
  readonly licences: ReadonlyArray<LicensedType>
  readonly fitness: Fitness
  readonly version: string | null
}

/** Returns the page. */
export const renderPage = (report: Report): string => {
  const { name, types, verdict } = report
  const [lead, ...others] = types
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${escaped(name)}</title><style>${pageStyle}</style></head><body><main>
<h1>${escaped(name)}</h1>
<p class="verdict">${prose(verdict.sentence)}</p>
${verdict.beside === "" ? "" : `<p>${prose(verdict.beside)}</p>`}
${lead === undefined ? "" : `<p>${prose(whatRowsAsk(lead))}</p>`}
${renderTraining(lead)}
<h2>Sizes</h2>
${renderSizes(types)}
${report.split === "" ? "" : `<p class="soft">${prose(report.split)}</p>`}
<h2>Quality</h2>
${lead === undefined ? "" : renderChecks(lead)}
${others.map((type) => folded(`Quality of ${type.name}`, renderChecks(type))).join("\n")}
<h2>Distributions</h2>
${lead === undefined ? "" : renderDistributions(lead, report.funnel)}
${
    report.stages.some(({ leftOut }) => leftOut.length > 0)
      ? folded("Why the rest was left out", renderStages(report.stages))
      : ""
  }
${others.map((type) => folded(`Distributions of ${type.name}`, renderDistributions(type, []))).join("\n")}
<h2>Samples</h2>
${types.map(renderSamples).join("\n")}
<h2>How it was made</h2>
${renderMade(report)}
</main></body></html>
`
}

const renderTraining = (lead: ReportedType | undefined): string => {
  const more = "<a href=\"README.md\">README.md</a> beside this page"
  const recipe = lead?.recipe ?? null
  return lead === undefined || recipe === null
    ? `<p>How to train on it: see ${more}.</p>`
    : `<p>To train on ${escaped(lead.name)} with ${escaped(recipe.title)}, run <code>${
      escaped(recipe.run)
    }</code>; for other trainers and types see ${more}.</p>`
}

/** A percentage is not broken into two lines. */
const prose = (text: string): string => escaped(text).replaceAll(" %", "&nbsp;%")

const folded = (summary: string, html: string): string =>
  `<details><summary>${escaped(summary)}</summary>${html}</details>`

const renderDistributions = (type: ReportedType, more: ReadonlyArray<Figure>): string => {
  const common = commonValues(type).map(([field, value]) => `${field} ${value}`)
  const nearEqual = type.figures.filter(({ name }) => name.endsWith("-near-equal"))
  const others = type.figures.filter((figure) => !nearEqual.includes(figure))
  return `${
    common.length === 0 ? "" : `<p class="soft">${escaped(`All rows of ${type.name}: ${common.join(", ")}`)}</p>`
  }<div class="charts">${[...others, ...more, ...nearEqual].map(({ chart }) => renderChart(chart)).join("\n")}</div>${
    renderRepeats(type)
  }`
}

const renderSamples = ({ name, samples }: ReportedType): string =>
  samples.length === 0
    ? ""
    : `<h3>${escaped(name)}</h3>${samples.map((sample, place) => renderSample(sample, place === 0)).join("")}`

const renderMade = ({ made, version }: Report): string =>
  made === null
    ? "<p>Nothing beside the files says how.</p>"
    : `<p>By Retrace ${
      escaped(version ?? "(version unknown)")
    }. This makes it again:</p><pre class="command" tabindex="0">${escaped(made.command)}</pre>${
      made.notes.map((note) => `<p>${escaped(note)}</p>`).join("")
    }`
