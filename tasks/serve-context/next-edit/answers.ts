/** An edit in the words of the Language Server Protocol, and in those of Copilot's next edits. */
import { endOfLine, startOfLine } from "../../../services/text/span.ts"
import { offsetAt, type OffsetEncoding, type Position, positionOf } from "../place.ts"
import type { FoundEdit } from "./next-edits.ts"

/** The command that clients run when they take an edit. */
export const acceptCommand = "retrace.acceptEdit"

const acceptance = { title: "Accept the edit", command: acceptCommand, arguments: [] }

/** A text that replaces another one. */
interface ReplacedText {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** The entry of a popup that an editor shows as if it were typed. */
export interface SelectedEntry {
  readonly range: { readonly start: Position }
  readonly text: string
}

/** Returns the answer to textDocument/copilotInlineEdit. */
export const copilotEdits = (found: FoundEdit | undefined, encoding: OffsetEncoding): object => {
  if (found === undefined) return { edits: [] }
  const { document: { uri, version }, offer: { range, text } } = found
  const change = { ...range, text }
  return { edits: [{ ...shown(found, change, encoding), textDocument: { uri, version }, command: acceptance }] }
}

/**
 * Returns the answer to textDocument/inlineCompletion: an edit of the line of the cursor and no other, that goes on from
 * what the popup has selected.
 */
export const inlineCompletions = (
  found: FoundEdit | undefined,
  encoding: OffsetEncoding,
  selected: SelectedEntry | undefined
): object => {
  if (found === undefined) return { items: [] }
  const from = selected === undefined ? found.cursor : offsetAt(found.text, selected.range.start, encoding)
  const change = onCursorLine(found, from)
  const isOther = selected !== undefined && change?.text.startsWith(selected.text, from - change.start) !== true
  if (change === undefined || isOther) return { items: [] }
  const { range, text } = shown(found, change, encoding)
  // Clients end a line at a lone "\r", too.
  if (range.start.line !== range.end.line) return { items: [] }
  return { items: [{ insertText: text, range, command: acceptance }] }
}

const shown = ({ lineEnd, text: whole }: FoundEdit, { end, start, text }: ReplacedText, encoding: OffsetEncoding) => ({
  text: text.replaceAll("\n", lineEnd),
  range: { start: positionOf(whole, start, encoding), end: positionOf(whole, end, encoding) }
})

/**
 * The edit as one of the line of the cursor, with all between it, the cursor and another place; undefined where one of them
 * is elsewhere.
 */
const onCursorLine = ({ cursor, offer, text }: FoundEdit, place: number): ReplacedText | undefined => {
  const [from, to] = [startOfLine(text, cursor), endOfLine(text, cursor)]
  const change = behindLine({ ...offer.range, text: offer.text }, to)
  const start = Math.min(change.start, cursor, place)
  const end = Math.max(change.end, cursor, place)
  if (start < from || end > to) return undefined
  return { start, end, text: text.slice(start, change.start) + change.text + text.slice(change.end, end) }
}

/** Lines that are inserted below a line may as well stand behind its text. */
const behindLine = (change: ReplacedText, lineEnd: number): ReplacedText =>
  change.start === lineEnd + 1 && change.end === change.start && change.text.endsWith("\n")
    ? { start: lineEnd, end: lineEnd, text: `\n${change.text.slice(0, -1)}` }
    : change
