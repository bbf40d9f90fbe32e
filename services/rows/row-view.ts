/**
 * What there is to see in a row, whoever wrote it: its shape, its facts, and its texts in the order in which a person
 * reads them. The terminal, the page and the report draw the same view.
 */
import { isFields } from "./fields.ts"
import { membersOf, printedJson } from "./json-text.ts"
import { other } from "./other.ts"
import { code, type Section } from "./picture.ts"
import { shapeOf } from "./shapes.ts"
import { recordingOf, type RowRecording } from "./transform.ts"

/** What there is to see in a row. */
export interface RowView {
  /** Name of the shape of the row. */
  readonly shape: string
  /** Names and values of short fields; names of nested fields have dots. */
  readonly facts: ReadonlyArray<readonly [string, string]>
  readonly sections: ReadonlyArray<Section>
  /** Keys to be typed into a text, where the row holds both; else null. */
  readonly recording: RowRecording | null
}

/**
 * Returns what there is to see in a parsed row. `text` is the row as it is written, with all digits and doubled keys;
 * `answeredElsewhere` is the row with the other answer to its question, where it is known.
 */
export const viewOf = (row: unknown, text = JSON.stringify(row) ?? "", answeredElsewhere?: unknown): RowView => {
  if (!isFields(row)) {
    return { shape: other.name, facts: [], sections: [code("value", printedJson(text.trim()))], recording: null }
  }
  const { name, view } = shapeOf(row)
  const { sections, shown } = view(row, isFields(answeredElsewhere) ? answeredElsewhere : undefined)
  return { shape: name, sections, facts: factsOf(text, shown), recording: recordingOf(row) }
}

/** Returns the fields that are not shown as texts; one that stands twice with the same value is given once. */
const factsOf = (text: string, shown: ReadonlyArray<string>): ReadonlyArray<readonly [string, string]> => {
  const seen = new Set<string>()
  return allFactsOf(text, shown).filter(([name, value]) => {
    const key = `${name}\n${value}`
    return !seen.has(key) && seen.add(key)
  })
}

const allFactsOf = (text: string, shown: ReadonlyArray<string>): ReadonlyArray<readonly [string, string]> => {
  const members = membersOf(text)
  const last = new Map(members.map(({ name }, place) => [name, place]))
  return members.flatMap(({ name, text: value }, place): ReadonlyArray<readonly [string, string]> => {
    // Of doubled keys a section shows the last one.
    if (shown.includes(name) && last.get(name) === place) return []
    if (!value.startsWith("{")) return [[name, printedJson(value)]]
    return membersOf(value).map((part) => [
      name === "metadata" ? part.name : `${name}.${part.name}`,
      printedJson(part.text)
    ])
  })
}
