/**
 * The README's picture: an edit as a diff, and the keys that play it. The keys are found by `retrace keys`, and what Vim
 * shows is what `retrace record` recorded. An SVG that moves by style sheets alone: no script, nothing to fetch, colours
 * for light and dark pages, and the last screen where nothing may move.
 */
import type { Run, Screen } from "./screens.ts"

export interface Edit {
  readonly subject: string
  readonly before: string
  readonly after: string
}

const width = 720
const margin = 20
const cell = { width: 7.83, height: 20, font: 13 }
const panel = { top: 50, gap: 24, width: (width - 2 * margin - 24) / 2 }
/** Seconds before the first key, from the last one to the verdict, and from the last one to the end. */
const rest = { before: 0.8, check: 0.4, after: 3.5 }

const palette = {
  light: {
    page: "#ffffff",
    edge: "#d0d7de",
    text: "#1f2328",
    quiet: "#59636e",
    dim: "#818b98",
    well: "#f6f8fa",
    gone: "#ffebe9",
    goneText: "#a40e26",
    come: "#dafbe1",
    comeText: "#116329",
    lit: "#0969da",
    litText: "#ffffff"
  },
  dark: {
    page: "#0d1117",
    edge: "#30363d",
    text: "#e6edf3",
    quiet: "#9198a1",
    dim: "#656c76",
    well: "#161b22",
    gone: "#3c1618",
    goneText: "#ffa198",
    come: "#12311f",
    comeText: "#7ee787",
    lit: "#1f6feb",
    litText: "#ffffff"
  }
}

const escape = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
const round = (value: number) => String(Math.round(value * 100) / 100)

/** Text whose cells stand on the grid in every font. */
const text = (x: number, y: number, content: string, style = "") =>
  `<text x="${round(x)}" y="${round(y)}"${style === "" ? "" : ` class="${style}"`}` +
  ` textLength="${round(content.length * cell.width)}">${escape(content)}</text>`

const heading = (x: number, title: string, detail: string) =>
  `<text x="${round(x)}" y="32" class="head">${escape(title)}` +
  `<tspan dx="8" class="quiet">${escape(detail)}</tspan></text>`

/** The lines that both texts share at either end, and what differs between them. */
const diffOf = ({ after, before }: Edit): ReadonlyArray<readonly ["" | "gone" | "come", string]> => {
  const [old, now] = [before, after].map((content) => content.trimEnd().split("\n")) as [Array<string>, Array<string>]
  let head = 0
  while (head < old.length && old[head] === now[head]) head++
  let tail = 0
  while (tail < Math.min(old.length, now.length) - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++
  return [
    ...old.slice(0, head).map((line) => ["", line] as const),
    ...old.slice(head, old.length - tail).map((line) => ["gone", line] as const),
    ...now.slice(head, now.length - tail).map((line) => ["come", line] as const),
    ...old.slice(old.length - tail).map((line) => ["", line] as const)
  ]
}

const drawDiff = (edit: Edit) =>
  diffOf(edit).map(([kind, line], index) => {
    const y = panel.top + index * cell.height
    const back = kind === ""
      ? ""
      : `<rect x="${margin}" y="${y}" width="${panel.width}" height="${cell.height}" class="${kind}"/>`
    const sign = { "": "", gone: "−", come: "+" }[kind]
    const style = kind === "" ? "" : `${kind}Text`
    const start = margin + 8
    const column = line.length - line.trimStart().length
    return back + (sign === "" ? "" : text(start, y + 14, sign, style)) +
      text(start + (2 + column) * cell.width, y + 14, line.trimStart(), style)
  }).join("")

/** Writes the rules by which elements change over a loop of `length` seconds. */
class Timeline {
  readonly rules: Array<string> = []
  readonly length: number
  constructor(length: number) {
    this.length = length
  }

  private add(stops: ReadonlyArray<readonly [time: number, style: string]>): string {
    const name = `a${this.rules.length}`
    const written = stops.map(([time, style]) => `${round(time / this.length * 100)}%{${style}}`)
    this.rules.push(`@keyframes ${name}{${written.join("")}}`)
    return name
  }

  /** Returns attributes of an element that shows during `[from, to)`; without `to` it stays to the end. */
  shown(from: number, to: number | undefined): string {
    if (from === 0 && to === undefined) return ""
    const name = this.add([
      ...(from === 0 ? [] : [[0, hidden] as const]),
      [from, "visibility:visible"],
      ...(to === undefined ? [] : [[to, hidden] as const])
    ])
    return ` class="t" style="animation-name:${name}${to === undefined ? "" : `;${hidden}`}"`
  }

  /** Returns attributes of the cap of a key that is down during `[from, to)`. */
  pressed(from: number, to: number): string {
    const name = this.add([
      [0, "fill:var(--page);color:var(--dim);stroke:var(--edge)"],
      [from, "fill:var(--lit);color:var(--litText);stroke:var(--lit)"],
      [to, "fill:var(--well);color:var(--text);stroke:var(--edge)"]
    ])
    return ` class="t cap" style="animation-name:${name}"`
  }

  /** Returns attributes of the cursor, which goes from place to place. */
  moved(places: ReadonlyArray<{ readonly time: number; readonly x: number; readonly y: number }>): string {
    const stops = places.map(({ time, x, y }) => [time, `transform:translate(${round(x)}px,${round(y)}px)`] as const)
    return ` class="t cursor" style="animation-name:${this.add(stops)};${stops.at(-1)?.[1] ?? ""}"`
  }
}

const hidden = "visibility:hidden"

const drawLine = (left: number, row: number, runs: ReadonlyArray<Run>) =>
  runs.map(({ column, isBold, text: content }) =>
    text(left + column * cell.width, panel.top + row * cell.height + 14, content, isBold ? "quiet" : "")
  ).join("")

/** Draws each line once for as long as it stays the same. */
const drawScreens = (left: number, screens: ReadonlyArray<Screen>, timeline: Timeline) => {
  const rows = screens[0]?.lines.length ?? 0
  const lines = Array.from({ length: rows }, (_, row) => row).flatMap((row) => {
    const states: Array<{ from: number; drawn: string }> = []
    for (const { lines, time } of screens) {
      const drawn = drawLine(left, row, lines[row] ?? [])
      if (states.at(-1)?.drawn !== drawn) states.push({ from: time, drawn })
    }
    return states.map(({ drawn, from }, index) =>
      drawn === "" ? "" : `<g${timeline.shown(from, states[index + 1]?.from)}>${drawn}</g>`
    )
  })
  const cursor = timeline.moved(screens.map(({ cursor: { column, row }, time }) => ({
    time,
    x: left + column * cell.width,
    y: panel.top + row * cell.height
  })))
  return `<rect width="${cell.width}" height="${cell.height - 2}" rx="1"${cursor}/>${lines.join("\n")}`
}

const nameOfKey: Readonly<Record<string, string>> = { "\u001b": "Esc", "\r": "Enter", "\t": "Tab", " ": "␣" }

const widthOfCap = (name: string) => name.length === 1 ? 13 : 8 + name.length * 6.6

/** Draws a cap for each key, over as many rows as they need; each lights up when it is pressed. */
const drawKeys = (top: number, screens: ReadonlyArray<Screen>, timeline: Timeline) => {
  const caps = { height: 20, gap: 2.5, row: 25 }
  let x = margin
  let y = top
  let drawn = ""
  for (const [index, { key, time }] of screens.entries()) {
    if (key === undefined) continue
    const name = nameOfKey[key] ?? key
    const capWidth = widthOfCap(name)
    if (x + capWidth > width - margin) {
      x = margin
      y += caps.row
    }
    drawn += `<g${timeline.pressed(time, screens[index + 1]?.time ?? time + rest.check)}>` +
      `<rect x="${round(x)}" y="${y + 0.5}" width="${round(capWidth)}" height="${caps.height}" rx="3.5"/>` +
      `<text x="${round(x + capWidth / 2)}" y="${y + 14}">${escape(name)}</text></g>\n`
    x += capWidth + caps.gap
  }
  return { drawn, bottom: y + caps.height }
}

const variables = (colours: Readonly<Record<string, string>>) =>
  Object.entries(colours).map(([name, value]) => `--${name}:${value}`).join(";")

const styles = (timeline: Timeline) =>
  `:root{${variables(palette.light)}}
@media (prefers-color-scheme:dark){:root{${variables(palette.dark)}}}
text{font:${cell.font}px ui-monospace,SFMono-Regular,"SF Mono",Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace;fill:var(--text);white-space:pre}
.head{font:600 13px system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif}
.note{font:13px system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif}
tspan.quiet{font-weight:400}
.quiet{fill:var(--quiet)}
.page{fill:var(--page);stroke:var(--edge)}
.rule{stroke:var(--edge)}
.gone{fill:var(--gone)}.goneText{fill:var(--goneText)}
.come{fill:var(--come)}.comeText{fill:var(--comeText)}
.cursor{fill:var(--lit);opacity:.5}
.cap{fill:var(--well);stroke:var(--edge);color:var(--text)}
.cap text{font-size:11px;text-anchor:middle;fill:currentColor;stroke:none}
.t{animation:${round(timeline.length)}s step-end infinite}
@media (prefers-reduced-motion:reduce){.t{animation:none}}
${timeline.rules.join("\n")}`

/** Returns the picture of an edit and of the recording that plays it. */
export const drawPicture = (edit: Edit, recorded: ReadonlyArray<Screen>): string => {
  const screens = recorded.map((screen) => ({
    ...screen,
    time: screen.key === undefined ? 0 : screen.time + rest.before
  }))
  const played = screens.at(-1)?.time ?? 0
  const timeline = new Timeline(played + rest.after)
  const right = margin + panel.width + panel.gap
  const rows = Math.max(diffOf(edit).length, screens[0]?.lines.length ?? 0)
  const keysTop = panel.top + rows * cell.height + 28
  const count = screens.length - 1
  const terminal = drawScreens(right, screens, timeline)
  const keys = drawKeys(keysTop, screens, timeline)
  const height = keys.bottom + 38
  const verdict = timeline.shown(played + rest.check, undefined)
  const body = [
    `<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8" class="page"/>`,
    heading(margin, "A commit", edit.subject),
    heading(right, "Its keystrokes", "recorded in Vim"),
    drawDiff(edit),
    `<path d="M${round(margin + panel.width + panel.gap / 2)} 20V${keysTop - 22}M${margin} ${keysTop - 14}H${
      width - margin
    }" class="rule"/>`,
    terminal,
    keys.drawn,
    `<text x="${margin}" y="${height - 14}" class="note quiet">${count} keystrokes, found by search</text>`,
    `<g${verdict}><text x="${width - margin}" y="${
      height - 14
    }" text-anchor="end" class="note comeText">✓ the text is the commit’s, byte for byte</text></g>`
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>A diff, and the ${count} keystrokes that type it in Vim</title>
<style>${styles(timeline)}</style>
${body.join("\n")}
</svg>
`
}
