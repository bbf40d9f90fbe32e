/** The ways in which an edit can be written, by name: each is rendered here and applied again. */
import { applyEdit, type LineEdit } from "./line-edit.ts"
import type { LineText } from "../text/lines.ts"
import { parseOperations, renderOperations } from "./line-operations.ts"
import { applyBlocks, originalUpdated, renderRegion, renderSearchReplace, searchReplace } from "./replace-blocks.ts"
import { parseDiff, renderDiff } from "./unified-diff.ts"

/** The names of the formats; "udiff-3" has three lines of context and "patch" also has file headers. */
export const editFormats = ["udiff", "udiff-3", "patch", "search-replace", "blocks", "ops"] as const
/** The name of a way to write an edit. */
export type EditFormat = (typeof editFormats)[number]

/** One step of a path: a text, the next text, and the edit between them. */
export interface EditStep {
  readonly before: LineText
  readonly after: LineText
  readonly edit: LineEdit
}

/** Returns the text of an edit; `path` names the file in formats that name one. */
export const renderEdit = (format: EditFormat, { after, before, edit }: EditStep, path: string): string => {
  switch (format) {
    case "udiff":
      return renderDiff(before, after, edit, { context: 0, path: null })
    case "udiff-3":
      return renderDiff(before, after, edit, { context: 3, path: null })
    case "patch":
      return `${renderDiff(before, after, edit, { context: 0, path })}\n`
    case "search-replace":
      return renderSearchReplace(before.lines, edit)
    case "blocks":
      return renderRegion(before.lines, edit)
    case "ops":
      return renderOperations(edit)
  }
}

/**
 * Returns the lines after a written edit. Throws DoesNotApply when the text is not an edit of these lines.
 *
 * @example
 * applyRendered("udiff", ["a"], "@@ -1,0 +2 @@\n+b") // ["a", "b"]
 */
export const applyRendered = (
  format: EditFormat,
  lines: ReadonlyArray<string>,
  text: string
): ReadonlyArray<string> => {
  switch (format) {
    case "udiff":
    case "udiff-3":
      return applyEdit(lines, parseDiff(text))
    case "patch":
      return applyEdit(lines, parseDiff(text.endsWith("\n") ? text.slice(0, -1) : text))
    case "search-replace":
      return applyBlocks(lines, text, searchReplace)
    case "blocks":
      return applyBlocks(lines, text, originalUpdated)
    case "ops":
      return applyEdit(lines, parseOperations(lines, text))
  }
}

/** Returns the lines that a path of written edits builds from nothing. */
export const replayPath = (format: EditFormat, path: ReadonlyArray<string>): ReadonlyArray<string> => {
  let lines: ReadonlyArray<string> = []
  for (const edit of path) lines = applyRendered(format, lines, edit)
  return lines
}
