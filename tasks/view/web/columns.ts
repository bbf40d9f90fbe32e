/** The columns of a table, a few bytes a row: values as codes of a list, and lengths as numbers. */
import type { ColumnName } from "./protocol.ts"

/** The most values that a column tells apart; what comes later is counted as one other value. */
const mostValues = 4096
const firstRoom = 1024

/** A column of short texts. */
export interface Values {
  readonly kind: "values"
  /** The value of each code; the first one stands for none, and the last for all that there was no room for. */
  readonly names: () => ReadonlyArray<string | null>
  readonly at: (row: number) => number
  readonly set: (row: number, value: string | null) => void
}

/** A column of lengths. */
export interface Lengths {
  readonly kind: "lengths"
  readonly at: (row: number) => number
  readonly set: (row: number, length: number) => void
}

export type TableColumn = Values | Lengths

const grown = <A extends Uint16Array | Uint32Array>(array: A, room: number, make: (length: number) => A): A => {
  if (room <= array.length) return array
  const larger = make(Math.max(room, array.length * 2))
  larger.set(array)
  return larger
}

export const makeValues = (): Values => {
  let codes = new Uint16Array(firstRoom)
  const names: Array<string | null> = [null]
  const known = new Map<string, number>()
  const codeOf = (value: string | null): number => {
    if (value === null) return 0
    const code = known.get(value)
    if (code !== undefined) return code
    if (names.length === mostValues) names.push("other values")
    if (names.length > mostValues) return mostValues
    known.set(value, names.length)
    return names.push(value) - 1
  }
  return {
    kind: "values",
    names: () => names,
    at: (row) => codes[row] ?? 0,
    set: (row, value) => {
      codes = grown(codes, row + 1, (length) => new Uint16Array(length))
      codes[row] = codeOf(value)
    }
  }
}

export const makeLengths = (): Lengths => {
  let lengths = new Uint32Array(firstRoom)
  return {
    kind: "lengths",
    at: (row) => lengths[row] ?? 0,
    set: (row, length) => {
      lengths = grown(lengths, row + 1, (room) => new Uint32Array(room))
      lengths[row] = length
    }
  }
}

/** Lengths are counted by powers of two; returns which one a length belongs to, 0 for nothing. */
export const powerOf = (length: number): number => 32 - Math.clz32(length)

/** Returns the least and the greatest length of a power. */
export const lengthsOf = (power: number): readonly [number, number] =>
  power === 0 ? [0, 0] : [2 ** (power - 1), 2 ** power - 1]

/** A table has so many rows at most that a length and a row fit into one exact number. */
export const mostRows = 2 ** 26

/**
 * Returns rows in the order of a column, equal ones in the order of the file. TableColumns of values are ordered by their
 * names, with none behind all others.
 */
export const inOrder = (rows: Iterable<number>, column: TableColumn, isDescending: boolean): Float64Array => {
  const rank = column.kind === "lengths" ? column.at : rankIn(column)
  const most = 2 ** 27 - 1
  const packed = Float64Array.from(rows, (row) => {
    const key = Math.min(rank(row), most)
    return (isDescending ? most - key : key) * mostRows + row
  }).sort()
  return packed.map((one) => one % mostRows)
}

const rankIn = (column: Values): (row: number) => number => {
  const names = column.names()
  const ranks = new Uint32Array(names.length)
  const byName = [...names.keys()].sort((a, b) => compare(names[a] ?? null, names[b] ?? null))
  for (const [rank, code] of byName.entries()) ranks[code] = rank
  return (row) => ranks[column.at(row)] ?? 0
}

const compare = (a: string | null, b: string | null): number =>
  a === b ? 0 : a === null ? 1 : b === null ? -1 : a < b ? -1 : 1

/** The columns of a table by name. */
export type TableColumns = Readonly<Record<ColumnName, TableColumn>>

export const makeColumns = (): TableColumns => ({
  shape: makeValues(),
  language: makeValues(),
  kind: makeValues(),
  negative: makeValues(),
  label: makeValues(),
  mark: makeValues(),
  answer_chars: makeLengths(),
  prompt_chars: makeLengths()
})
