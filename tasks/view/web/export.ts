/** The rows that pass the filters and were not dropped, as a file of rows that the browser keeps. */
import type { HttpAnswer } from "../../shared/http/answer.ts"
import { unpackedName, withoutEnding } from "../../../services/formats/output-format.ts"
import { keptRows } from "../kept-rows.ts"
import type { OpenedRows } from "./opened.ts"
import type { PageQuestion } from "./questions.ts"

/** Answers with the rows as they come; nothing is written on this machine's disk but by the browser. */
export const exportOf = (file: OpenedRows, { filters, text }: PageQuestion): HttpAnswer => ({
  status: 200,
  headers: {
    "content-type": "application/x-ndjson",
    // A name of this machine may hold what a header may not.
    "x-name": `${withoutEnding(unpackedName(file.name)).replace(/[^\w.-]/g, "_")}.kept.jsonl`
  },
  body: keptRows(file.rows, file.labels, {
    test: file.testOf({ text, filters }),
    onlyKept: false,
    counts: { keep: 0, drop: 0, none: 0, broken: 0 }
  })
})
