/** What a person says of rows: "keep" or "drop", a line each in a file beside the data; the last word counts. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { fingerprint } from "../../services/text/random.ts"
import type { FileRow } from "../../services/Reader.ts"
import { CannotWrite } from "../../services/Writer.ts"
import { labelsPath } from "../shared/row-files.ts"
import { orCannotWrite } from "../shared/whole-file.ts"

export const labelNames = ["keep", "drop"] as const
export type LabelName = typeof labelNames[number]

const Label = Schema.parseJson(Schema.Struct({
  row: Schema.Number,
  /** Of the row as it was: a label does not pass to another row that takes its place. */
  fingerprint: Schema.String,
  label: Schema.NullOr(Schema.Literal(...labelNames))
}))
const decodeLabel = Schema.decodeUnknownEither(Label)

export interface Labels {
  readonly of: (index: number, row: FileRow) => LabelName | null
  readonly set: (index: number, row: FileRow, label: LabelName | null) => Effect.Effect<void, CannotWrite>
}

const markOf = (row: FileRow): string => fingerprint(row._tag === "row" ? JSON.stringify(row.value) : row.text)

export const openLabels = Effect.fn("view.labels")(function*(path: string) {
  const fs = yield* FileSystem.FileSystem
  const file = labelsPath(path)
  const known = new Map<number, { readonly fingerprint: string; readonly label: LabelName | null }>()
  // Whoever made a dataset may have put a link there, which would have us read and write in another place.
  const isLink = Effect.isSuccess(fs.readLink(file))
  const text = (yield* isLink) ? "" : yield* Effect.orElseSucceed(fs.readFileString(file), () => "")
  for (const line of text.split("\n")) {
    const read = line === "" ? undefined : Either.getOrUndefined(decodeLabel(line))
    if (read !== undefined) known.set(read.row, read)
  }
  const turn = yield* Effect.makeSemaphore(1)
  let lineEnd = text === "" || text.endsWith("\n") ? "" : "\n"
  const labels: Labels = {
    of: (index, row) => {
      const entry = known.get(index)
      return entry !== undefined && entry.fingerprint === markOf(row) ? entry.label : null
    },
    set: (index, row, label) =>
      turn.withPermits(1)(Effect.gen(function*() {
        if (yield* isLink) return yield* new CannotWrite({ path: file, detail: "it is a link; remove it" })
        const entry = { row: index, fingerprint: markOf(row), label }
        // A line that a full disk cut off before is ended, so that it spoils no other.
        yield* orCannotWrite(file)(fs.writeFileString(file, `${lineEnd}${JSON.stringify(entry)}\n`, { flag: "a" }))
          .pipe(
            Effect.tapBoth({
              onFailure: () => Effect.sync(() => lineEnd = "\n"),
              onSuccess: () => Effect.sync(() => lineEnd = "")
            })
          )
        known.set(index, entry)
      }))
  }
  return labels
})
