/** The forms in which rows that were held out are written for other programs. */
import { crossCodeEval } from "./cross-code-eval.ts"
import { diffXyzOf } from "./diff-xyz.ts"
import { renderExampleSpec } from "./example-spec.ts"
import { exampleSpecOf } from "./example-spec-row.ts"
import { realFimEval } from "./real-fim-eval.ts"
import { repoBench } from "./repo-bench.ts"
import type { EvaluationRow, NoEvaluationRow } from "./row.ts"
import { santacoderFim } from "./santacoder-fim.ts"
import type { Fields } from "../rows/fields.ts"

/** A form that rows are written in: a line of JSON for each, or a text file for each. */
export type ExportForm =
  | { readonly _tag: "rows"; readonly name: string; readonly write: (row: EvaluationRow) => Fields | NoEvaluationRow }
  | { readonly _tag: "files"; readonly name: string; readonly write: (row: EvaluationRow) => string | NoEvaluationRow }

/** The forms, by the names that users type. */
export const exportForms: ReadonlyArray<ExportForm> = [
  ...[crossCodeEval, repoBench, santacoderFim, realFimEval].flatMap(({ name, write }): ReadonlyArray<ExportForm> =>
    write === null ? [] : [{ _tag: "rows", name, write }]
  ),
  { _tag: "rows", name: "diff-xyz", write: diffXyzOf },
  {
    _tag: "files",
    name: "example-spec",
    write: (row) => {
      const spec = exampleSpecOf(row)
      return "_tag" in spec ? spec : renderExampleSpec(spec)
    }
  }
]
