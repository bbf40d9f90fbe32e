/**
 * zeta1: Zed's first model, over Qwen2.5-Coder. It rewrites an editable region in an excerpt of the file, behind the last
 * edits as diffs. Source of the prompt: zed-industries/zeta on the Hub, and of its sizes: Zed's edit prediction of 2025,
 * from memory. It was shown no other files. Rows of `ZED` have the same prompt around cuts of one file; these show whole commits.
 */
import {
  cursorMark,
  editableEnd,
  editableStart,
  isZedPath,
  parseRegion,
  parseZed,
  renderEditableRegion,
  renderZed,
  zedContextLength,
  zedControls,
  type ZedEvent
} from "../../formats/zed.ts"
import {
  applied,
  type Dialect,
  holdsControls,
  holdsOneOf,
  type NextEditAnswer,
  notRendered,
  readingBack,
  renderingWith,
  withoutOwnEnd
} from "../dialect.ts"
import { eventsOfDiff, hunksOfEvent } from "../event-diff.ts"
import type { EditMoment } from "../example.ts"
import { spanOfRows, tokensByBytes } from "../rows.ts"
import { zetaRanges } from "../zeta-region.ts"

/** Qwen's tokens, which end what the model reads and writes. */
const end = "<|endoftext|>"
const controls = [...zedControls, end, "<|im_start|>", "<|im_end|>"]
const maxTokens = 4096
/** Tokens that the last edits may take, and lines around a change. */
const eventTokens = 500
const eventContext = 3

const show: Dialect["show"] = (moment) => {
  const { cursor, file: { path, text } } = moment
  const { context, region, rows } = zetaRanges(moment)
  const span = spanOfRows(rows, region)
  const seen = spanOfRows(rows, context)
  const events = newestThatFit(moment)
  const excerpt = text.slice(seen.start, seen.end)
  const shown = [excerpt, ...events.flatMap((event) => event._tag === "edited" ? [event.diff] : [])]
  if (![path, ...moment.events.map((event) => event.path)].every(isZedPath)) {
    return notRendered("path cannot stand in the prompt")
  }
  if (shown.some(holdsOneOf(controls))) return notRendered(holdsControls)
  const { prompt } = renderZed({
    path,
    events,
    startsFile: seen.start === 0,
    before: text.slice(seen.start, span.start),
    region: text.slice(span.start, span.end),
    cursor: cursor - span.start,
    after: text.slice(span.end, seen.end),
    rewritten: ""
  })
  const left = maxTokens - tokensByBytes(prompt) - tokensByBytes(text.slice(span.start, span.end))
  if (left < 0) return notRendered("over the size limit")
  return { _tag: "shown", shown: { prompt, system: null, region: span } }
}

/** Returns the newest events that fit, oldest first. */
const newestThatFit = ({ events }: EditMoment): ReadonlyArray<ZedEvent> => {
  const taken: Array<ZedEvent> = []
  let left = eventTokens
  for (const event of events.toReversed()) {
    const diff = hunksOfEvent(event, { context: eventContext })
    if (diff === "") continue
    left -= tokensByBytes(diff)
    if (left < 0) break
    taken.unshift({ _tag: "edited", path: event.path, diff })
  }
  return taken
}

const render = renderingWith(show, holdsOneOf(controls), (_example, _region, wanted) => renderEditableRegion(wanted))

/** Zed stops at the closing mark, and leaves it out. */
const parse: Dialect["parse"] = (answer, shown, { file: { text } }) => {
  const at = answer.indexOf(editableStart)
  const ended = answer.includes(`\n${editableEnd}`) ? answer : `${answer.replace(/\n$/, "")}\n${editableEnd}`
  const rewritten = at === -1 ? undefined : parseRegion(ended.slice(at))
  if (rewritten === undefined) return { _tag: "unreadable", reason: "the answer has no editable region" }
  const unmarked = rewritten.replace(cursorMark, "")
  if (holdsOneOf(controls)(unmarked)) return { _tag: "unreadable", reason: "the answer holds marks of the prompt" }
  const region = withoutOwnEnd(unmarked, text.slice(shown.region.start, shown.region.end))
  const edit: NextEditAnswer = { _tag: "edit", text: region, cursor: null }
  return applied(text, shown, edit) === text ? { _tag: "no edit" } : edit
}

const read: Dialect["read"] = (prompt) => {
  const found = parseZed(prompt, renderEditableRegion(""), zedContextLength(prompt))
  if (found === undefined) return undefined
  const { after: below, before: above, cursor, events, path, region } = found
  return {
    path,
    events: [...events.matchAll(oneEdit)].flatMap(({ groups }) =>
      eventsOfDiff(groups?.["diff"] ?? "", groups?.["edited"])
    ),
    above,
    region,
    below,
    cursor
  }
}

/** Each line of a diff begins with a sign of its own, so none can be taken for what stands around. */
const oneEdit = /User edited "(?<edited>[^\n]*)":\n```diff\n(?<diff>(?:[-+ @][^\n]*\n)*)```/g

/** What zeta1 reads and writes. */
export const zeta1: Dialect = readingBack({
  name: "zeta1",
  controls,
  stops: [editableEnd, end],
  maxTokens,
  estimate: tokensByBytes,
  growsAlongSyntax: true,
  show,
  render,
  parse,
  read
})
