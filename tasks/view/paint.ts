/** A line of text in styles that lie one over the other. */
import { cellsOf, type Line, shown, type Style, type TextRun } from "../shared/cells.ts"
import type { Coat } from "./look.ts"

/** What stands in a line and is not of its text, such as a bracket. */
export interface Sign {
  readonly at: number
  readonly text: string
  readonly style: Style
}

/**
 * Returns a line in the style `base`, with coats over it: of each layer they are in order and do not overlap, and a later
 * layer hides an earlier one. Signs are in order too.
 */
export const painted = (
  text: string,
  base: Style,
  layers: ReadonlyArray<ReadonlyArray<Coat>>,
  signs: ReadonlyArray<Sign> = []
): Line => {
  const cuts = new Set([0, text.length])
  for (const layer of layers) for (const { end, start } of layer) cuts.add(start).add(end)
  for (const { at } of signs) cuts.add(at)
  const points = [...cuts].filter((point) => point <= text.length).sort((a, b) => a - b)
  const next = layers.map(() => 0)
  const runs: Array<TextRun> = []
  let column = 0
  let sign = 0
  const put = (part: string, style: Style) => {
    if (part === "") return
    const run = { text: shown(part, column), style }
    column += cellsOf(run.text)
    const last = runs.at(-1)
    if (last?.style === style) runs[runs.length - 1] = { style, text: last.text + run.text }
    else runs.push(run)
  }
  for (const [index, from] of points.entries()) {
    for (; signs[sign]?.at === from; sign++) put(signs[sign]?.text ?? "", signs[sign]?.style ?? "")
    let style = base
    for (const [layer, coats] of layers.entries()) {
      while ((coats[next[layer] ?? 0]?.end ?? Infinity) <= from) next[layer] = (next[layer] ?? 0) + 1
      const coat = coats[next[layer] ?? 0]
      if (coat !== undefined && coat.start <= from) style = coat.style
    }
    put(text.slice(from, points[index + 1] ?? text.length), style)
  }
  return runs
}

/** So many places of one line are marked. */
const mostHits = 1000

/** Returns the places of a text in a line; none for "". */
export const hitsIn = (line: string, sought: string): ReadonlyArray<Coat> => {
  const hits: Array<Coat> = []
  if (sought === "") return hits
  for (
    let at = line.indexOf(sought);
    at !== -1 && hits.length < mostHits;
    at = line.indexOf(sought, at + sought.length)
  ) {
    hits.push({ start: at, end: at + sought.length, style: "hit" })
  }
  return hits
}

/** Whether a hit is in a line. */
export const hasHit = (line: Line): boolean => line.some(({ style }) => style === "hit")
