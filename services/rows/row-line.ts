/** A row as one line of a table: what it says first, and the few values that rows are told apart, sorted and counted by. */
import { isFields, languageOfRow, valueIn } from "./fields.ts"
import { other } from "./other.ts"
import { meaningOfSame, type Section } from "./picture.ts"
import { labelOf } from "./prompted.ts"
import { shapeOf } from "./shapes.ts"
import { pairedLines } from "./shown-lines.ts"

/** What a table counts rows by; null where a row does not tell. */
export interface RowTraits {
  /** Name of the shape of the row. */
  readonly shape: string
  readonly language: string | null
  /** How the middle was cut. */
  readonly kind: string | null
  /** The operator that made a negative. */
  readonly negative: string | null
  /** Whether the answer is wanted, as the row has it: "true" or "false". */
  readonly label: string | null
  /** Length of the answer, of the wanted one where there are two, in UTF-16 units; of all texts where nothing is asked. */
  readonly answerUnits: number
  /** Length of what is asked, in UTF-16 units. */
  readonly promptUnits: number
}

/** Returns what a table counts a parsed row by. */
export const traitsOf = (row: unknown): RowTraits => {
  if (!isFields(row)) return { ...noTraits, answerUnits: unitsIn(row) }
  const shape = shapeOf(row)
  const asked = shape.asked?.(row)
  const label = labelOf(row)
  return {
    shape: shape.name,
    language: languageOfRow(row),
    kind: shortOf(valueIn(row, "kind")),
    negative: shortOf(valueIn(row, "negative")),
    label: typeof label === "boolean" ? String(label) : shortOf(label),
    answerUnits: (asked?.wanted ?? asked?.unwanted)?.length ?? unitsIn(row),
    promptUnits: asked?.prompt.length ?? 0
  }
}

/**
 * Returns the first line that a row is about: of an edit the first line that it brings, of two answers that of the wanted
 * one, else the first line of what is written. `sections` are those of its picture.
 */
export const headlineOf = (sections: ReadonlyArray<Section>): string => {
  const [first] = sections
  return first === undefined ? "" : clipped(firstLineIn(headOf(first)))
}

const headOf = (section: Section): string => {
  switch (section.kind) {
    case "code":
      return section.text
    case "cut":
      return section.middle
    case "keys":
      return section.keys
    case "steps":
      return section.states[0] ?? ""
    case "change": {
      const meaning = meaningOfSame(section)
      if (meaning !== undefined) return meaning
      const [come, gone] = section.left.sign === "+" ? ["left", "right"] as const : ["right", "left"] as const
      const differing = pairedLines(section, 0).flatMap((row) => (row.kind === "pair" && !row.isSame ? [row] : []))
      const lineOn = (side: "left" | "right") =>
        differing.find((row) => (row[side]?.text ?? "").trim() !== "")?.[side]?.text
      // Of two answers a line of the wanted one is told, even where the other one differs only by going on.
      const whole = come === "left" && section.left.text.trim() !== "" ? section.left.text : undefined
      return lineOn(come) ?? whole ?? lineOn(gone) ?? section[come].text
    }
  }
}

const firstLineIn = (text: string): string => /\S[^\r\n]*/.exec(text)?.[0].trimEnd() ?? ""

/** No screen shows more of a line. UTF-16 units. */
const longestLine = 240

const clipped = (line: string): string => (line.length > longestLine ? `${line.slice(0, longestLine)}…` : line)

const noTraits: RowTraits = {
  shape: other.name,
  language: null,
  kind: null,
  negative: null,
  label: null,
  answerUnits: 0,
  promptUnits: 0
}

/** Longer values are texts, and tell no groups of rows apart. UTF-16 units. */
const longestTrait = 80

const shortOf = (value: unknown): string | null =>
  typeof value === "string" && value.length <= longestTrait ? value : Number.isSafeInteger(value) ? String(value) : null

/** Units of the texts in a value. It goes level by level, so that no nesting is too deep. */
const unitsIn = (value: unknown): number => {
  let units = 0
  for (let level = [value]; level.length > 0;) {
    const next: Array<unknown> = []
    for (const one of level) {
      if (typeof one === "string") units += one.length
      else if (typeof one === "object" && one !== null) next.push(...Object.values(one))
    }
    level = next
  }
  return units
}
