/** A row as the page shows it: its view, in colour, with what differs marked and what is equal ready to be folded. */
import * as Effect from "effect/Effect"
import type { FileRow, NumberedRow } from "../../../services/Reader.ts"
import { languageOfRow } from "../../../services/rows/fields.ts"
import {
  type ChangeSection,
  type CutSection,
  edit,
  meaningOfSame,
  type Section
} from "../../../services/rows/picture.ts"
import { viewOf } from "../../../services/rows/row-view.ts"
import {
  type FoldedLines,
  linesOfCut,
  type PairedLine,
  pairedLines,
  type ShownLine
} from "../../../services/rows/shown-lines.ts"
import { type Highlight, markSpan, plainLines, withCursor } from "./highlight.ts"
import type {
  ChangeAnswer,
  CutAnswer,
  DifferingPart,
  KeysAnswer,
  LinesPart,
  OtherRow,
  RowContent,
  SectionAnswer,
  StepsAnswer,
  TextAnswer,
  TokenLine
} from "./protocol.ts"

/** `other` is the row with the other answer; null where there is none, and "sought" where it is not known yet. */
export const contentOf = Effect.fn("view.content")(function*(
  row: FileRow,
  other: NumberedRow | "none" | "sought",
  highlight: Highlight
) {
  if (row._tag === "malformed") {
    const lines = plainLines(row.text)
    const content: RowContent = {
      shape: row.reason,
      facts: [],
      hasRecording: false,
      other: "none",
      sections: [{ kind: "text", name: "line", tone: "unwanted", isAside: false, lines }]
    }
    return content
  }
  const answered = typeof other === "object" && other.row._tag === "row" ? other.row.value : undefined
  const { facts, recording, sections, shape } = viewOf(row.value, row.text, answered)
  const language = languageOfRow(row.value)
  // Code between fences is in colour once its grammar is there.
  if (language !== null) yield* highlight("", language)
  const told: OtherRow = typeof other === "object" ? { index: other.index } : other
  const content: RowContent = {
    shape,
    facts,
    hasRecording: recording !== null,
    other: told,
    sections: yield* Effect.forEach(sections, (section) => answerOf(section, language, highlight))
  }
  return content
})

/** Texts of a conversation are prose with code in it, and so is an answer between fences. */
const isProse = ({ name, text }: { readonly name: string; readonly text: string }): boolean =>
  /^(?:system|user|assistant|tool|prompt)$/.test(name) || text.startsWith("```")

const answerOf = (section: Section, language: string | null, highlight: Highlight): Effect.Effect<SectionAnswer> => {
  switch (section.kind) {
    case "code": {
      const { isAside, name, text, tone } = section
      return Effect.map(
        highlight(text, isProse(section) ? "markdown" : language),
        (lines): TextAnswer => ({ kind: "text", name, tone, isAside, lines })
      )
    }
    case "cut":
      return cutAnswer(section, language, highlight)
    case "change":
      return Effect.map(changeParts(section, language, highlight), (parts): ChangeAnswer => ({
        kind: "change",
        name: section.name,
        left: { name: section.left.name, tone: section.left.tone, sign: section.left.sign },
        right: { name: section.right.name, tone: section.right.tone, sign: section.right.sign },
        ifSame: meaningOfSame(section) ?? null,
        isAside: section.isAside,
        parts
      }))
    case "steps":
      return Effect.map(
        Effect.forEach(
          section.states,
          (state, step) => changeParts(stepOf(section.states[step - 1] ?? "", state), language, highlight)
        ),
        (states): StepsAnswer => ({ kind: "steps", name: section.name, states })
      )
    case "keys": {
      const { name, note, tone } = section
      const keys = section.keys.match(/<[^<>\s]{1,10}>|[^]/gu) ?? []
      const answer: KeysAnswer = { kind: "keys", name, tone, note, keys }
      return Effect.succeed(answer)
    }
  }
}

/** A state and the one before it. Without a line end of its own a last line would not equal itself once more follow. */
const stepOf = (before: string, after: string): ChangeSection => {
  const ended = (text: string) => (text === "" ? "" : `${text}\n`)
  return edit({ name: "", before: ended(before), after: ended(after) })
}

const cutAnswer = (section: CutSection, language: string | null, highlight: Highlight) =>
  Effect.map(highlight(section.prefix + section.middle + section.suffix, language), (lines): CutAnswer => {
    const parts: Array<GrowingLines> = []
    const take = makeTaker(linesOfCut(section, Infinity))
    for (const shown of linesOfCut(section)) {
      const taken = take(shown.kind === "folded" ? shown.lines : 1)
      addLines(parts, parts.at(-1), taken.map((line) => inColour(lines, line)), shown.kind === "folded")
    }
    return { kind: "cut", name: section.name, tone: section.tone, parts }
  })

const changeParts = (section: ChangeSection, language: string | null, highlight: Highlight) => {
  const { around, left, right } = section
  const wholeOf = (text: string) => (around?.prefix ?? "") + text + (around?.suffix ?? "")
  const both = Effect.all([highlight(wholeOf(left.text), language), highlight(wholeOf(right.text), language)])
  return Effect.map(both, ([lefts, rights]): ChangeAnswer["parts"] => {
    const parts: Array<GrowingLines | GrowingDifference> = []
    const take = makeTaker(pairedLines(section, Infinity))
    for (const shown of pairedLines(section)) {
      const taken = take(shown.kind === "folded" ? shown.lines : 1)
      const open = parts.at(-1)
      if (shown.kind === "folded" || shown.isSame) {
        const lines = taken.flatMap(({ left }) => (left === null ? [] : [inColour(lefts, left)]))
        addLines(parts, open?.kind === "lines" ? open : undefined, lines, shown.kind === "folded")
        continue
      }
      const difference: GrowingDifference = open?.kind === "differing"
        ? open
        : { kind: "differing", left: [], right: [] }
      if (difference !== open) parts.push(difference)
      if (shown.left !== null) difference.left.push(inColour(lefts, shown.left))
      if (shown.right !== null) difference.right.push(inColour(rights, shown.right))
    }
    return parts
  })
}

interface GrowingLines extends LinesPart {
  readonly lines: Array<TokenLine>
}

interface GrowingDifference extends DifferingPart {
  readonly left: Array<TokenLine>
  readonly right: Array<TokenLine>
}

/** Adds lines to the last part, or as a part of their own. */
const addLines = (
  parts: { readonly push: (part: GrowingLines) => unknown },
  last: GrowingLines | undefined,
  lines: ReadonlyArray<TokenLine>,
  isFolded: boolean
) => {
  if (last === undefined || last.isFolded || isFolded) parts.push({ kind: "lines", lines: [...lines], isFolded })
  else for (const line of lines) last.lines.push(line)
}

/** Returns what gives the next of all lines: those that are shown and those that are folded come in the same order. */
const makeTaker = <A extends ShownLine | PairedLine>(all: ReadonlyArray<A | FoldedLines>) => {
  const lines = all.filter((line): line is A => line.kind !== "folded")
  let at = 0
  return (count: number): ReadonlyArray<A> => lines.slice(at, at += count)
}

const inColour = (lines: ReadonlyArray<TokenLine>, { cursor, inside, marks, number }: ShownLine): TokenLine => {
  const written = inside === null ? [] : [{ ...inside, as: { isInside: true } }]
  const marked = marks.map((mark) => ({ ...mark, as: { isMarked: true } }))
  const line = [...written, ...marked].reduce(
    (line, { as, end, start }) => markSpan(line, start, end, as),
    lines[number] ?? []
  )
  return cursor === null ? line : withCursor(line, cursor)
}
