/**
 * What the prompts of zeta2 and zeta2.1 share: Seed-Coder's layout with the suffix first, related files, the last edits
 * and the file at hand. Source of the layout: Zed's zeta_prompt, July 2026.
 */
import { utf8Length } from "../text/span.ts"
import { eventsOfDiff, hunksOfEvent } from "./event-diff.ts"
import type { EditEvent, EditMoment, RelatedExcerpt } from "./example.ts"
import { tokensByBytes } from "./rows.ts"

/** Seed-Coder's tokens, and the cursor. */
export const zetaTokens = {
  suffix: "<[fim-suffix]>",
  prefix: "<[fim-prefix]>",
  middle: "<[fim-middle]>",
  file: "<filename>",
  end: "<[end▁of▁sentence]>",
  cursor: "<|user_cursor|>"
} as const

/** Tokens of a prompt and its answer, and the part of them that a prompt may take. */
export const zetaMaxTokens = 4096
const usableTokens = Math.floor(zetaMaxTokens * 0.9)

/** Events that are shown at the most, and the context of their diffs. */
const mostEvents = 6
const eventContext = 3
const historyHead = "edit_history\n"

/** The lines of a moment as they stand around its region. */
export interface ZetaExcerpt {
  /** From the first line that is seen to the region. */
  readonly before: string
  /** The region, as the dialect writes it, with all that belongs to it. */
  readonly region: string
  /** From the region to the last line that is seen; it begins with the line end of the region. */
  readonly after: string
}

/** Returns the prompt; undefined where the excerpt alone is too long. */
export const zetaPrompt = (moment: EditMoment, { after, before, region }: ZetaExcerpt): string | undefined => {
  const suffix = `${zetaTokens.suffix}${ended(after)}${zetaTokens.prefix}`
  const cursor = `${zetaTokens.file}${moment.file.path}\n${before}${region}${zetaTokens.middle}`
  let left = usableTokens - tokensByBytes(suffix) - tokensByBytes(cursor)
  if (left < 0) return undefined
  const events = newestThatFit(moment, left)
  left -= events.reduce((sum, event) => sum + tokensByBytes(event), 0)
  const related = relatedThatFit(moment.file.path, moment.related, left)
  return suffix + section(related) +
    section(events.length === 0 ? "" : `${zetaTokens.file}${historyHead}${events.join("")}`) +
    cursor
}

/** What can be read back from a prompt: the excerpt holds what stands before the region, and the region as it is written. */
export interface ReadZetaPrompt {
  readonly path: string
  readonly events: ReadonlyArray<EditEvent>
  readonly excerpt: string
  readonly after: string
}

/** Returns the parts of a prompt that `zetaPrompt` wrote; undefined for any other text. */
export const readZetaPrompt = (prompt: string): ReadZetaPrompt | undefined => {
  const { file, middle, prefix, suffix } = zetaTokens
  if (!prompt.startsWith(suffix) || !prompt.endsWith(middle)) return undefined
  const prefixAt = prompt.indexOf(`\n${prefix}`)
  if (prefixAt === -1) return undefined
  const sections = prompt.slice(prefixAt + 1 + prefix.length, -middle.length).split(file).slice(1)
  const current = sections.at(-1) ?? ""
  const history = sections.at(-2) ?? ""
  const pathEnd = current.indexOf("\n")
  if (pathEnd === -1) return undefined
  return {
    path: current.slice(0, pathEnd),
    events: history.startsWith(historyHead) ? eventsOfDiff(history) : [],
    excerpt: current.slice(pathEnd + 1),
    after: prompt.slice(suffix.length, prefixAt)
  }
}

/**
 * Returns a prompt with other files in it, as far as there is room; the prompt as it is where it shows some already, or is
 * none of these.
 */
export const withRelatedFiles = (prompt: string, related: ReadonlyArray<RelatedExcerpt>): string => {
  const read = readZetaPrompt(prompt)
  const at = prompt.indexOf(`\n${zetaTokens.prefix}`) + 1 + zetaTokens.prefix.length
  const isAlone = [`${zetaTokens.file}${historyHead}`, `${zetaTokens.file}${read?.path}\n`].some((head) =>
    prompt.startsWith(head, at)
  )
  if (read === undefined || !isAlone) return prompt
  const shown = relatedThatFit(read.path, related, usableTokens - tokensByBytes(prompt))
  return prompt.slice(0, at) + section(shown) + prompt.slice(at)
}

/** A section that holds something is followed by an empty line. */
const section = (text: string): string => (text === "" ? "" : `${text}\n`)

const ended = (text: string): string => (text.endsWith("\n") ? text : `${text}\n`)

/** Returns the newest events that fit, oldest first; the first that does not fit ends the list. */
const newestThatFit = ({ events }: EditMoment, room: number): ReadonlyArray<string> => {
  const taken: Array<string> = []
  let left = room - tokensByBytes(`${zetaTokens.file}${historyHead}`)
  for (let at = events.length - 1; at >= 0 && taken.length < mostEvents; at--) {
    const event = events[at]
    const hunks = event === undefined ? "" : hunksOfEvent(event, { context: eventContext })
    if (event === undefined || hunks === "") continue
    const text = `--- a/${event.path}\n+++ b/${event.path}\n${hunks}\n`
    const cost = tokensByBytes(text)
    if (cost > left) break
    left -= cost
    taken.unshift(text)
  }
  return taken
}

/** Returns the excerpts that fit, those of a file together and in its order; the first that does not fit ends the list. */
const relatedThatFit = (own: string, related: ReadonlyArray<RelatedExcerpt>, room: number): string => {
  const taken = new Map<string, Array<RelatedExcerpt>>()
  let left = room
  for (const excerpt of related) {
    if (excerpt.path === own) continue
    const head = taken.has(excerpt.path) ? "" : `${zetaTokens.file}${excerpt.path}\n`
    const cost = Math.floor((utf8Length(head) + utf8Length(excerpt.text)) / 3)
    if (cost > left) break
    left -= cost
    taken.set(excerpt.path, [...taken.get(excerpt.path) ?? [], excerpt])
  }
  return [...taken].map(([path, excerpts]) => {
    const inOrder = excerpts.toSorted((a, b) => a.from - b.from)
    const shown = inOrder.map(({ fileLines, text, to }, index) => {
      const next = inOrder[index + 1]?.from ?? fileLines
      return `${ended(text)}${to < next ? "...\n" : ""}`
    })
    return `${zetaTokens.file}${path}\n${shown.join("")}`
  }).join("")
}
