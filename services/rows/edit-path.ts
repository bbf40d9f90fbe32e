/** Edit path: a program as the edits that build it from nothing, one after another, in any of the edit formats. */
import * as Schema from "effect/Schema"
import { applyRendered, type EditFormat, editFormats } from "../edits/edit-format.ts"
import type { Fields } from "./fields.ts"
import { code } from "./picture.ts"
import type { RowShape } from "./shape.ts"

/** The edits of one path; all other columns say where the program comes from. */
export const EditPathRow = Schema.Struct(
  { edit_path: Schema.Array(Schema.String), index: Schema.Number, source_file: Schema.String },
  { key: Schema.String, value: Schema.Unknown }
)
export type EditPathRow = typeof EditPathRow.Type

/** Returns the row of a path; `columns` say where its program comes from. */
export const editPathRow = (edits: ReadonlyArray<string>, columns: Fields): Fields => ({ edit_path: edits, ...columns })

/**
 * Returns the name of the file of rows, as the package of the LintSeq paper names it.
 *
 * @example
 * editPathFile("programs.jsonl", { programs: 9, paths: 2, seed: 1 }) // "programs_9_2_1_vec.jsonl"
 */
export const editPathFile = (
  source: string,
  { paths, programs, seed }: { readonly programs: number; readonly paths: number; readonly seed: number }
): string => `${source.replace(/\.jsonl?$/, "").replaceAll("/", "-")}_${programs}_${paths}_${seed}_vec.jsonl`

const editsOf = (row: Fields): ReadonlyArray<string> | undefined => {
  const edits = row["edit_path"]
  return Array.isArray(edits) && edits.every((edit) => typeof edit === "string") ? edits : undefined
}

/** The shape of these rows. */
export const editPath: RowShape = {
  name: "edit path",
  schema: EditPathRow,
  is: (row) => editsOf(row) !== undefined,
  view: (row) => {
    const edits = editsOf(row) ?? []
    const states = statesOf(edits)
    return {
      // The program and its prompt stand in fields that are named after those of the source.
      shown: ["edit_path", ...Object.keys(row).filter((name) => /^source_(?!file)/.test(name))],
      sections: states === undefined
        ? edits.map((edit, index) => code(`edit ${index + 1} of ${edits.length}`, edit))
        : [{ kind: "steps", name: "states", states }]
    }
  },
  asked: null,
  tag: "edit-sequences"
}

/**
 * Returns the states that a path goes through, in whichever format it is written; undefined when it is none of ours.
 */
const statesOf = (edits: ReadonlyArray<string>): ReadonlyArray<string> | undefined => {
  for (const format of editFormats) {
    const states = replayIn(format, edits)
    if (states !== undefined) return states
  }
  return undefined
}

const replayIn = (format: EditFormat, edits: ReadonlyArray<string>): ReadonlyArray<string> | undefined => {
  const states: Array<string> = []
  let lines: ReadonlyArray<string> = []
  for (const edit of edits) {
    const before = lines
    try {
      lines = applyRendered(format, lines, edit)
    } catch {
      return undefined
    }
    // A text that changes nothing is in another format.
    if (lines.length === before.length && lines.every((line, at) => line === before[at])) return undefined
    states.push(lines.join("\n"))
  }
  return states
}
