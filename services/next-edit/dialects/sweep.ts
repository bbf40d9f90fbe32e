/**
 * Sweep's next-edit models of 0.5 and 1.5 billion parameters: the window of lines around the cursor as it was before the
 * last edit, as it is, and, for the model to write, as it will be. Source: run_model.py beside the weights on the Hub.
 */
import {
  applied,
  beforeMarks,
  type Dialect,
  holdsControls,
  holdsOneOf,
  type NextEditAnswer,
  notRendered,
  readingBack,
  renderingWith,
  withoutOwnEnd
} from "../dialect.ts"
import { changedStretch, lastEventHere, rowsAround, windowBefore } from "../line-window.ts"
import { rowsOf, spanOfRows, tokensByBytes } from "../rows.ts"
import { isBlank } from "../../text/span.ts"
import { eventOfBlock, sweepBlocks, sweepMark as fileMark } from "../sweep-blocks.ts"

const end = "<|endoftext|>"
const controls = [fileMark, end]

/** Lines above and below that of the cursor. */
const reach = 10
/** Earlier edits that are shown at the most, and the lines that one of them may have. */
const mostEvents = 3
const longestEvent = 40
/** Tokens of prompt and answer. */
const maxTokens = 8192

const show: Dialect["show"] = (moment) => {
  const { cursor, events, file: { path, text }, related } = moment
  const rows = rowsOf(text)
  const window = rowsAround(rows, cursor, reach, reach)
  const region = spanOfRows(rows, window)
  const current = text.slice(region.start, region.end)
  const original = windowBefore(rows, window, lastEventHere(moment))
  // The last event is told by the window that stood there before, unless it lies outside of that.
  const earlier = (original === current ? events : events.slice(0, -1)).flatMap((event) => {
    const lines = changedStretch(event)
    return lines === undefined || lines.to - lines.from >= longestEvent || isBlank(lines.before + lines.after)
      ? []
      : [`${fileMark}${event.path}.diff\noriginal:\n${lines.before}\nupdated:\n${lines.after}`]
  }).slice(-mostEvents)
  const frame = [
    ...earlier,
    `${fileMark}original/${path}\n${original}`,
    `${fileMark}current/${path}\n${current}`,
    `${fileMark}updated/${path}`
  ]
  let left = maxTokens - 2 * tokensByBytes(frame.join("\n"))
  if (left < 0) return notRendered("over the size limit")
  const others: Array<string> = []
  for (const excerpt of related) {
    const part = `${fileMark}${excerpt.path}\n${excerpt.text.replace(/\n$/, "")}`
    left -= tokensByBytes(part)
    if (left < 0) break
    others.push(part)
  }
  const parts = [...others, ...frame]
  const isForged = parts.some((part) => controls.some((control) => part.lastIndexOf(control) > 0))
  return isForged
    ? notRendered(holdsControls)
    : { _tag: "shown", shown: { prompt: parts.join("\n"), system: null, region } }
}

const render = renderingWith(show, holdsOneOf(controls), (_example, _region, wanted) => `\n${wanted}${end}`)

/** The answer starts the line behind the path, so its first line end is not part of the window. */
const parse: Dialect["parse"] = (answer, shown, { file: { text } }) => {
  const whole = beforeMarks(answer, controls)
  if (whole === answer && !answer.startsWith("\n")) {
    return { _tag: "unreadable", reason: "the answer does not start a line" }
  }
  const old = text.slice(shown.region.start, shown.region.end)
  const fresh = withoutOwnEnd(whole.replace(/^\n/, ""), old)
  const edit: NextEditAnswer = { _tag: "edit", text: fresh, cursor: null }
  return applied(text, shown, edit) === text ? { _tag: "no edit" } : edit
}

const read: Dialect["read"] = (prompt) => {
  const blocks = sweepBlocks(prompt)
  const [original, current, updated] = blocks.slice(-3)
  const path = updated?.name.replace(/^updated\//, "")
  const isWhole = updated?.name === `updated/${path}` && updated.text === null && current?.name === `current/${path}` &&
    original?.name === `original/${path}`
  if (path === undefined || !isWhole || current.text === null || original.text === null) return undefined
  const earlier = blocks.slice(0, -3).flatMap((block) =>
    eventOfBlock(/^(.*)\.diff$/.exec(block.name)?.[1], block) ?? []
  )
  const last = { path, before: original.text, after: current.text }
  return {
    path,
    events: last.before === last.after ? earlier : [...earlier, last],
    above: "",
    region: current.text,
    below: "",
    cursor: null
  }
}

/** What Sweep's small models read and write. */
export const sweep: Dialect = readingBack({
  name: "sweep",
  controls,
  stops: [fileMark, end],
  maxTokens,
  estimate: tokensByBytes,
  growsAlongSyntax: false,
  show,
  render,
  parse,
  read
})
