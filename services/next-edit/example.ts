/**
 * A next edit: what a user did up to now, where the cursor stands, and what the user does next. One example serves every
 * dialect; a dialect only decides how much of it is shown and how it is written down.
 */

/** A file by its path, which is that in the repository. */
export interface NamedFile {
  readonly path: string
  readonly text: string
}

/** Something that the user did to one file: its text before and after one stretch of typing. */
export interface EditEvent {
  readonly path: string
  readonly before: string
  readonly after: string
}

/** A part of another file that tells something about this one: whole lines. */
export interface RelatedExcerpt {
  readonly path: string
  readonly text: string
  /** Numbers of its lines in its file, from 0: the first one, and the one behind its last one. */
  readonly from: number
  readonly to: number
  /** How many lines its file has. */
  readonly fileLines: number
}

/** A moment of editing, before it is known what comes next. */
export interface EditMoment {
  /** The file at hand as the user sees it. */
  readonly file: NamedFile
  /** Where the cursor stands in it, as a UTF-16 offset. */
  readonly cursor: number
  /** What the user did, in all files, oldest first. */
  readonly events: ReadonlyArray<EditEvent>
  /** What other files tell, the most telling first. */
  readonly related: ReadonlyArray<RelatedExcerpt>
  /**
   * Spans of the nodes of the file that hold the cursor, the innermost first, as UTF-16 offsets; none where the language
   * has no grammar.
   */
  readonly ancestors: ReadonlyArray<{ readonly start: number; readonly end: number }>
}

/** A moment of editing and what came next. */
export interface NextEditExample extends EditMoment {
  /** The text of the file after the next edit; equal to the text before it where nothing is left to do. */
  readonly wanted: string
  /** Where the cursor stands after the edit, as an offset in `wanted`; null for the end of what was written. */
  readonly wantedCursor: number | null
}
