/** The colours of code in a terminal: what each piece of a text is, told by the grammars of editors. */
import * as Effect from "effect/Effect"
import { languageOfRow } from "../../services/rows/fields.ts"
import type { Section } from "../../services/rows/picture.ts"
import type { RowView } from "../../services/rows/row-view.ts"
import { type SyntaxKind, syntaxKinds } from "../shared/cells.ts"
import { type CodePiece, type Grammars, isProseText, makeGrammars, type Theme } from "./grammars.ts"
import type { Coat, Colours } from "./look.ts"

/** A colour that stands for what a piece is: the place of the kind in the list, as the grammars write colours. */
const colourOf = (kind: SyntaxKind): string => `#${syntaxKinds.indexOf(kind).toString(16).padStart(6, "0")}`

const scopes: Readonly<Record<SyntaxKind, ReadonlyArray<string>>> = {
  comment: ["comment", "punctuation.definition.comment"],
  string: ["string", "punctuation.definition.string", "constant.other.symbol"],
  constant: ["constant", "support.constant", "variable.language.this", "variable.language.self"],
  keyword: [
    "keyword",
    "storage",
    "keyword.operator.expression",
    "keyword.operator.logical.python",
    "keyword.operator.new",
    "entity.name.tag"
  ],
  function: [
    "entity.name.function",
    "support.function",
    "meta.function-call.generic",
    "entity.name.type",
    "entity.name.class"
  ]
}
const plainColour = "#ffffff"

const theme: Theme = {
  name: "kinds",
  fg: plainColour,
  bg: plainColour,
  settings: [
    { settings: { foreground: plainColour, background: plainColour } },
    ...syntaxKinds.map((kind) => ({ scope: [...scopes[kind]], settings: { foreground: colourOf(kind) } })),
    // Signs such as + are read without a colour of their own.
    { scope: ["keyword.operator", "punctuation"], settings: { foreground: plainColour } }
  ]
}

const kindOf = new Map(syntaxKinds.map((kind) => [colourOf(kind), kind]))

const coatsOf = (line: ReadonlyArray<CodePiece>): ReadonlyArray<Coat<SyntaxKind>> => {
  let at = 0
  return line.flatMap(({ colours, text }) => {
    const start = at
    at += text.length
    const kind = kindOf.get((colours["kinds"] ?? "").toLowerCase())
    return kind === undefined || text.trim() === "" ? [] : [{ start, end: at, style: kind }]
  })
}

/**
 * The grammar of C++ takes 1.7 s until it has read its first text, and keys wait meanwhile; that of C takes 0.2 s, and
 * tells all but a few keywords.
 */
const quickerGrammars: Readonly<Record<string, string>> = { cpp: "c" }

const grammarOf = (row: unknown): string | null => {
  const language = languageOfRow(row)
  return language === null ? null : quickerGrammars[language] ?? language
}

/** So many texts are kept in colour: those of a row, and of the rows beside it. */
const mostKept = 60

export interface Colouring {
  /** The colours that are there. */
  readonly colours: Colours
  /** Colours the texts of a row; of an edit path those of a step. */
  readonly colour: (row: unknown, view: RowView, step: number) => Effect.Effect<void>
}

/** Makes a colouring that has coloured nothing yet. */
export const makeColouring = (): Colouring => {
  const grammars: Grammars = makeGrammars([theme])
  const kept = new Map<string, ReturnType<Colours>>()
  return {
    colours: (text) => kept.get(text),
    colour: (row, view, step) =>
      Effect.forEach(view.sections.flatMap((section) => textsOf(section, step)), ({ isProse, text }) => {
        if (kept.has(text)) return Effect.void
        return Effect.map(grammars(text, isProse ? "markdown" : grammarOf(row)), (lines) => {
          kept.set(text, lines?.map(coatsOf))
          for (const oldest of kept.keys()) {
            if (kept.size <= mostKept) break
            kept.delete(oldest)
          }
        })
      }, { discard: true })
  }
}

interface ColouredText {
  readonly text: string
  readonly isProse: boolean
}

const plainly = (text: string): ColouredText => ({ text, isProse: false })

/** The texts of a section, as they are drawn: in their place. */
const textsOf = (section: Section, step: number): ReadonlyArray<ColouredText> => {
  switch (section.kind) {
    case "code":
      return [{ text: section.text, isProse: isProseText(section) }]
    case "cut":
      return [plainly(section.prefix + section.middle + section.suffix)]
    case "change": {
      const { prefix, suffix } = section.around ?? { prefix: "", suffix: "" }
      return [section.left, section.right].map(({ text }) => plainly(prefix + text + suffix))
    }
    case "steps":
      return section.states.slice(Math.max(0, step - 1), step + 1).map((state) => plainly(`${state}\n`))
    case "keys":
      return []
  }
}
