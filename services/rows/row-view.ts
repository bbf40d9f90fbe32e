/**
 * What there is to see in a row, whoever wrote it: its shape, its facts, and its texts in the order in which a person
 * reads them. The terminal, the page and the report draw the same view.
 */
import { type Fields, isFields, printed } from "./fields.ts"
import { other } from "./other.ts"
import { code, type Section } from "./picture.ts"
import { shapeOf } from "./shapes.ts"
import { recordingOf } from "./transform.ts"

/** What there is to see in a row. */
export interface RowView {
  /** Name of the shape of the row. */
  readonly shape: string
  /** Names and values of short fields; names of nested fields have dots. */
  readonly facts: ReadonlyArray<readonly [string, string]>
  readonly sections: ReadonlyArray<Section>
  /** Keys to be typed into a text, where the row holds both; else null. */
  readonly recording: { readonly source: string; readonly keys: string } | null
}

/** Returns what there is to see in a parsed row. */
export const viewOf = (row: unknown): RowView => {
  if (!isFields(row)) {
    return { shape: other.name, facts: [], sections: [code("value", printed(row))], recording: null }
  }
  const { name, view } = shapeOf(row)
  const { sections, shown } = view(row)
  return { shape: name, sections, facts: factsOf(row, shown), recording: recordingOf(row) }
}

/** Returns the fields that are not shown as texts; one that stands twice with the same value is given once. */
const factsOf = (row: Fields, shown: ReadonlyArray<string>): ReadonlyArray<readonly [string, string]> => {
  const seen = new Set<string>()
  return allFactsOf(row, shown).filter(([name, value]) => {
    const key = `${name}\n${value}`
    return !seen.has(key) && seen.add(key)
  })
}

const allFactsOf = (row: Fields, shown: ReadonlyArray<string>): ReadonlyArray<readonly [string, string]> =>
  Object.entries(row).flatMap(([name, value]): ReadonlyArray<readonly [string, string]> => {
    if (shown.includes(name)) return []
    if (isFields(value)) {
      return Object.entries(value).map((
        [inner, part]
      ) => [name === "metadata" ? inner : `${name}.${inner}`, printed(part)])
    }
    return [[name, printed(value)]]
  })
