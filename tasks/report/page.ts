/** report.html: one file without a script, readable in dark and light, that asks for nothing from anywhere. */
import type { Ledger } from "../../services/rows/ledger.ts"
import type { Measure, Score } from "../../services/measures/score.ts"
import type { NumberedRow } from "../../services/Reader.ts"
import type { Section } from "../../services/rows/picture.ts"
import { viewOf } from "../../services/rows/row-view.ts"
import { hidden, withoutSecret } from "../../services/secrets/hidden.ts"
import { holdsSecret } from "../../services/secrets/secret-in.ts"
import { type Bar, barChart, escaped } from "./charts.ts"
import type { Provenance } from "../shared/provenance.ts"
import type { SurveyedFile } from "./survey.ts"

export interface Figure {
  /** Name of its file, without the ending. */
  readonly name: string
  readonly svg: string
}

/** Fields that have a figure where rows have them, and how many values it shows. */
const chartedFields = ["label", "language", "kind", "negative", "depth", "format"]
const mostBars = 14

const barsOf = (counts: Readonly<Record<string, number>>): ReadonlyArray<Bar> => {
  const all = Object.entries(counts).sort(([, a], [, b]) => b - a)
  const rest = all.slice(mostBars).reduce((sum, [, count]) => sum + count, 0)
  const bars = all.slice(0, mostBars).map(([name, count]): Bar => ({
    name: name === "" ? "none" : withoutSecret(name),
    count
  }))
  return rest === 0 ? bars : [...bars, { name: `${all.length - mostBars} more`, count: rest }]
}

const addUp = (parts: ReadonlyArray<Readonly<Record<string, number>>>): Readonly<Record<string, number>> => {
  const sum: Record<string, number> = {}
  for (const part of parts) for (const [name, count] of Object.entries(part)) sum[name] = (sum[name] ?? 0) + count
  return sum
}

/** The figures of all files together, and of what was left out on the way. */
export const figuresOf = (files: ReadonlyArray<SurveyedFile>, ledger: Ledger): ReadonlyArray<Figure> => {
  const lengths = Object.entries(addUp(files.map(({ stats }) => stats.lengths))).sort(([a], [b]) =>
    Number(a) - Number(b)
  )
  const fields = chartedFields.flatMap((field): ReadonlyArray<Figure> => {
    const counts = addUp(files.map(({ stats }) => stats.fields[field] ?? {}))
    return Object.keys(counts).length < 2 ? [] : [{ name: field, svg: barChart(`Rows by ${field}`, barsOf(counts)) }]
  })
  const stages = Object.entries(ledger).filter(([, { came }]) => came > 0)
  const reasons = stages.flatMap(([stage, { leftOut }]) =>
    Object.entries(leftOut).map(([reason, count]): readonly [string, number] => [`${stage}: ${reason}`, count])
  )
  return [
    { name: "files", svg: barChart("Rows by file", files.map(({ name, stats }) => ({ name, count: stats.rows }))) },
    {
      name: "lengths",
      svg: barChart(
        "Rows by length, in characters",
        lengths.map(([from, count]) => ({ name: `${from} and more`, count }))
      )
    },
    ...fields,
    ...(stages.length === 0
      ? []
      : [{
        name: "kept",
        svg: barChart(
          "Kept of what came, stage by stage",
          stages.map(([name, { came, kept }]) => ({ name, count: kept, muted: came - kept }))
        )
      }]),
    ...(reasons.length === 0
      ? []
      : [{ name: "left-out", svg: barChart("Left out, by reason", barsOf(Object.fromEntries(reasons))) }])
  ]
}

export interface PageInput {
  readonly name: string
  readonly files: ReadonlyArray<SurveyedFile>
  readonly scores: Readonly<Record<Measure, Score>>
  readonly provenance: Provenance
  readonly figures: ReadonlyArray<Figure>
}

const style =
  `:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:1000px;margin:2rem auto;padding:0 1rem;background:#fff;color:#1f2328}
table{border-collapse:collapse;margin:1rem 0}td,th{padding:.25rem .75rem;border-bottom:1px solid #d1d9e0;text-align:left;vertical-align:top}td.n{text-align:right;font-variant-numeric:tabular-nums}
pre{font:12.5px/1.45 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere;background:#f6f8fa;padding:.75rem;border-radius:6px;margin:.25rem 0 1rem;max-height:32rem;overflow:auto}
.m{background:#dafbe1;outline:1px solid #1a7f37}.u .m{background:#ffebe9;outline-color:#cf222e}.f{color:#59636e;font-size:13px}summary{cursor:pointer}svg{max-width:100%;height:auto;display:block;margin:1rem 0}h3{margin:1rem 0 0;font-size:14px}
@media(prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}td,th{border-color:#3d444d}pre{background:#151b23}.m{background:#12361f;outline-color:#2ea043}.u .m{background:#3c1618;outline-color:#da3633}.f{color:#9198a1}}`

export const renderPage = ({ figures, files, name, provenance, scores }: PageInput): string => {
  const rows = files.map(({ bytes, name, side, stats }) =>
    `<tr><td>${escaped(name)}</td><td>${
      side === "train" ? "trained on" : "held out"
    }</td><td class="n">${stats.rows}</td><td class="n">${stats.malformed}</td><td class="n">${
      (bytes / 1024 / 1024).toFixed(1)
    } MiB</td><td class="n">${stats.length.median}</td><td class="n">${stats.length.p99}</td></tr>`
  )
  const scored = Object.entries(scores).filter(([, { of }]) => of > 0).map(([measure, { example, hit, of }]) =>
    `<tr><td>${
      escaped(measure.replaceAll("-", " "))
    }</td><td class="n">${hit}</td><td class="n">${of}</td><td class="n">${
      (hit / of * 100).toFixed(2)
    } %</td><td class="f">${escaped(example)}</td></tr>`
  )
  const samples = files.map((file) => `<h2>${escaped(file.name)}</h2>${file.samples.map(renderSample).join("")}`)
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${escaped(name)}</title><style>${style}</style></head><body>
<h1>${escaped(name)}</h1>
<table><tr><th>file</th><th></th><th>rows</th><th>not read</th><th>size</th><th>median length</th><th>99 %</th></tr>${
    rows.join("")
  }</table>
${figures.map(({ svg }) => svg).join("\n")}
<h2>What its rows alone can tell</h2>
<table><tr><th>measure</th><th>rows</th><th>of</th><th>share</th><th>first one</th></tr>${scored.join("")}</table>
<h2>How it was made</h2>
<ul>${provenance.lines.map((line) => `<li>${escaped(line)}</li>`).join("")}</ul>
${samples.join("\n")}
</body></html>
`
}

const renderSample = ({ index, row }: NumberedRow): string => {
  if (row._tag === "malformed") return ""
  const { facts, sections, shape } = viewOf(row.value, row.text)
  if ([...facts.map(([, value]) => value), ...sections.flatMap(textsOf)].some(holdsSecret)) {
    return `<details><summary>row ${index + 1}, ${shape}</summary><p class="f">${hidden}</p></details>`
  }
  const told = facts.map(([name, value]) => `${escaped(name)} <b>${escaped(value.slice(0, 120))}</b>`).join(" · ")
  return `<details><summary>row ${index + 1}, ${shape}</summary><p class="f">${told}</p>${
    sections.map(renderSection).join("")
  }</details>`
}

/** The texts of a section, each in one piece. */
const textsOf = (section: Section): ReadonlyArray<string> => {
  switch (section.kind) {
    case "code":
      return [section.text]
    case "cut":
      return [section.prefix + section.middle + section.suffix]
    case "change":
      return [section.left, section.right].map(({ text }) =>
        (section.around?.prefix ?? "") + text + (section.around?.suffix ?? "")
      )
    case "steps":
      return section.states
    case "keys":
      return [section.keys]
  }
}

const renderSection = (section: Section): string => {
  const pre = (name: string, html: string, tone = "plain") =>
    `<h3>${escaped(name)}</h3><pre${tone === "unwanted" ? " class=\"u\"" : ""}>${html}</pre>`
  switch (section.kind) {
    case "code":
      return pre(
        section.name,
        section.tone === "plain" ? escaped(section.text) : `<span class="m">${escaped(section.text)}</span>`,
        section.tone
      )
    case "cut":
      return pre(
        section.name,
        `${escaped(section.prefix)}<span class="m">${escaped(section.middle)}</span>${escaped(section.suffix)}`,
        section.tone
      )
    case "change":
      return [section.left, section.right].map(({ name, text, tone }) =>
        pre(`${section.name}: ${name}`, escaped(text), tone)
      )
        .join("")
    case "steps":
      return section.states.map((state, step) => pre(`state ${step + 1} of ${section.states.length}`, escaped(state)))
        .join("")
    case "keys":
      return pre(section.name, `<span class="m">${escaped(section.keys)}</span>`, section.tone)
  }
}
