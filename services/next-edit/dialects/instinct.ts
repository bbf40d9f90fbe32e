/**
 * Instinct: Continue's next-edit model over Qwen2.5-Coder, which chats. It sees snippets of other files, the last edits,
 * newest first, and an excerpt with an editable region and the cursor; it answers with the lines of the region. Source:
 * utils/datautils.py of continuedev/instinct, September 2025. How far the region and the excerpt reach was not published;
 * ours reach as far as is said below.
 */
import { chatMlEnd as end, parseChatMl } from "../../formats/chat-ml.ts"
import {
  applied,
  type Dialect,
  holdsControls,
  holdsOneOf,
  type NextEditAnswer,
  notRendered,
  readingBack,
  renderingWith,
  withoutMark,
  withoutOwnEnd
} from "../dialect.ts"
import { eventsOfDiff, hunksOfEvent } from "../event-diff.ts"
import { instinctPreface, instinctSystem } from "../instinct-words.ts"
import { rowsAround } from "../line-window.ts"
import { type RowRange, type Rows, rowsOf, spanOfRows, textOfRows } from "../rows.ts"

const regionStart = "<|editable_region_start|>"
const regionEnd = "<|editable_region_end|>"
const cursorMark = "<|user_cursor_is_here|>"
const controls = [regionStart, regionEnd, cursorMark, end, "<|im_start|>", "<|context_file|>", "<|snippet|>"]

/** Lines above and below the cursor's that may be rewritten, and that are seen. */
const regionReach = 5
const excerptReach = 25
const mostEvents = 5
const eventContext = 0
/** Tokens of a prompt at four characters a token, beyond which other files are left out. */
const maxTokens = 20_000
const charsPerToken = 4

/** What stands before the snippets. */
const before = `${instinctPreface}\n\n### Context:\n\n`

const show: Dialect["show"] = (moment) => {
  const { cursor, events, file: { path, text }, related } = moment
  const rows = rowsOf(text)
  const window = rowsAround(rows, cursor, regionReach, regionReach)
  const seen = rowsAround(rows, cursor, excerptReach, excerptReach)
  const region = spanOfRows(rows, window)
  const past = events.slice(-mostEvents).toReversed().flatMap((event) => {
    const diff = hunksOfEvent(event, { context: eventContext })
    return diff === "" ? [] : [{ path: event.path, diff }]
  })
  const shown = [textOfRows(rows, seen), ...past.map(({ diff }) => diff), ...related.map((excerpt) => excerpt.text)]
  if (shown.some((part) => controls.some((control) => part.includes(control)))) return notRendered(holdsControls)
  const edits = past.map(({ diff, path }) => `User edited file "${path}"\n\n\`\`\`diff\n${diff}\n\`\`\`\n\n`).join("")
  const marked = `${text.slice(region.start, cursor)}${cursorMark}${text.slice(cursor, region.end)}`
  const above = lines(rows, { from: seen.from, to: window.from })
  const below = lines(rows, { from: window.to, to: seen.to })
  const excerpt = [...above, regionStart, marked, regionEnd, ...below].join("\n")
  const behind = `\n### User Edits:\n\n${edits}### User Excerpt:\n"${path}"\n\n${excerpt}`
  let left = maxTokens * charsPerToken - before.length - behind.length
  if (left < 0) return notRendered("over the size limit")
  const snippets: Array<string> = []
  for (const { path, text } of related) {
    const snippet = `<|context_file|> ${path}\n<|snippet|>\n${text.replace(/\n+$/, "")}`
    left -= snippet.length
    if (left < 0) break
    snippets.push(snippet)
  }
  return {
    _tag: "shown",
    shown: { prompt: `${before}${snippets.join("\n\n\n")}\n\n${behind}`, system: instinctSystem, region }
  }
}

const lines = (rows: Rows, range: RowRange): ReadonlyArray<string> =>
  range.from < range.to ? [textOfRows(rows, range)] : []

const render = renderingWith(show, holdsOneOf(controls), (_example, _region, wanted) => wanted)

/** Some servers fence what a chat answers, and some models repeat the tags around it. */
const parse: Dialect["parse"] = (answer, shown, { file: { text } }) => {
  const whole = answer.endsWith(end) ? answer.slice(0, -end.length) : answer
  const from = whole.indexOf(`${regionStart}\n`)
  const to = whole.indexOf(`\n${regionEnd}`)
  const bare = from !== -1 || to !== -1
    ? whole.slice(from === -1 ? 0 : from + regionStart.length + 1, to === -1 ? whole.length : to)
    : /^```[^\n]*\n([^]*?)\n?```\s*$/.exec(whole)?.[1] ?? whole
  if (controls.some((control) => bare.includes(control))) {
    return { _tag: "unreadable", reason: "the answer holds marks of the prompt" }
  }
  const old = text.slice(shown.region.start, shown.region.end)
  const fresh = withoutOwnEnd(bare, old)
  const edit: NextEditAnswer = { _tag: "edit", text: fresh, cursor: null }
  return applied(text, shown, edit) === text ? { _tag: "no edit" } : edit
}

/** Reads what the user says, bare or within the whole chat. */
const read: Dialect["read"] = (prompt) => {
  const said = parseChatMl(prompt)?.user ?? prompt
  if (!said.startsWith(before)) return undefined
  const regionAt = said.indexOf(`\n${regionStart}\n`) + 1
  const head = [...said.slice(0, regionAt).matchAll(editsAndPath)].at(-1)
  const { edits, path } = head?.groups ?? {}
  if (head === undefined || edits === undefined || path === undefined) return undefined
  const start = regionAt + regionStart.length + 1
  const end = said.indexOf(`\n${regionEnd}`, start - 1)
  const below = said.slice(end + 1 + regionEnd.length)
  const { at, text: region } = withoutMark(said.slice(start, end), cursorMark)
  if (end === -1 || at === null || !/^(?:\n|$)/.test(below) || holdsOneOf(controls)(below)) return undefined
  const newestFirst = [...edits.matchAll(oneEdit)].map(({ groups }) =>
    eventsOfDiff(groups?.["diff"] ?? "", groups?.["edited"])
  )
  return {
    path,
    events: newestFirst.toReversed().flat(),
    above: said.slice(head.index + head[0].length, regionAt),
    region,
    below,
    cursor: at
  }
}

/** Each line of a diff begins with a sign of its own, so none can be taken for what stands around. */
const oneEdit = /User edited file "(?<edited>[^\n]*)"\n\n```diff\n(?<diff>(?:[-+ @][^\n]*\n)*)```\n\n/g
const editsAndPath = new RegExp(
  `\\n### User Edits:\\n\\n(?<edits>(?:${oneEdit.source})*)### User Excerpt:\\n"(?<path>[^\\n]*)"\\n\\n`,
  "g"
)

/** What Instinct reads and writes. */
export const instinct: Dialect = readingBack({
  name: "instinct",
  controls,
  stops: [end],
  maxTokens,
  estimate: (text) => Math.floor(text.length / charsPerToken),
  growsAlongSyntax: false,
  show,
  render,
  parse,
  read
})
