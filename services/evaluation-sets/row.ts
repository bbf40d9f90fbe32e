/**
 * A row to judge a model by, whoever made it: a gap to fill, or a moment of editing. Each set is one file of this room,
 * which reads its rows and, where that makes sense, writes ours in its form; sets.ts lists them.
 */
import type { Fields } from "../rows/fields.ts"
import type { EditMoment } from "../next-edit/example.ts"
import type { ShownMoment } from "../next-edit/dialect.ts"

/** Where a row comes from; "" for what is not known. */
export interface RowOrigin {
  /** Name of the row in its set. */
  readonly id: string
  readonly path: string
  /** Our name of the language. */
  readonly language: string
  readonly repository: string
  readonly commit: string
  readonly parent: string
  /** Rows of one group are alike: they come from the same files, program or repository. */
  readonly group: string
  /** What is asked for, as its set names it. */
  readonly kind: string
  /** When the code was written, in ISO 8601. */
  readonly date: string
  /** UTF-16 units of other files that are shown. */
  readonly contextChars: number
}

/** A part of another file. */
export interface ContextFile {
  /** "" where it is not told apart. */
  readonly path: string
  readonly text: string
}

/** A gap to fill. */
export interface InfillRow extends RowOrigin {
  readonly _tag: "infill"
  readonly prefix: string
  readonly suffix: string
  /** The right answer. */
  readonly gold: string
  /** What stood in the gap before; "" for nothing, or where it is not told. */
  readonly removed: string
  /** What is shown of other files. */
  readonly context: ReadonlyArray<ContextFile>
  /** The very text to ask with, as a model was trained on it; null for rows that are rendered for the model at hand. */
  readonly prompt: string | null
}

/** A moment of editing, and what comes next. */
export interface EditRow extends RowOrigin {
  readonly _tag: "edit"
  /** What is known of the moment: the file is the lines of it that the row holds. */
  readonly moment: EditMoment
  /** Texts of those lines after a right edit: any of them is right. The text as it is asks for no edit. */
  readonly wanted: ReadonlyArray<string>
  /** Their text after an edit that is known to be wrong; null where none is. */
  readonly rejected: string | null
  /** How a dialect of next edits asks for it; null for rows that are rendered for the model at hand. */
  readonly asked: DialectQuestion | null
}

/** A prompt of a dialect. */
export interface DialectQuestion {
  readonly dialect: string
  readonly shown: ShownMoment
  /** The right answer in the words of the dialect. */
  readonly completion: string
}

/** A row to judge a model by. */
export type EvaluationRow = InfillRow | EditRow

/** Why there is no such row. */
export interface NoEvaluationRow {
  readonly _tag: "refused"
  readonly reason: string
}

/** A set of rows by its form. */
export interface EvaluationSet {
  /** Its name as users type it. */
  readonly name: string
  /** Whether a row is of this form, by the names of its fields, given that no earlier set of the list takes it. */
  readonly is: (row: Fields) => boolean
  readonly read: (row: Fields) => EvaluationRow | NoEvaluationRow
  /** Returns a row in this form, as far as the form can hold it; null for a form whose answers are judged by running them. */
  readonly write: ((row: EvaluationRow) => Fields | NoEvaluationRow) | null
}

/** The origin of which nothing is known. */
export const unknownOrigin: RowOrigin = {
  id: "",
  path: "",
  language: "",
  repository: "",
  commit: "",
  parent: "",
  group: "",
  kind: "",
  date: "",
  contextChars: 0
}

/** Returns how much of other files is shown. */
export const lengthOfContext = (context: ReadonlyArray<ContextFile>): number =>
  context.reduce((sum, { text }) => sum + text.length, 0)

/** Returns a refusal. */
export const noEvaluationRow = (reason: string): NoEvaluationRow => ({ _tag: "refused", reason })

/** Why a row of an edit cannot be written in a form that holds gaps. */
export const holdsNoEdits = "the form holds gaps to fill, and no edits"
