/**
 * Figures as SVG: bars with their names and counts, in the colours of the reader's scheme, dark or light. They are as wide
 * as a phone's page, so that their texts are never drawn smaller than they are here.
 */
import { clipped, escaped } from "./markup.ts"
import { counted, percent } from "./wording.ts"

/** Rows by name. */
interface CountsChart {
  readonly kind: "counts"
  readonly bars: ReadonlyArray<{ readonly name: string; readonly count: number }>
}

/** Two kinds of rows by name, each as shares of its own, so that they can be compared. */
interface PairsChart {
  readonly kind: "pairs"
  /** Names of the two kinds. */
  readonly of: readonly [string, string]
  readonly bars: ReadonlyArray<{ readonly name: string; readonly counts: readonly [number, number] }>
}

/** How much was kept of what came, each bar on a scale of its own. */
interface PartsChart {
  readonly kind: "parts"
  readonly bars: ReadonlyArray<{ readonly name: string; readonly kept: number; readonly came: number }>
}

export type Chart = (CountsChart | PairsChart | PartsChart) & {
  readonly title: string
  /** What the title cannot say in few words, such as that figures are an estimate; "" for nothing. */
  readonly note: string
}

/** Colours of texts have a contrast of more than 4.5 to the page, those of bars of more than 3. */
export const chartStyle =
  `.chart text{font:12px system-ui,sans-serif;fill:#1f2328}.chart .title{font-weight:600;font-size:13px}.chart .soft{fill:#59636e}.chart .one{fill:#0969da}.chart .two{fill:#bc4c00}.chart .rest{fill:#d1d9e0}@media(prefers-color-scheme:dark){.chart text{fill:#e6edf3}.chart .soft{fill:#9198a1}.chart .one{fill:#4493f8}.chart .two{fill:#db6d28}.chart .rest{fill:#3d444d}}`

/** In pixels. */
const width = 320
const lineHeight = 20
const barHeight = 12
const gap = 8
/** About the width of a character of 12 pixels, and of a bold one of 13. */
const characterWidth = 6.7
const titleCharacterWidth = 7.2
/** Longer names stand above their bars. */
const longestBesideBar = 13

/** A bar as it is drawn: its parts side by side or one under the other, as shares of the longest that there is. */
interface DrawnBar {
  readonly name: string
  readonly told: string
  readonly parts: ReadonlyArray<{ readonly style: "one" | "two" | "rest"; readonly share: number }>
  readonly isStacked: boolean
}

const drawnBarsOf = (chart: Chart): ReadonlyArray<DrawnBar> => {
  switch (chart.kind) {
    case "counts": {
      const total = sumOf(chart.bars.map(({ count }) => count))
      const most = Math.max(1, ...chart.bars.map(({ count }) => count))
      return chart.bars.map(({ count, name }) => ({
        name,
        told: `${counted(count)} · ${percent(count / total)}`,
        parts: [{ style: "one", share: count / most }],
        isStacked: false
      }))
    }
    case "pairs": {
      const [ofOne, ofTwo] = totalsOf(chart)
      const shares = chart.bars.map(({ counts: [one, two], name }) => ({ name, one: one / ofOne, two: two / ofTwo }))
      const most = Math.max(Number.MIN_VALUE, ...shares.flatMap(({ one, two }) => [one, two]))
      return shares.map(({ name, one, two }) => ({
        name,
        told: `${percent(one)} · ${percent(two)}`,
        parts: [{ style: "one", share: one / most }, { style: "two", share: two / most }],
        isStacked: false
      }))
    }
    case "parts":
      return chart.bars.map(({ came, kept, name }) => ({
        name,
        told: `${counted(kept)} of ${counted(came)}`,
        parts: [{ style: "one", share: kept / came }, { style: "rest", share: 1 - kept / came }],
        isStacked: true
      }))
  }
}

const sumOf = (numbers: ReadonlyArray<number>): number => Math.max(1, numbers.reduce((sum, number) => sum + number, 0))

const totalsOf = ({ bars }: PairsChart): readonly [number, number] => [
  sumOf(bars.map(({ counts: [one] }) => one)),
  sumOf(bars.map(({ counts: [, two] }) => two))
]

/** Returns a chart as an element of HTML; the page has to hold `chartStyle`. */
export const renderChart = (chart: Chart): string => drawChart(chart, "")

/** Returns a chart that stands by itself as a file. */
export const renderChartFile = (chart: Chart): string => drawChart(chart, `<style>${chartStyle}</style>`)

const drawChart = (chart: Chart, style: string): string => {
  const bars = drawnBarsOf(chart)
  const heads = [...titleLines(chart.title), ...(chart.note === "" ? [] : [noteLine(chart.note)]), ...legendOf(chart)]
  const top = heads.length * lineHeight
  const longestName = Math.max(0, ...bars.map(({ name }) => name.length))
  const isBeside = longestName <= longestBesideBar
  const height = top + bars.length * lineHeight * (isBeside ? 1 : 2) + gap
  const nameWidth = isBeside ? longestName * characterWidth + gap : 0
  const toldWidth = isBeside ? Math.max(0, ...bars.map(({ told }) => told.length)) * characterWidth + gap : 0
  const draw = (bar: DrawnBar, place: number): string => {
    const at = top + place * lineHeight * (isBeside ? 1 : 2)
    const name = isBeside ? bar.name : clipped(bar.name, Math.floor((width - toldSpace(bar)) / characterWidth))
    return [
      `<text x="0" y="${at + 14}">${name === bar.name ? "" : `<title>${escaped(bar.name)}</title>`}${
        escaped(name)
      }</text>`,
      `<text class="soft" x="${width}" y="${at + 14}" text-anchor="end">${escaped(bar.told)}</text>`,
      ...drawParts(bar, nameWidth, at + (isBeside ? 4 : lineHeight), width - nameWidth - toldWidth)
    ].join("")
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${
    escaped(spoken(chart, bars))
  }">${style}${heads.map((head, line) => head(line * lineHeight)).join("")}${bars.map(draw).join("")}</svg>`
}

const toldSpace = ({ told }: DrawnBar): number => told.length * characterWidth + gap

const drawParts = (bar: DrawnBar, left: number, top: number, room: number): ReadonlyArray<string> => {
  let at = left
  const height = bar.isStacked ? barHeight : barHeight / bar.parts.length
  return bar.parts.map(({ share, style }, place) => {
    const length = rounded(share * room)
    const [x, y] = bar.isStacked ? [at, top] : [left, top + place * height]
    at += length
    return `<rect class="${style}" x="${rounded(x)}" y="${y}" width="${length}" height="${height}"/>`
  })
}

const rounded = (pixels: number): number => Math.round(pixels * 10) / 10

/** Draws a line at the top of a chart. */
type DrawLine = (top: number) => string

/** A title that is too long for a line takes two. */
const titleLines = (title: string): ReadonlyArray<DrawLine> => {
  const fits = Math.floor(width / titleCharacterWidth)
  const at = title.length <= fits ? -1 : title.lastIndexOf(" ", fits)
  const lines = at === -1 ? [title] : [title.slice(0, at), title.slice(at + 1)]
  return lines.map((line) => (top: number) => `<text class="title" x="0" y="${top + 14}">${escaped(line)}</text>`)
}

const noteLine = (note: string): DrawLine => (top) => `<text class="soft" x="0" y="${top + 14}">${escaped(note)}</text>`

const legendOf = (chart: Chart): ReadonlyArray<DrawLine> => {
  if (chart.kind === "counts") return []
  const [one, two] = chart.kind === "parts" ?
    ["kept", "left out"] :
    chart.of.map((name, place) => `${name} (${counted(totalsOf(chart)[place] ?? 0)})`)
  const second = chart.kind === "parts" ? "rest" : "two"
  return [
    (top) =>
      `<rect class="one" x="0" y="${top + 4}" width="12" height="12"/><text class="soft" x="18" y="${top + 14}">${
        escaped(one ?? "")
      }</text><rect class="${second}" x="160" y="${top + 4}" width="12" height="12"/><text class="soft" x="178" y="${
        top + 14
      }">${escaped(two ?? "")}</text>`
  ]
}

/** A chart in words, for whom it is read to, and where pictures are not shown. */
export const chartInWords = (chart: Chart): string => spoken(chart, drawnBarsOf(chart))

const spoken = (chart: Chart, bars: ReadonlyArray<DrawnBar>): string => {
  const notes = [chart.note, chart.kind === "pairs" ? chart.of.join(" · ") : ""].filter((note) => note !== "")
  return `${chart.title}${notes.length === 0 ? "" : ` (${notes.join(", ")})`}: ${
    bars.map(({ name, told }) => `${name} ${told}`).join("; ")
  }`
}
