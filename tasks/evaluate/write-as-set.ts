/** `--export`: held-out rows in the form of a public set, for programs that judge models by it. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import { exportForms } from "../../services/evaluation-sets/exports.ts"
import { type EvaluationRow, type NoEvaluationRow, noEvaluationRow } from "../../services/evaluation-sets/row.ts"
import type { Fields } from "../../services/rows/fields.ts"
import { keep, leaveOut, type Ledger, stageOf } from "../../services/rows/ledger.ts"
import { CannotWrite } from "../../services/Writer.ts"
import { orCannotWrite, writeWhole } from "../shared/whole-file.ts"
import { NothingToCompare } from "./problems.ts"
import { readRowsOf, sidesAt } from "./row-sets.ts"

/** What was written, and why the rest was not. */
export interface ExportedRows {
  /** The file, or the folder of files. */
  readonly path: string
  readonly ledger: Ledger
}

/** Writes the rows that the form can hold: a file of JSON Lines, or a file for each row where the form is one. */
export const writeAsSet = Effect.fn("evaluate.writeAsSet")(function*(
  places: ReadonlyArray<string>,
  name: string,
  folder: string
) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const form = exportForms.find((each) => each.name === name)
  const target = path.join(folder, form?._tag === "files" ? name : `${name}.jsonl`)
  if (yield* Effect.orElseSucceed(fs.exists(target), () => false)) {
    return yield* new CannotWrite({ path: target, detail: "it is there already; pass another --output, or remove it" })
  }
  const ledger: Ledger = {}
  const texts: Array<string> = []
  const take = (row: EvaluationRow) => {
    const written = form?.write(row) ?? noEvaluationRow("no such form")
    if (isRefusal(written)) return leaveOut(ledger, "rows", written.reason)
    texts.push(typeof written === "string" ? written : `${JSON.stringify(written)}\n`)
    return keep(ledger, "rows")
  }
  for (const file of (yield* Effect.forEach(places, sidesAt)).flatMap(({ held }) => held)) {
    yield* readRowsOf(file, (row) => {
      if (row._tag === "refused") leaveOut(ledger, "rows", row.reason)
      else if (row._tag === "keystrokes") leaveOut(ledger, "rows", "the form holds no keystrokes")
      else take(row)
    })
  }
  if (stageOf(ledger, "rows").kept === 0) {
    const reasons = Object.keys(stageOf(ledger, "rows").leftOut)
    return yield* new NothingToCompare({ detail: `no row can be written as ${name} (${reasons.join(", ")})` })
  }
  yield* orCannotWrite(folder)(fs.makeDirectory(form?._tag === "files" ? target : folder, { recursive: true }))
  if (form?._tag === "files") {
    for (const [place, text] of texts.entries()) yield* writeWhole(path.join(target, `${place + 1}.md`), text)
  } else yield* writeWhole(target, texts.join(""))
  const exported: ExportedRows = { path: target, ledger }
  return exported
})

const isRefusal = (written: string | Fields | NoEvaluationRow): written is NoEvaluationRow =>
  typeof written !== "string" && written["_tag"] === "refused"
