/**
 * Edits as blocks of old and new text between marker lines, as chat models are asked to write them. The old text stands
 * only once in the file, so no line numbers are needed; a mere insertion brings along an unchanged line to stand by.
 */
import { DoesNotApply, type LineEdit } from "./line-edit.ts"

/** The words of the two outer marker lines. */
export interface BlockMarkers {
  readonly before: string
  readonly after: string
}

/** The markers of search-and-replace blocks. */
export const searchReplace: BlockMarkers = { before: "SEARCH", after: "REPLACE" }
/** The markers of a block that holds a whole region. */
export const originalUpdated: BlockMarkers = { before: "ORIGINAL", after: "UPDATED" }

/** The least number of signs in a marker; there are more where a line of the text would be taken for a marker. */
const shortest = 7

const marker = /^(?:(<{7,}) [A-Z]+|(={7,})|(>{7,}) [A-Z]+)$/

/** Renders each change as a block; the blocks are to be applied one after the other. */
export const renderSearchReplace = (lines: ReadonlyArray<string>, edit: LineEdit): string => {
  const blocks: Array<string> = []
  let state = lines
  let shift = 0
  for (const change of edit) {
    const start = change.start + shift
    blocks.push(renderBlock(state, { ...change, start }, searchReplace))
    state = [...state.slice(0, start), ...change.added, ...state.slice(start + change.removed.length)]
    shift += change.added.length - change.removed.length
  }
  return blocks.join("\n")
}

/** Renders the edit as one block, from its first change to its last. */
export const renderRegion = (lines: ReadonlyArray<string>, edit: LineEdit): string => {
  const first = edit[0]
  const last = edit[edit.length - 1]
  if (first === undefined || last === undefined) return ""
  const end = last.start + last.removed.length
  const added: Array<string> = []
  let at = first.start
  for (const change of edit) {
    for (; at < change.start; at++) added.push(lines[at] ?? "")
    for (const line of change.added) added.push(line)
    at = change.start + change.removed.length
  }
  return renderBlock(lines, { start: first.start, removed: lines.slice(first.start, end), added }, originalUpdated)
}

const renderBlock = (
  lines: ReadonlyArray<string>,
  change: { readonly start: number; readonly removed: ReadonlyArray<string>; readonly added: ReadonlyArray<string> },
  markers: BlockMarkers
): string => {
  const from = change.start
  const to = from + change.removed.length
  const [start, end] = uniqueAround(lines, from, to)
  const old = lines.slice(start, end)
  const now = [...lines.slice(start, from), ...change.added, ...lines.slice(to, end)]
  let length = shortest
  for (const line of [...old, ...now]) {
    const signs = marker.exec(line)
    if (signs !== null) length = Math.max(length, (signs[1] ?? signs[2] ?? signs[3] ?? "").length + 1)
  }
  return [
    `${"<".repeat(length)} ${markers.before}`,
    ...old,
    "=".repeat(length),
    ...now,
    `${">".repeat(length)} ${markers.after}`
  ].join("\n")
}

/**
 * Widens lines [from, to) until they stand only once: by the line above where that is enough, else by the line below,
 * else by both, and so on.
 */
const uniqueAround = (lines: ReadonlyArray<string>, from: number, to: number): readonly [number, number] => {
  if (lines.length === 0) return [0, 0]
  let start = from
  let end = to
  for (;;) {
    if (end > start && places(lines, lines.slice(start, end), 2).length === 1) return [start, end]
    if (start > 0 && places(lines, lines.slice(start - 1, end), 2).length === 1) return [start - 1, end]
    if (end < lines.length && places(lines, lines.slice(start, end + 1), 2).length === 1) return [start, end + 1]
    start = Math.max(0, start - 1)
    end = Math.min(lines.length, end + 1)
  }
}

/** Returns the first places at which a run of lines stands, `limit` of them at most. */
const places = (
  lines: ReadonlyArray<string>,
  run: ReadonlyArray<string>,
  limit: number
): ReadonlyArray<number> => {
  const found: Array<number> = []
  for (let at = 0; at + run.length <= lines.length && found.length < limit; at++) {
    let same = 0
    while (same < run.length && lines[at + same] === run[same]) same++
    if (same === run.length) found.push(at)
  }
  return found
}

/**
 * Returns the lines after all blocks, applied in order. Throws DoesNotApply where old text is missing or stands twice.
 */
export const applyBlocks = (
  lines: ReadonlyArray<string>,
  text: string,
  markers: BlockMarkers
): ReadonlyArray<string> => {
  const input = text === "" ? [] : text.split("\n")
  let state = lines
  let index = 0
  while (index < input.length) {
    const opening = /^(<{7,}) ([A-Z]+)$/.exec(input[index] ?? "")
    if (opening === null || opening[2] !== markers.before) {
      throw new DoesNotApply("a block does not begin where one should")
    }
    const length = (opening[1] ?? "").length
    const middle = input.indexOf("=".repeat(length), index + 1)
    const end = input.indexOf(`${">".repeat(length)} ${markers.after}`, middle + 1)
    if (middle === -1 || end === -1) throw new DoesNotApply("a block does not end")
    const old = input.slice(index + 1, middle)
    const now = input.slice(middle + 1, end)
    const found = old.length === 0 ? (state.length === 0 ? [0] : []) : places(state, old, 2)
    const [place] = found
    if (place === undefined || found.length > 1) {
      throw new DoesNotApply(found.length > 1 ? "the old text stands twice" : "the old text is not there")
    }
    state = [...state.slice(0, place), ...now, ...state.slice(place + old.length)]
    index = end + 1
  }
  return state
}
