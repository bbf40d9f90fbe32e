/**
 * Zed's examples of next edits as rows, and rows of next edits as such examples. A row knows the lines that a model is
 * shown, and not their numbers: the diffs of what is written count from the first of them.
 */
import { eventsOfDiff, hunksOfEvent } from "../next-edit/event-diff.ts"
import type { EditEvent } from "../next-edit/example.ts"
import { languageOfPath } from "../text/language.ts"
import type { ExampleSpec } from "./example-spec.ts"
import { patched } from "./patched.ts"
import { type EditRow, type EvaluationRow, type NoEvaluationRow, noEvaluationRow, unknownOrigin } from "./row.ts"

const inlineMark = "<|user_cursor|>"
/** Stands in a comment below the line of the cursor, behind a "^" in its column, or behind a "<" for the first column. */
const lineMark = "[CURSOR_POSITION]"

interface MarkedLines {
  readonly text: string
  readonly cursor: number
}

const withoutMark = (marked: string): MarkedLines | undefined => {
  const inline = marked.indexOf(inlineMark)
  if (inline !== -1) {
    return { text: marked.slice(0, inline) + marked.slice(inline + inlineMark.length), cursor: inline }
  }
  const mark = marked.indexOf(lineMark)
  if (mark === -1) return undefined
  const start = marked.lastIndexOf("\n", mark) + 1
  const end = marked.indexOf("\n", mark)
  const line = marked.slice(start, end === -1 ? marked.length : end)
  const arrow = line.indexOf("^")
  const column = arrow !== -1 ? arrow : line.includes("<") ? line.search(/\S/) : -1
  const above = marked.lastIndexOf("\n", start - 2) + 1
  if (column === -1 || start === 0) return undefined
  return {
    text: marked.slice(0, start) + (end === -1 ? "" : marked.slice(end + 1)),
    cursor: Math.min(above + column, start - 1)
  }
}

/** Patches may mark the cursor as well, in a line of its own or within one. */
const withoutMarks = (patch: string): string =>
  patch.split("\n").filter((line) => !(line.startsWith("#") && line.includes(lineMark))).join("\n").replaceAll(
    inlineMark,
    ""
  )

/** Returns the row of an example; a refusal where its patches change other lines than those around its cursor. */
export const rowOfExampleSpec = (spec: ExampleSpec): EditRow | NoEvaluationRow => {
  const marked = withoutMark(spec.cursorPosition)
  if (marked === undefined) return noEvaluationRow("the cursor is not marked")
  const { cursor, text } = marked
  const path = spec.cursorPath
  const after = (patch: string) => patched(text, withoutMarks(patch), path)
  const wanted = spec.expectedPatches.map(after).filter((text) => text !== undefined)
  if (wanted.length === 0) return noEvaluationRow("no expected patch fits the lines around the cursor")
  const repository = spec.repositoryUrl.replace(/^https?:\/\//, "").replace(/\.git$/, "")
  return {
    ...unknownOrigin,
    _tag: "edit",
    id: spec.name,
    path,
    language: languageOfPath(path)?.name ?? "",
    repository,
    parent: spec.revision,
    group: repository,
    kind: spec.tags[0] ?? "",
    moment: { file: { path, text }, cursor, events: eventsOfDiff(spec.editHistory), related: [], ancestors: [] },
    wanted,
    rejected: spec.rejectedPatch === null ? null : after(spec.rejectedPatch) ?? null,
    asked: null
  }
}

/** Returns the example of a row; a refusal where it is no edit, or where marks of the form stand in its text. */
export const exampleSpecOf = (row: EvaluationRow): ExampleSpec | NoEvaluationRow => {
  if (row._tag !== "edit") return noEvaluationRow("the form holds edits, and no gaps to fill")
  const { commit, id, kind, moment: { cursor, events, file: { path, text } }, parent, rejected, repository, wanted } =
    row
  if (/[`\n]|^\s|\s$/.test(path) || path === "") return noEvaluationRow("the path cannot stand behind a fence")
  if ([text, ...wanted].some((one) => one.includes(inlineMark) || one.includes(lineMark))) {
    return noEvaluationRow("marks of the form in the source")
  }
  const patchTo = (after: string) => diffOf({ path, before: text, after })
  return {
    name: id.replace(/\s+/g, " ").trim(),
    repositoryUrl: repository === "" ? "" : `https://${repository}`,
    revision: parent === "" ? commit : parent,
    tags: kind === "" ? [] : [kind],
    uncommittedDiff: "",
    editHistory: events.map(diffOf).join(""),
    cursorPath: path,
    cursorPosition: text.slice(0, cursor) + inlineMark + text.slice(cursor),
    expectedPatches: wanted.map(patchTo),
    rejectedPatch: rejected === null ? null : patchTo(rejected)
  }
}

const eventContext = 3

const diffOf = (event: EditEvent): string => {
  const hunks = hunksOfEvent(event, { context: eventContext })
  return hunks === "" ? "" : `--- a/${event.path}\n+++ b/${event.path}\n${hunks}\n`
}
