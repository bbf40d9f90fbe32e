/** Writes the rows of a file that a person did not drop, or only those that were kept, as a file of rows of their own. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { type NumberedRow, Reader } from "../../services/Reader.ts"
import { heldBy } from "../../services/rows/fields.ts"
import { CannotWrite } from "../../services/Writer.ts"
import { WrongUsage } from "../shared/problems.ts"
import type { ViewedFile } from "../shared/row-files.ts"
import { Screen } from "../shared/terminal.ts"
import { orCannotWrite, writeWholeBy } from "../shared/whole-file.ts"
import { keptRows } from "./kept-rows.ts"
import { openLabels } from "./labels.ts"
import type { Filter } from "./model.ts"
import { passes } from "./print.ts"

export interface ExportAnswers {
  readonly export: string
  readonly onlyKept: boolean
  readonly overwrite: boolean
}

/** Writes the file, whole under its name or not at all, and says what is in it. */
export const exportRows = Effect.fn("view.export")(function*(
  files: ReadonlyArray<ViewedFile>,
  filter: Filter | null,
  answers: ExportAnswers
) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const screen = yield* Screen
  const [source, second] = files
  if (source === undefined || second !== undefined) {
    return yield* new WrongUsage({ detail: "Cannot export a folder: pass one of its files" })
  }
  const target = path.resolve(answers.export)
  if (!target.endsWith(".jsonl")) {
    return yield* new WrongUsage({ detail: `Cannot use --export "${answers.export}": its name must end in .jsonl` })
  }
  if (yield* isSameFile(source.path, target)) {
    return yield* new CannotWrite({ path: target, detail: "it is the file that is read; name another one" })
  }
  if (!answers.overwrite && (yield* Effect.orElseSucceed(fs.exists(target), () => false))) {
    return yield* new CannotWrite({ path: target, detail: "it is there already; pass --overwrite to replace it" })
  }
  const rows = yield* Effect.flatMap(Reader, ({ open }) => open(source.path))
  const labels = yield* openLabels(source.path)
  const counts = { keep: 0, drop: 0, none: 0, broken: 0 }
  const write = (draft: string) =>
    Effect.scoped(Effect.gen(function*() {
      const file = yield* orCannotWrite(target)(fs.open(draft, { flag: "w" }))
      const test = {
        holding: filter === null ? null : heldBy(filter.value),
        passes: ({ row }: NumberedRow) => passes(row, filter)
      }
      yield* Stream.runForEach(
        keptRows(rows, labels, { test, counts, onlyKept: answers.onlyKept }),
        (lines) => orCannotWrite(target)(file.writeAll(lines))
      )
      yield* orCannotWrite(target)(file.sync)
    }))
  yield* writeWholeBy(target, write)
  const written = counts.keep + (answers.onlyKept ? 0 : counts.none)
  const told = [
    `${counts.keep} labelled keep`,
    `${counts.none} without a label${answers.onlyKept ? " left out" : ""}`,
    `${counts.drop} labelled drop left out`,
    ...(counts.broken === 0 ? [] : [`${counts.broken} that cannot be read left out`])
  ]
  yield* screen.note(`${path.basename(target)}: ${written} row${written === 1 ? "" : "s"} (${told.join(", ")})\n`)
})

/** Whether two paths lead to the same file, through links or not. */
const isSameFile = Effect.fnUntraced(function*(one: string, other: string) {
  const fs = yield* FileSystem.FileSystem
  const places = yield* Effect.forEach([one, other], (path) => Effect.orElseSucceed(fs.realPath(path), () => path))
  return places[0] === places[1]
})
