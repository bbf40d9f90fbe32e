/**
 * zeta2: Zed's second model, over Seed-Coder. It rewrites a region that stands like one side of a merge conflict, and
 * says where the cursor goes. Source: zed-industries/zeta-2 on the Hub, and Zed's prompt of version V0211, July 2026.
 */
import {
  applied,
  cursorInWanted,
  type Dialect,
  holdsControls,
  type NextEditAnswer,
  notRendered,
  readingBack,
  renderingWith,
  withoutMark
} from "../dialect.ts"
import type { EditMoment } from "../example.ts"
import { spanOfRows, tokensByBytes } from "../rows.ts"
import { readZetaPrompt, zetaMaxTokens, zetaPrompt, zetaTokens } from "../zeta-prompt.ts"
import { zetaRanges } from "../zeta-region.ts"

const opening = "<<<<<<< CURRENT\n"
const border = "=======\n"
const closing = ">>>>>>> UPDATED"

const { cursor: cursorMark, end, file, middle, prefix, suffix } = zetaTokens
const controls = [suffix, prefix, middle, file, end, cursorMark, opening.trim(), closing]

const show: Dialect["show"] = (moment) => {
  const { cursor, file: { text } } = moment
  const { context, region, rows } = zetaRanges(moment)
  const span = spanOfRows(rows, region)
  const seen = spanOfRows(rows, context)
  const excerpt = text.slice(seen.start, seen.end)
  if (isMarked(excerpt) || eventsAreMarked(moment)) return notRendered(holdsControls)
  const marked = text.slice(span.start, cursor) + cursorMark + text.slice(cursor, span.end)
  const prompt = zetaPrompt(moment, {
    before: text.slice(seen.start, span.start),
    region: `${opening}${marked}\n${border}`,
    after: text.slice(span.end, seen.end)
  })
  return prompt === undefined
    ? notRendered("over the size limit")
    : { _tag: "shown", shown: { prompt, system: null, region: span } }
}

/** A line that looks like a border of the conflict would forge one. */
const isMarked = (text: string): boolean =>
  controls.some((control) => text.includes(control)) || /^(?:<{7}|={7}|>{7})/m.test(text)

const eventsAreMarked = ({ events, related }: EditMoment): boolean =>
  [...events.flatMap(({ after, before }) => [before, after]), ...related.map(({ text }) => text)].some((text) =>
    controls.some((control) => text.includes(control))
  )

const render = renderingWith(show, isMarked, (example, region, wanted) => {
  const cursor = cursorInWanted(example, region, wanted)
  return `${wanted.slice(0, cursor)}${cursorMark}${wanted.slice(cursor)}\n${closing}\n`
})

/** Zed sends no stop, and a server that was told to stop at the closing line leaves it out. Some trainers keep an end token. */
const parse: Dialect["parse"] = (answer, shown, { file: { text } }) => {
  const whole = withoutClosing(answer.endsWith(end) ? answer.slice(0, -end.length) : answer)
  if (whole === undefined) return { _tag: "unreadable", reason: "the answer is cut off" }
  if (/^NO_EDITS\n?$/.test(whole)) return { _tag: "no edit" }
  const { at, text: unmarked } = withoutMark(whole, cursorMark)
  if (isMarked(unmarked)) return { _tag: "unreadable", reason: "the answer holds marks of the prompt" }
  const region = unmarked.replace(/\n$/, "")
  const edit: NextEditAnswer = { _tag: "edit", text: region, cursor: at === null ? null : Math.min(at, region.length) }
  return applied(text, shown, edit) === text ? { _tag: "no edit" } : edit
}

/** The closing line may lack its end, or be eaten whole by a stop: what stands before it ends with a line end then. */
const withoutClosing = (answer: string): string | undefined => {
  const at = answer.lastIndexOf(closing)
  if (at !== -1 && answer.slice(at + closing.length).trim() === "") return answer.slice(0, at)
  return answer.endsWith("\n") && !answer.includes(closing) ? answer : undefined
}

const read: Dialect["read"] = (prompt) => {
  const parts = readZetaPrompt(prompt)
  if (parts === undefined) return undefined
  const { after: below, events, excerpt, path } = parts
  const start = excerpt.indexOf(opening)
  const tail = `\n${border}`
  if (start === -1 || !excerpt.endsWith(tail)) return undefined
  const { at, text: region } = withoutMark(excerpt.slice(start + opening.length, -tail.length), cursorMark)
  return at === null ? undefined : { path, events, above: excerpt.slice(0, start), region, below, cursor: at }
}

/** What zeta2 reads and writes. */
export const zeta2: Dialect = readingBack({
  name: "zeta2",
  controls,
  stops: [closing],
  maxTokens: zetaMaxTokens,
  estimate: tokensByBytes,
  growsAlongSyntax: true,
  show,
  render,
  parse,
  read
})
