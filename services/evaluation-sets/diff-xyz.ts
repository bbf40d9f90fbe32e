/**
 * Diff-XYZ: code before and after a change, and the change in several forms of a diff (JetBrains Research, 2025). Rows are
 * written in its form; as it asks to apply and to write diffs and not what comes next, none is read.
 */
import { editBetween } from "../edits/line-edit.ts"
import { renderSearchReplace } from "../edits/replace-blocks.ts"
import { renderDiff } from "../edits/unified-diff.ts"
import type { Fields } from "../rows/fields.ts"
import { splitLines } from "../text/lines.ts"
import { type EvaluationRow, type NoEvaluationRow, noEvaluationRow } from "./row.ts"

const context = 3

/** Returns a row in this form; refused where nothing changes. */
export const diffXyzOf = (row: EvaluationRow): Fields | NoEvaluationRow => {
  const [old, fresh] = row._tag === "edit"
    ? [row.moment.file.text, row.wanted[0] ?? row.moment.file.text]
    : [row.prefix + row.removed + row.suffix, row.prefix + row.gold + row.suffix]
  if (old === fresh) return noEvaluationRow("nothing changes")
  const [before, after] = [splitLines(old), splitLines(fresh)]
  const edit = editBetween(before, after)
  return {
    repo: row.repository,
    commit: row.commit,
    path: row.path,
    lang: row.language,
    license: "",
    old_code: old,
    new_code: fresh,
    udiff: renderDiff(before, after, edit, { context, path: row.path }),
    "search-replace": renderSearchReplace(before.lines, edit)
  }
}
