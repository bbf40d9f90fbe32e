/**
 * Which lines of a section a person looks at, whoever draws them: what changes or is to be written, a few lines around
 * it, and in between how many lines are folded away.
 */
import { lineDiff } from "../text/diff.ts"
import { lineAt, lineStartsOf, type Span } from "../text/span.ts"
import { type WordDiff, wordDiff } from "../text/word-diff.ts"
import type { ChangeSection, CutSection, TextAround } from "./picture.ts"

/** Lines around what changes that are shown. */
export const linesAround = 3

/** A line of one of the texts. Spans are UTF-16 offsets in the line. */
export interface ShownLine {
  readonly kind: "line"
  /** Its number in the whole text, which is prefix, side and suffix in one, from 0. */
  readonly number: number
  /** Without its line end. */
  readonly text: string
  /** What of it lies between prefix and suffix; null for nothing. Empty where a text of no length stands. */
  readonly inside: Span | null
  /** The words that the other text does not have. */
  readonly marks: ReadonlyArray<Span>
  /** Where the cursor stands, or null. */
  readonly cursor: number | null
}

/** How many lines are not shown. */
export interface FoldedLines {
  readonly kind: "folded"
  readonly lines: number
}

/** Lines of two texts that stand side by side; null where one has no line for those of the other. */
export interface PairedLine {
  readonly kind: "pair"
  readonly left: ShownLine | null
  readonly right: ShownLine | null
  /** Whether both sides are equal. */
  readonly isSame: boolean
}

/** Returns the lines of two texts, side by side. With `around` infinite nothing is folded away. */
export const pairedLines = (section: ChangeSection, around = linesAround): ReadonlyArray<PairedLine | FoldedLines> => {
  const surroundings = section.around ?? { prefix: "", suffix: "" }
  const left = wholeOf(surroundings, section.left.text)
  const right = wholeOf(surroundings, section.right.text)
  const cursor = section.cursor === null ? null : surroundings.prefix.length + section.cursor
  const hunks = lineDiff(left.text, right.text)
  if (hunks.length === 0) {
    return linesOfWhole(left, around).map((line) =>
      line.kind === "folded" ? line : { kind: "pair", left: withCursor(left, line, cursor), right: line, isSame: true }
    )
  }
  const out: Array<PairedLine | FoldedLines> = []
  const put = (
    fromLeft: number | null,
    fromRight: number | null,
    words: WordDiff | null
  ) => {
    out.push({
      kind: "pair",
      left: fromLeft === null ? null : withCursor(left, lineOf(left, fromLeft, words?.left), cursor),
      right: fromRight === null ? null : lineOf(right, fromRight, words?.right),
      isSame: words === null
    })
  }
  let [atLeft, atRight] = [0, 0]
  const keep = (until: number, isFirst: boolean, isLast: boolean) => {
    for (const part of foldedRange(until - atLeft, isFirst ? 0 : around, isLast ? 0 : around)) {
      if (part.isFolded) out.push({ kind: "folded", lines: part.end - part.start })
      else for (let line = part.start; line < part.end; line++) put(atLeft + line, atRight + line, null)
    }
    atRight += until - atLeft
    atLeft = until
  }
  for (const [index, { new: come, old: gone }] of hunks.entries()) {
    const [goneLines, comeLines] = [linesIn(left, gone), linesIn(right, come)]
    keep(goneLines.start, index === 0, false)
    const words = wordDiff(left.text.slice(gone.start, gone.end), right.text.slice(come.start, come.end))
    const placed = { left: moved(words.left, gone.start), right: moved(words.right, come.start) }
    const longest = Math.max(goneLines.end - goneLines.start, comeLines.end - comeLines.start)
    for (let line = 0; line < longest; line++) {
      put(
        goneLines.start + line < goneLines.end ? goneLines.start + line : null,
        comeLines.start + line < comeLines.end ? comeLines.start + line : null,
        placed
      )
    }
    atLeft = goneLines.end
    atRight = comeLines.end
  }
  keep(countIn(left), false, true)
  return out
}

/** Returns the lines of a middle, and some around it. With `around` infinite nothing is folded away. */
export const linesOfCut = (section: CutSection, around = linesAround): ReadonlyArray<ShownLine | FoldedLines> =>
  linesOfWhole(wholeOf(section, section.middle), around)

/** A side in its place. */
interface Whole {
  readonly text: string
  readonly starts: ReadonlyArray<number>
  readonly inside: Span
}

const wholeOf = ({ prefix, suffix }: TextAround, side: string): Whole => {
  const text = prefix + side + suffix
  return { text, starts: lineStartsOf(text), inside: { start: prefix.length, end: prefix.length + side.length } }
}

/** A last line end closes the last line, and opens none. */
const countIn = ({ starts, text }: Whole): number => starts.length - (starts.at(-1) === text.length ? 1 : 0)

const linesOfWhole = (whole: Whole, around: number): ReadonlyArray<ShownLine | FoldedLines> => {
  const { end, start } = whole.inside
  const first = lineAt(whole.starts, start)
  const behind = lineAt(whole.starts, Math.max(start, end - 1)) + 1
  const count = countIn(whole)
  const between = (from: number, to: number, head: number, tail: number) =>
    foldedRange(to - from, head, tail).flatMap((part): ReadonlyArray<ShownLine | FoldedLines> =>
      part.isFolded
        ? [{ kind: "folded", lines: part.end - part.start }]
        : Array.from({ length: part.end - part.start }, (_, line) => lineOf(whole, from + part.start + line))
    )
  return [
    ...between(0, first, 0, around),
    ...between(first, Math.min(behind, count), Infinity, Infinity),
    ...between(behind, count, around, 0)
  ]
}

interface FoldedRange extends Span {
  readonly isFolded: boolean
}

/** Cuts a range of equal lines: a single line is not folded, as its fold would take as much room. */
const foldedRange = (count: number, head: number, tail: number): ReadonlyArray<FoldedRange> => {
  if (count <= 0) return []
  if (count - head - tail <= 1) return [{ start: 0, end: count, isFolded: false }]
  return [
    { start: 0, end: head, isFolded: false },
    { start: head, end: count - tail, isFolded: true },
    { start: count - tail, end: count, isFolded: false }
  ].filter(({ end, start }) => start < end)
}

/** Numbers of the lines in a span of whole lines. */
const linesIn = ({ starts }: Whole, { end, start }: Span): Span => {
  const first = lineAt(starts, start)
  return { start: first, end: start === end ? first : lineAt(starts, end - 1) + 1 }
}

const moved = (spans: ReadonlyArray<Span>, by: number): ReadonlyArray<Span> =>
  spans.map(({ end, start }) => ({ start: start + by, end: end + by }))

const lineOf = (whole: Whole, number: number, marks: ReadonlyArray<Span> = []): ShownLine => {
  const start = whole.starts[number] ?? whole.text.length
  const next = whole.starts[number + 1]
  const ended = next === undefined ? whole.text.length : next - 1
  const end = next !== undefined && whole.text[ended - 1] === "\r" && ended > start ? ended - 1 : ended
  return {
    kind: "line",
    number,
    text: whole.text.slice(start, end),
    inside: partOf(whole.inside, start, end),
    marks: marks.flatMap((mark) => partOf(mark, start, end) ?? []).filter((mark) => mark.start < mark.end),
    cursor: null
  }
}

/** What of a span lies in the line [start, end); of a line without text it is the empty start. */
const partOf = (span: Span, start: number, end: number): Span | null => {
  const [from, to] = [Math.max(span.start, start), Math.min(span.end, end)]
  const isEmptyInside = from === to && (span.start === span.end || (span.start <= start && span.end > end))
  return from < to || isEmptyInside ? { start: from - start, end: to - start } : null
}

const withCursor = (whole: Whole, line: ShownLine, cursor: number | null): ShownLine => {
  const start = whole.starts[line.number] ?? 0
  const isHere = cursor !== null && lineAt(whole.starts, cursor) === line.number
  return isHere ? { ...line, cursor: Math.min(cursor - start, line.text.length) } : line
}
