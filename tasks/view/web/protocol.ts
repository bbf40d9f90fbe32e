/** What the page asks and is answered, as JSON. */
import type { FileStats } from "../../../services/measures/file-figures.ts"
import type { Tone } from "../../../services/rows/picture.ts"

export interface FileAnswer {
  readonly name: string
  readonly bytes: number
  readonly rows: number
  readonly isComplete: boolean
}

/** A run of text in the colours of a light and of a dark page; null for the page's own. */
export interface Token {
  readonly text: string
  readonly light: string | null
  readonly dark: string | null
  /** Whether a model writes it, or it is what differs in its line. */
  readonly isMarked?: boolean
}

export type TokenLine = ReadonlyArray<Token>

export type SectionAnswer =
  | { readonly kind: "text"; readonly name: string; readonly tone: Tone; readonly lines: ReadonlyArray<TokenLine> }
  | { readonly kind: "change"; readonly name: string; readonly rows: ReadonlyArray<ChangeRow> }
  | { readonly kind: "steps"; readonly name: string; readonly states: ReadonlyArray<ReadonlyArray<StateLine>> }
  | {
    readonly kind: "keys"
    readonly name: string
    readonly tone: Tone
    readonly note: string
    readonly keys: ReadonlyArray<string>
  }

/** A line of each side, where the side has one; or how many equal lines are not shown. */
export type ChangeRow =
  | { readonly left: TokenLine | null; readonly right: TokenLine | null; readonly isSame: boolean }
  | { readonly hidden: number }

export interface StateLine {
  readonly line: TokenLine
  readonly isNew: boolean
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
}

export interface FoundAnswer {
  /** Number of the row, or null for none. */
  readonly row: number | null
  /** Its place among the rows that pass a filter. */
  readonly place?: number
}

export interface StatsAnswer {
  readonly stats: FileStats
  /** What came and what was kept, stage by stage, where the run left a ledger. */
  readonly funnel: ReadonlyArray<{ readonly stage: string; readonly kept: number; readonly leftOut: number }>
}
