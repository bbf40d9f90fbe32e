/** Whether the field of a filter is one that rows have: one that no row has is a slip of whoever typed it. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { valueIn } from "../../services/rows/fields.ts"
import { fieldNamesOf } from "../../services/rows/field-names.ts"
import { Reader } from "../../services/Reader.ts"
import type { ViewedFile } from "../shared/row-files.ts"
import type { Filter } from "./model.ts"
import { NoSuchField } from "./problems.ts"

/** So many names are told. */
const mostNames = 40

/** Fails where there are rows, and none of them has the field. Mostly the first row has it, and no more are read. */
export const refuseUnknownField = Effect.fn("view.refuseUnknownField")(
  function*(files: ReadonlyArray<ViewedFile>, { key }: Filter) {
    const reader = yield* Reader
    const names = new Set<string>()
    for (const { path } of files) {
      const file = yield* reader.open(path)
      const found = yield* file.scan({ from: 0, holding: null }).pipe(
        Stream.map((rows) =>
          rows.some(({ row }) => {
            if (row._tag === "malformed") return false
            if (names.size < mostNames) { for (const name of fieldNamesOf(row.value)) names.add(name) }
            return valueIn(row.value, key) !== undefined
          })
        ),
        Stream.filter((hasIt) => hasIt),
        Stream.runHead,
        // What cannot be read is said when it is shown.
        Effect.option
      )
      if (Option.isNone(found) || Option.isSome(found.value)) return
    }
    if (names.size > 0) return yield* new NoSuchField({ key, names: [...names].slice(0, mostNames) })
  },
  Effect.scoped
)
