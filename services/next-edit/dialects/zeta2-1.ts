/**
 * zeta2.1: as zeta2, but borders are numbered, and an answer holds only what stands between two of them. Source:
 * zed-industries/zeta-2.1 on the Hub, and Zed's prompt of version V0318, July 2026. The card of the model breaks lines
 * after the tags; the program that serves it does not, and neither do we.
 */
import {
  applied,
  type Dialect,
  holdsControls,
  holdsOneOf,
  type NextEditAnswer,
  notRendered,
  readingBack,
  renderingWith,
  withoutMark
} from "../dialect.ts"
import { markedEdit, markersOf, withTags } from "../markers.ts"
import { spanOfRows, tokensByBytes } from "../rows.ts"
import { readZetaPrompt, zetaMaxTokens, zetaPrompt, zetaTokens } from "../zeta-prompt.ts"
import { zetaRanges } from "../zeta-region.ts"

const { cursor: cursorMark, end, file, middle, prefix, suffix } = zetaTokens
const tagOf = (number: number): string => `<|marker_${number}|>`
const tags = /<\|marker_(\d+)\|>/g
const controls = [suffix, prefix, middle, file, end, cursorMark, "<|marker_"]

const isMarked = holdsOneOf(controls)

const show: Dialect["show"] = (moment) => {
  const { cursor, events, file: { text }, related } = moment
  const { context, region, rows } = zetaRanges(moment)
  const span = spanOfRows(rows, region)
  const seen = spanOfRows(rows, context)
  const shown = [text.slice(seen.start, seen.end), ...related.map((excerpt) => excerpt.text)]
  if ([...shown, ...events.flatMap(({ after, before }) => [before, after])].some(isMarked)) {
    return notRendered(holdsControls)
  }
  const old = text.slice(span.start, span.end)
  const marks = markersOf(old).map((at, place) => ({ at, tag: tagOf(place + 1) }))
  const place = cursor - span.start
  const behind = marks.findIndex(({ at }, index) => at > place || (at === place && index === marks.length - 1))
  const all = behind === -1
    ? [...marks, { at: place, tag: cursorMark }]
    : [...marks.slice(0, behind), { at: place, tag: cursorMark }, ...marks.slice(behind)]
  const prompt = zetaPrompt(moment, {
    before: text.slice(seen.start, span.start),
    region: `${withTags(old, all)}\n`,
    after: text.slice(span.end, seen.end)
  })
  return prompt === undefined
    ? notRendered("over the size limit")
    : { _tag: "shown", shown: { prompt, system: null, region: span } }
}

const render = renderingWith(show, isMarked, (example, region, wanted) => {
  const old = example.file.text.slice(region.start, region.end)
  return old === wanted
    ? noEdit(old, example.cursor - region.start)
    : answerOf(old, wanted, example.wantedCursor === null ? null : example.wantedCursor - region.start)
})

/** The border that is nearest to the cursor, twice; the lower one of two that are. */
const noEdit = (old: string, cursor: number): string => {
  const markers = markersOf(old)
  const nearest = markers.reduce(
    (best, at, place) => Math.abs(at - cursor) < Math.abs((markers[best] ?? 0) - cursor) ? place : best,
    0
  )
  return `${tagOf(nearest + 1)}${tagOf(nearest + 1)}${end}`
}

/** Where the example does not say where the cursor goes, the answer does not either. */
const answerOf = (old: string, wanted: string, cursor: number | null): string => {
  const whole = `${old}\n`
  const fresh = `${wanted}\n`
  const { first, offsets } = markedEdit(whole, fresh, endedMarkers(old))
  const [from, to] = [offsets[0] ?? 0, offsets.at(-1) ?? fresh.length]
  const marks = offsets.map((at, index) => ({ at: at - from, tag: tagOf(first + index + 1) }))
  const place = cursor === null ? -1 : cursor - from
  const isInside = place >= 0 && place <= to - from
  const behind = marks.findIndex(({ at }, index) => index > 0 && at >= place)
  const all = isInside && behind !== -1
    ? [...marks.slice(0, behind), { at: place, tag: cursorMark }, ...marks.slice(behind)]
    : marks
  return `${withTags(fresh.slice(from, to), all)}${end}`
}

/** The last border of a region stands behind the line end that an answer writes, too. */
const endedMarkers = (old: string): ReadonlyArray<number> => [...markersOf(old).slice(0, -1), old.length + 1]

const parse: Dialect["parse"] = (answer, { region }, moment) => {
  const old = moment.file.text.slice(region.start, region.end)
  const whole = `${old}\n`
  const markers = endedMarkers(old)
  const text = answer.replace(end, "")
  const found = [...text.matchAll(tags)].map((match) => ({
    number: Number(match[1]),
    start: match.index,
    end: match.index + match[0].length
  }))
  const [first, last] = [found[0], found.at(-1)]
  if (first === undefined || last === undefined || first === last) {
    return { _tag: "unreadable", reason: "the answer names fewer than two borders" }
  }
  if (first.number === last.number) return { _tag: "no edit" }
  const [from, to] = [markers[first.number - 1], markers[last.number - 1]]
  if (from === undefined || to === undefined || from > to) {
    return { _tag: "unreadable", reason: "the answer names borders that are not there" }
  }
  const written = found.slice(1).map(({ start }, index) => text.slice(found[index]?.end ?? start, start)).join("")
  const { at, text: unmarked } = withoutMark(written, cursorMark)
  if (isMarked(unmarked)) return { _tag: "unreadable", reason: "the answer holds marks of the prompt" }
  const fresh = (whole.slice(0, from) + unmarked + whole.slice(to)).replace(/\n$/, "")
  const edit: NextEditAnswer = {
    _tag: "edit",
    text: fresh,
    cursor: at === null ? null : Math.min(from + at, fresh.length)
  }
  return applied(moment.file.text, { region }, edit) === moment.file.text ? { _tag: "no edit" } : edit
}

const read: Dialect["read"] = (prompt) => {
  const parts = readZetaPrompt(prompt)
  if (parts === undefined) return undefined
  const { after: below, events, excerpt, path } = parts
  const start = excerpt.indexOf(tagOf(1))
  const tagged = excerpt.slice(start).replace(/\n$/, "")
  const { at, text: region } = withoutMark(tagged.replaceAll(tags, ""), cursorMark)
  const last = tagOf(markersOf(region).length)
  if (start === -1 || at === null || !tagged.endsWith(last)) return undefined
  return { path, events, above: excerpt.slice(0, start), region, below, cursor: at }
}

/** What zeta2.1 reads and writes. */
export const zeta21: Dialect = readingBack({
  name: "zeta2.1",
  controls,
  stops: [end],
  maxTokens: zetaMaxTokens,
  estimate: tokensByBytes,
  growsAlongSyntax: true,
  show,
  render,
  parse,
  read
})
