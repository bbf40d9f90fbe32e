/**
 * `--export`: held-out rows in the form of a public set, for programs that judge models by it. The files are read twice:
 * which rows are written is found first, and then they are written one by one.
 */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { type ExportForm, exportForms } from "../../services/evaluation-sets/exports.ts"
import { type EvaluationRow, type NoEvaluationRow, noEvaluationRow } from "../../services/evaluation-sets/row.ts"
import type { Fields } from "../../services/rows/fields.ts"
import { keep, leaveOut, type Ledger, stageOf, takeBack } from "../../services/rows/ledger.ts"
import { fingerprint } from "../../services/text/random.ts"
import { CannotWrite } from "../../services/Writer.ts"
import type { ViewedFile } from "../shared/row-files.ts"
import { orCannotWrite, writeWhole, writeWholeBy } from "../shared/whole-file.ts"
import { drawnIds } from "./drawn-ids.ts"
import { NothingToCompare } from "./problems.ts"
import { readRowsOf, rowBatchesOf, type RowOfFile, sidesAt } from "./row-sets.ts"
import { testRowOf } from "./test-row.ts"

/** What was written, and why the rest was not. */
export interface ExportedRows {
  /** The file, or the folder of files. */
  readonly path: string
  readonly ledger: Ledger
}

export interface ExportOptions {
  /** So many rows are drawn; null for all. */
  readonly limit: number | null
  readonly seed: number
}

/** Writes the rows that the form can hold, each once: a file of JSON Lines, or a file for each row where the form is one. */
export const writeAsSet = Effect.fn("evaluate.writeAsSet")(function*(
  places: ReadonlyArray<string>,
  name: string,
  folder: string,
  { limit, seed }: ExportOptions
) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const form = exportForms.find((each) => each.name === name)
  const target = path.join(folder, form?._tag === "files" ? name : `${name}.jsonl`)
  if (yield* Effect.orElseSucceed(fs.exists(target), () => false)) {
    return yield* new CannotWrite({ path: target, detail: "it is there already; pass another --output, or remove it" })
  }
  const files = (yield* Effect.forEach(places, sidesAt)).flatMap(({ held }) => held)
  const { ids, ledger } = yield* readIds(files, form)
  if (ids.size === 0) {
    const reasons = Object.keys(stageOf(ledger, "rows").leftOut)
    return yield* new NothingToCompare({ detail: `no row can be written as ${name} (${reasons.join(", ")})` })
  }
  const drawn = limit === null ? ids : drawnIds([...ids], limit, seed)
  takeBack(ledger, "rows", "not drawn", ids.size - drawn.size)
  const texts = textsOf(files, form, new Set(drawn))
  yield* orCannotWrite(folder)(fs.makeDirectory(form?._tag === "files" ? target : folder, { recursive: true }))
  yield* form?._tag === "files"
    ? Stream.runForEach(
      Stream.zipWithIndex(texts),
      ([text, place]) => writeWhole(path.join(target, `${place + 1}.md`), text)
    )
    : writeWholeBy(target, (draft) =>
      Effect.scoped(Effect.gen(function*() {
        const file = yield* orCannotWrite(target)(fs.open(draft, { flag: "w" }))
        const encoder = new TextEncoder()
        yield* Stream.runForEachChunk(
          texts,
          (lines) =>
            Chunk.isEmpty(lines)
              ? Effect.void
              : orCannotWrite(target)(file.writeAll(encoder.encode(Chunk.join(lines, ""))))
        )
      })))
  const exported: ExportedRows = { path: target, ledger }
  return exported
})

/** Returns what the rows that the form can hold are told apart by, in their order. */
const readIds = Effect.fnUntraced(function*(files: ReadonlyArray<ViewedFile>, form: ExportForm | undefined) {
  const ledger: Ledger = {}
  const ids = new Set<string>()
  const take = (read: RowOfFile) => {
    const written = writtenAs(read, form)
    if (written._tag === "refused") return leaveOut(ledger, "rows", written.reason)
    if (ids.has(written.id)) return leaveOut(ledger, "rows", "asks what another row asks")
    ids.add(written.id)
    return keep(ledger, "rows")
  }
  for (const file of files) yield* readRowsOf(file, take)
  return { ids, ledger }
})

/** Returns the texts of the rows that are wanted, each once. */
const textsOf = (files: ReadonlyArray<ViewedFile>, form: ExportForm | undefined, wanted: Set<string>) =>
  Stream.fromIterable(files).pipe(
    Stream.flatMap(rowBatchesOf),
    Stream.mapConcat((batch) =>
      batch.flatMap((read) => {
        const written = writtenAs(read, form)
        return written._tag === "written" && wanted.delete(written.id) ? [written.text] : []
      })
    )
  )

/** A row in the form, and what it is told from others by. */
interface RowInForm {
  readonly _tag: "written"
  readonly id: string
  readonly text: string
}

const writtenAs = ({ index, row, told }: RowOfFile, form: ExportForm | undefined): RowInForm | NoEvaluationRow => {
  if (row._tag === "refused") return row
  if (row._tag === "keystrokes") return noEvaluationRow("the form holds no keystrokes")
  const written = form?.write(row) ?? noEvaluationRow("no such form")
  if (isRefusal(written)) return written
  const asked = testRowOf(row, { place: String(index), layout: null, cutoff: null, ...told })
  return {
    _tag: "written",
    id: "reason" in asked ? idOf(row) : asked.id,
    text: typeof written === "string" ? written : `${JSON.stringify(written)}\n`
  }
}

/** Rows that are written for no model are told apart by what they hold. */
const idOf = (row: EvaluationRow): string =>
  row._tag === "edit"
    ? fingerprint(JSON.stringify([row.moment, row.wanted]))
    : fingerprint(JSON.stringify([row.prefix, row.suffix, row.gold, row.context]))

const isRefusal = (written: string | Fields | NoEvaluationRow): written is NoEvaluationRow =>
  typeof written !== "string" && written["_tag"] === "refused"
