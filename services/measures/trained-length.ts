/** How long a row is for a trainer: its question with its longest answer, and nothing that stands beside them. */
import { type Fields, isFields } from "../rows/fields.ts"

/** The columns that ask: a row asks with the first of these lists whose first column it has. */
const asking: ReadonlyArray<ReadonlyArray<string>> = [
  ["messages"],
  ["conversations"],
  ["segments"],
  ["prompt"],
  ["instruction", "input"]
]
const answering = ["completion", "output", "chosen", "rejected"]
/** A text that is trained on as a whole; of texts of an edit, which have a source, it is only what was left of it. */
const wholeText = ({ source, text }: Fields): string | undefined =>
  typeof text === "string" && source === undefined ? text : undefined

/**
 * Returns the UTF-16 units of what is trained on; of a row that no trainer reads, those of all texts but the metadata.
 *
 * @example
 * trainedLength({ prompt: "ab", chosen: "c", rejected: "de", metadata: { repo: "x" } }) // 4
 */
export const trainedLength = (row: unknown): number => {
  if (!isFields(row)) return textLength(row)
  const columns = asking.find(([first = ""]) => typeof row[first] === "string" || Array.isArray(row[first]))
  if (columns !== undefined) {
    const question = columns.reduce((sum, column) => sum + textLength(row[column]), 0)
    return question + Math.max(...answering.map((column) => textLength(row[column])))
  }
  const { metadata: _, ...rest } = row
  return textLength(wholeText(row) ?? rest)
}

/** What a message says beside its text. */
const aboutMessages = new Set(["role", "from", "label"])

const textLength = (value: unknown): number => {
  if (typeof value === "string") return value.length
  if (typeof value !== "object" || value === null) return 0
  return Object.entries(value).reduce(
    (sum, [name, part]) => (aboutMessages.has(name) ? sum : sum + textLength(part)),
    0
  )
}
