/**
 * The texts of a benchmark's row, whatever it calls them: rows of the sets that evaluate knows are read as it reads them,
 * all others by the names that public benchmarks give their columns.
 */
import { humanEvalInfilling } from "../evaluation-sets/human-eval-infilling.ts"
import type { EvaluationRow } from "../evaluation-sets/row.ts"
import { evaluationSetOf } from "../evaluation-sets/sets.ts"
import { type Fields, isFields, textOf } from "../rows/fields.ts"

/** One text of a benchmark. A task may have several. */
export interface BenchmarkText {
  /** Name of the file that it stands in. */
  readonly file: string
  /** Name of the task in its benchmark. */
  readonly task: string
  readonly text: string
}

/** Columns that name a task. */
const names = ["task_id", "instance_id", "question_id", "id", "name"]

/** Columns of questions and answers, in the order in which they are read as one text. */
const columns = [
  "instruction",
  "complete_prompt",
  "instruct_prompt",
  "prompt",
  "query",
  "question",
  "question_content",
  "problem_statement",
  "text",
  "content",
  "prefix",
  "canonical_solution",
  "solution",
  "answer",
  "completion",
  "middle",
  "code",
  "patch",
  "suffix"
]

/**
 * Returns the texts of row `number` of a file; none where no known column holds text.
 *
 * @example
 * benchmarkTextsOf({ task_id: 7, text: "Add two numbers" }, "mbpp.jsonl", 0)[0]?.task // "7"
 */
export const benchmarkTextsOf = (row: unknown, file: string, number: number): ReadonlyArray<BenchmarkText> => {
  if (!isFields(row)) return []
  const set = evaluationSetOf(row)
  const read = set?.read(row)
  if (read !== undefined && (read._tag === "infill" || read._tag === "edit")) {
    const task = set === humanEvalInfilling ? read.group : read.id
    return textsOfRow(read).map((text) => ({ file, task: task === "" ? `row ${number}` : task, text }))
  }
  const text = columns.flatMap((column) => textOf(row[column]) ?? []).join("\n")
  return text === "" ? [] : [{ file, task: taskOf(row) ?? `row ${number}`, text }]
}

const textsOfRow = (row: EvaluationRow): ReadonlyArray<string> =>
  row._tag === "infill" ? [row.prefix + row.gold + row.suffix] : [row.moment.file.text, ...row.wanted]

const taskOf = (row: Fields): string | undefined => {
  for (const name of names) {
    const value = row[name]
    if (typeof value === "number" || (typeof value === "string" && value !== "")) return String(value)
  }
  return undefined
}
