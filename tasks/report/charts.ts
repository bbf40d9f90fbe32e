/** Figures as SVG: bars with their names and counts, in the colours of the page around them, dark or light. */

export interface Bar {
  readonly name: string
  readonly count: number
  /** A part of the bar that is told apart, such as what was left out; 0 for none. */
  readonly muted?: number
}

const rowHeight = 22
const nameWidth = 230
const barWidth = 320
const countWidth = 110
const longestName = 34

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "\"": "&quot;",
  "'": "&#39;"
}

/** Returns a text that stands in HTML and SVG as itself, whatever it holds. */
export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => escapes[character] ?? character).replace(/[^\P{Cc}\n\t]/gu, "\ufffd")

const clipped = (name: string): string => (name.length > longestName ? `${name.slice(0, longestName - 1)}…` : name)

/** Returns a figure that stands by itself as a file: its colours follow the reader's scheme. */
export const barChart = (title: string, bars: ReadonlyArray<Bar>): string => {
  const most = Math.max(1, ...bars.map(({ count, muted = 0 }) => count + muted))
  const height = (bars.length + 1) * rowHeight + 8
  const width = nameWidth + barWidth + countWidth
  const lines = bars.map(({ count, muted = 0, name }, index) => {
    const top = (index + 1) * rowHeight + 4
    const length = (value: number) => Math.round(value / most * barWidth * 100) / 100
    const told = muted === 0 ? String(count) : `${count} of ${count + muted}`
    return [
      `<text x="${nameWidth - 8}" y="${top + 14}" text-anchor="end"><title>${escaped(name)}</title>${
        escaped(clipped(name))
      }</text>`,
      `<rect class="bar" x="${nameWidth}" y="${top + 2}" width="${length(count)}" height="${rowHeight - 6}"/>`,
      ...(muted === 0
        ? []
        : [
          `<rect class="muted" x="${nameWidth + length(count)}" y="${top + 2}" width="${length(muted)}" height="${
            rowHeight - 6
          }"/>`
        ]),
      `<text class="count" x="${nameWidth + length(count + muted) + 6}" y="${top + 14}">${told}</text>`
    ].join("")
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${
    escaped(title)
  }"><style>text{font:13px system-ui,sans-serif;fill:#1f2328}.title{font-weight:600}.count{fill:#59636e}.bar{fill:#0969da}.muted{fill:#afb8c1}@media(prefers-color-scheme:dark){text{fill:#e6edf3}.count{fill:#9198a1}.bar{fill:#4493f8}.muted{fill:#565d66}}</style><text class="title" x="8" y="16">${
    escaped(title)
  }</text>${lines.join("")}</svg>`
}
