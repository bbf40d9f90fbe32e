/** Which columns rows have, as far as trainers care: told by the columns themselves, so that anybody's rows count. */
import type { Training } from "../../../services/formats/trainer-settings.ts"
import type { Feature } from "../../../services/rows/features.ts"

/** The names of columns that trainers know: TRL's, as texts or as messages; Axolotl's segments; LLaMA-Factory's. */
export type RowColumns = "texts" | "messages" | "segments" | "instructions"

/** What rows of these columns are trained as. */
export interface KnownColumns {
  readonly columns: RowColumns
  readonly training: Training
  /** The columns that are read, and no others. */
  readonly read: ReadonlyArray<string>
}

const known: ReadonlyArray<KnownColumns> = [
  { columns: "messages", training: "dpo", read: ["prompt", "chosen", "rejected"] },
  { columns: "messages", training: "kto", read: ["prompt", "completion", "label"] },
  { columns: "messages", training: "sft", read: ["messages"] },
  { columns: "texts", training: "dpo", read: ["prompt", "chosen", "rejected"] },
  { columns: "texts", training: "kto", read: ["prompt", "completion", "label"] },
  { columns: "texts", training: "sft", read: ["prompt", "completion"] },
  { columns: "instructions", training: "dpo", read: ["instruction", "chosen", "rejected"] },
  { columns: "instructions", training: "kto", read: ["instruction", "output", "kto_tag"] },
  { columns: "instructions", training: "sft", read: ["instruction", "input", "output"] },
  { columns: "segments", training: "sft", read: ["segments"] },
  { columns: "texts", training: "text", read: ["text"] }
]

/** A column that a row may go without. */
const optional = "input"

/**
 * Returns the columns that a trainer reads of rows of this feature; undefined where no trainer reads them. `isInAll` says
 * whether each row holds something in a column.
 */
export const columnsIn = (feature: Feature, isInAll: (column: string) => boolean): KnownColumns | undefined => {
  if (feature.kind !== "struct") return undefined
  return known.find(({ columns, read }) =>
    read.every((name) =>
      feature.fields.get(name)?.kind === kindOf(columns, name) && (name === optional || isInAll(name))
    )
  )
}

const kindOf = (columns: RowColumns, name: string): Feature["kind"] =>
  name === "label" || name === "kto_tag" ? "bool" : columns === "messages" || columns === "segments" ? "list" : "string"

/** Returns the columns that are read of rows of this kind. */
export const readColumns = (columns: RowColumns, training: Training): ReadonlyArray<string> =>
  known.find((one) => one.columns === columns && one.training === training)?.read ?? []
