/**
 * Draws sample rows of a file while it is read. A row is drawn by what it asks and not by where it stands, so that the
 * wanted and the unwanted answer to a question are drawn together where they are rows of their own, and types that show
 * the same places show the same samples.
 */
import type { NumberedRow } from "../../services/Reader.ts"
import { otherAnswerOf } from "../../services/rows/other-answer.ts"
import { unitInterval } from "../../services/text/random.ts"

/** A row that is shown. */
export interface Sample extends NumberedRow {
  readonly file: string
  /** The row with the other answer to its question, where rows have one answer each; undefined where there is none. */
  readonly other: unknown
}

export interface SampleDrawer {
  /** Adds a row and what it asks; undefined for a row that asks nothing. */
  readonly add: (row: NumberedRow, prompt: string | undefined) => void
  /** The samples in the order of the file. */
  readonly result: () => ReadonlyArray<Sample>
}

/** A question and the number that it drew: those with the least numbers are kept. */
interface Drawn {
  readonly number: number
  readonly row: NumberedRow
  other: unknown
}

/** So much of a prompt is looked at. UTF-16 units. */
const probed = 64

/** What a question is drawn by: its length, and what stands in its middle. */
const probeOf = (prompt: string): string =>
  `${prompt.length} ${prompt.slice(prompt.length >> 1, (prompt.length >> 1) + probed)}`

/** Makes a drawer of `count` samples. */
export const makeSampleDrawer = (file: string, count: number): SampleDrawer => {
  /** In the order of their numbers. */
  const kept: Array<Drawn> = []
  return {
    add: (row, prompt) => {
      if (count === 0) return
      const number = unitInterval(prompt === undefined ? row.index : probeOf(prompt))
      const last = kept.at(-1)
      if (kept.length === count && last !== undefined && number > last.number) return
      const same = kept.find((drawn) => drawn.number === number)
      if (same !== undefined) {
        if (same.other === undefined && isOtherAnswer(same.row, row)) same.other = valueOf(row)
        return
      }
      const place = kept.findIndex((drawn) => drawn.number > number)
      kept.splice(place === -1 ? kept.length : place, 0, { number, row, other: undefined })
      if (kept.length > count) kept.pop()
    },
    result: () => kept.map(({ other, row }) => ({ ...row, file, other })).toSorted((a, b) => a.index - b.index)
  }
}

const valueOf = ({ row }: NumberedRow): unknown => (row._tag === "row" ? row.value : undefined)

const isOtherAnswer = (one: NumberedRow, other: NumberedRow): boolean =>
  otherAnswerOf(valueOf(one))?.isIt(valueOf(other)) === true
