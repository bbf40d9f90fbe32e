/** What the page asks and is answered, as JSON. */
import type { FileStats } from "../../../services/measures/file-figures.ts"
import type { Tone } from "../../../services/rows/picture.ts"

export interface FileAnswer {
  readonly name: string
  readonly bytes: number
  readonly rows: number
  readonly isComplete: boolean
  /** A recording is played, and has no rows. */
  readonly isRecording: boolean
}

/** A run of text in the colours of a light and of a dark page; null for the page's own. */
export interface Token {
  readonly text: string
  readonly light: string | null
  readonly dark: string | null
  /** Whether a model writes it. */
  readonly isInside?: boolean
  /** Whether it is what differs in its line. */
  readonly isMarked?: boolean
  /** Whether the cursor stands before it. */
  readonly isAtCursor?: boolean
}

export type TokenLine = ReadonlyArray<Token>

export type SectionAnswer = TextAnswer | CutAnswer | ChangeAnswer | StepsAnswer | KeysAnswer

export interface TextAnswer {
  readonly kind: "text"
  readonly name: string
  readonly tone: Tone
  readonly isAside: boolean
  readonly lines: ReadonlyArray<TokenLine>
}

/** A text with a middle that a model writes. */
export interface CutAnswer {
  readonly kind: "cut"
  readonly name: string
  readonly tone: Tone
  readonly parts: ReadonlyArray<LinesPart>
}

/** Two texts that are compared. */
export interface ChangeAnswer {
  readonly kind: "change"
  readonly name: string
  readonly left: SideAnswer
  readonly right: SideAnswer
  /** What it means that both texts are equal; null where they differ, or it means nothing of its own. */
  readonly ifSame: string | null
  readonly isAside: boolean
  readonly parts: ReadonlyArray<LinesPart | DifferingPart>
}

export interface SideAnswer {
  readonly name: string
  readonly tone: Tone
  readonly sign: "+" | "-"
}

/** Lines that both texts have, or that stand around a middle. */
export interface LinesPart {
  readonly kind: "lines"
  readonly lines: ReadonlyArray<TokenLine>
  /** Whether they are folded away until somebody opens them. */
  readonly isFolded: boolean
}

/** Lines of each text that the other does not have. */
export interface DifferingPart {
  readonly kind: "differing"
  readonly left: ReadonlyArray<TokenLine>
  readonly right: ReadonlyArray<TokenLine>
}

/** States of a program: each as what its edit changed. */
export interface StepsAnswer {
  readonly kind: "steps"
  readonly name: string
  readonly states: ReadonlyArray<ChangeAnswer["parts"]>
}

export interface KeysAnswer {
  readonly kind: "keys"
  readonly name: string
  readonly tone: Tone
  readonly note: string
  readonly keys: ReadonlyArray<string>
}

export interface RowAnswer {
  readonly index: number
  /** Null behind the last row. */
  readonly row: RowContent | null
  readonly known: { readonly rows: number; readonly isComplete: boolean }
  readonly label: string | null
}

export interface RowContent {
  readonly shape: string
  readonly facts: ReadonlyArray<readonly [string, string]>
  readonly sections: ReadonlyArray<SectionAnswer>
  readonly hasRecording: boolean
  /** The row with the other answer to the same question, which is shown beside this one's. */
  readonly other: OtherRow
}

/** A row by its number; that there is none, or none that was asked for; or that it is still sought. */
export type OtherRow = { readonly index: number } | "none" | "sought"

export interface FoundAnswer {
  /** Number of the row, or null for none. */
  readonly row: number | null
  /** Its place among the rows that pass, where it is known. */
  readonly place?: number
}

/** How many rows pass, and the place of one among them; null where it is none of them. */
export interface HitsAnswer {
  readonly rows: number
  readonly place: number | null
}

export interface StatsAnswer {
  readonly stats: FileStats
  /** What came and what was kept, stage by stage, where the run left a ledger. */
  readonly funnel: ReadonlyArray<{ readonly stage: string; readonly kept: number; readonly leftOut: number }>
}

/** TableColumns of the table by which rows can be counted, filtered and sorted. */
export const tableColumns = [
  "shape",
  "language",
  "kind",
  "negative",
  "label",
  "mark",
  "answer_chars",
  "prompt_chars"
] as const
export type ColumnName = (typeof tableColumns)[number]

/** A row in the table: its number in the file, the line that it begins with, and its columns in their order. */
export interface LineAnswer {
  readonly index: number
  readonly headline: string
  readonly values: Readonly<Record<ColumnName, string | number | null>>
}

export interface LinesAnswer {
  /** From which place on among the rows that pass, in the order that was asked for. */
  readonly from: number
  readonly lines: ReadonlyArray<LineAnswer>
  /** Whether rows are in the order that was asked for: they are in that of the file until all rows are read. */
  readonly isSorted: boolean
}

/** How far the file is read, and what is in what was read so far. */
export interface SurveyAnswer {
  readonly scanned: number
  readonly isComplete: boolean
  /** How many rows the file is known to have. */
  readonly rows: number
  readonly passing: number
  readonly columns: ReadonlyArray<ColumnAnswer>
  /** Why the file is not read on, or null. */
  readonly failure: string | null
}

export interface ColumnAnswer {
  readonly name: ColumnName
  readonly bars: ReadonlyArray<BarAnswer>
  /** How many rows have none of the values of the bars. */
  readonly others: number
}

/** How many rows have a value, and how many of those pass; `filter` is what lets them pass alone. */
export interface BarAnswer {
  readonly name: string
  readonly filter: string
  readonly all: number
  readonly passing: number
}
