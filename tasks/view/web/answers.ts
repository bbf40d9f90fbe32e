/** A row as the page shows it: its view, in colour, with what differs marked. */
import * as Effect from "effect/Effect"
import { lineDiff } from "../../../services/text/diff.ts"
import type { FileRow } from "../../../services/Reader.ts"
import { languageOfRow } from "../../../services/rows/fields.ts"
import type { ChangeSection, ChangeSide, Section } from "../../../services/rows/picture.ts"
import { viewOf } from "../../../services/rows/row-view.ts"
import { pairedLines, type ShownLine } from "../../../services/rows/shown-lines.ts"
import type { Span } from "../../../services/text/span.ts"
import { type Highlight, markSpan, plainLines } from "./highlight.ts"
import type { ChangeRow, RowContent, SectionAnswer, StateLine, TokenLine } from "./protocol.ts"

export const contentOf = Effect.fn("view.content")(function*(row: FileRow, highlight: Highlight) {
  if (row._tag === "malformed") {
    const content: RowContent = {
      shape: row.reason,
      facts: [],
      hasRecording: false,
      sections: [{ kind: "text", name: "line", tone: "unwanted", lines: plainLines(row.text) }]
    }
    return content
  }
  const { facts, recording, sections, shape } = viewOf(row.value, row.text)
  const language = languageOfRow(row.value)
  // Code between fences is in colour once its grammar is there.
  if (language !== null) yield* highlight("", language)
  const content: RowContent = {
    shape,
    facts,
    hasRecording: recording !== null,
    sections: yield* Effect.forEach(sections, (section) => answerOf(section, language, highlight))
  }
  return content
})

/** Texts of a conversation are prose with code in it, and so is an answer between fences. */
const isProse = ({ name, text }: { readonly name: string; readonly text: string }): boolean =>
  /^(?:system|user|assistant|tool|prompt|edits so far)$/.test(name) || text.startsWith("```")

const answerOf = Effect.fnUntraced(function*(section: Section, language: string | null, highlight: Highlight) {
  switch (section.kind) {
    case "code": {
      const lines = yield* highlight(section.text, isProse(section) ? "markdown" : language)
      const answer: SectionAnswer = { kind: "text", name: section.name, tone: section.tone, lines }
      return answer
    }
    case "cut": {
      const { middle, name, prefix, suffix, tone } = section
      const lines = yield* highlight(prefix + middle + suffix, language)
      const answer: SectionAnswer = {
        kind: "text",
        name,
        tone,
        lines: markSpan(lines, prefix.length, prefix.length + middle.length)
      }
      return answer
    }
    case "change": {
      const { around, left, name, right } = section
      const wholeOf = ({ text }: ChangeSide) => (around?.prefix ?? "") + text + (around?.suffix ?? "")
      const [before, after] = yield* Effect.all([
        highlight(wholeOf(left), language),
        highlight(wholeOf(right), language)
      ])
      const answer: SectionAnswer = { kind: "change", name, rows: changeRows(section, before, after) }
      return answer
    }
    case "steps": {
      const states = yield* Effect.forEach(
        section.states,
        (text, step) =>
          Effect.map(highlight(text, language), (lines) => stateLines(section.states[step - 1] ?? "", text, lines))
      )
      const answer: SectionAnswer = { kind: "steps", name: section.name, states }
      return answer
    }
    case "keys": {
      const keys = section.keys.match(/<[^<>\s]{1,10}>|[^]/gu) ?? []
      const answer: SectionAnswer = { kind: "keys", name: section.name, tone: section.tone, note: section.note, keys }
      return answer
    }
  }
})

/** Number of the line that starts at an offset, for offsets where lines start. */
const lineOf = (text: string, offset: number): number => {
  let line = 0
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) line++
  return line
}

/** Lines of a span that ends with a line end, or at the end of the text. */
const lineRangeIn = (text: string, start: number, end: number): readonly [number, number] => {
  const first = lineOf(text, start)
  return [first, start === end ? first : lineOf(text, end) + (text[end - 1] === "\n" ? 0 : 1)]
}

const changeRows = (
  section: ChangeSection,
  left: ReadonlyArray<TokenLine>,
  right: ReadonlyArray<TokenLine>
): ReadonlyArray<ChangeRow> => {
  const inColour = (lines: ReadonlyArray<TokenLine>, line: ShownLine | null): TokenLine | null =>
    line === null ? null : markSpans(lines[line.number] ?? [], line.marks)
  return pairedLines(section).map((row) =>
    row.kind === "folded"
      ? { hidden: row.lines }
      : { left: inColour(left, row.left), right: inColour(right, row.right), isSame: row.isSame }
  )
}

const markSpans = (line: TokenLine, marks: ReadonlyArray<Span>): TokenLine =>
  marks.reduce((marked, { end, start }) => markSpan([marked], start, end)[0] ?? marked, line)

/** The lines of a state, those marked that its last edit brought. */
const stateLines = (before: string, after: string, lines: ReadonlyArray<TokenLine>): ReadonlyArray<StateLine> => {
  const [old, now] = [before, after].map((text) => (text === "" ? "" : `${text}\n`))
  const fresh = new Set<number>()
  for (const { new: added } of lineDiff(old ?? "", now ?? "")) {
    const [from, to] = lineRangeIn(now ?? "", added.start, added.end)
    for (let line = from; line < to; line++) fresh.add(line)
  }
  return lines.map((line, index) => ({ line, isNew: fresh.has(index) }))
}
