/** The columns that rows of nodes are written into: those of the thread, copied when a pass is over. */
import type { SyntaxNodes } from "../../services/Parser.ts"

/** What a grammar calls its nodes and fields. */
export interface Grammar {
  readonly types: ReadonlyArray<string>
  readonly isNamed: Uint8Array
  /** Names by the number of the field; null for none. */
  readonly fields: ReadonlyArray<string | null>
}

/** The type number of error nodes, which no grammar lists. */
export const errorType = 0xffff

/** NodeColumns that are being filled. NodeColumns of numbers belong to the thread, and the next pass writes over them. */
export interface NodeColumns {
  count: number
  type: Array<string>
  field: Array<string | null>
  start: Int32Array
  end: Int32Array
  parent: Int32Array
  isNamed: Uint8Array
  isBroken: Uint8Array
  isLeaf: Uint8Array
}

const columns: NodeColumns = {
  count: 0,
  type: [],
  field: [],
  start: new Int32Array(0),
  end: new Int32Array(0),
  parent: new Int32Array(0),
  isNamed: new Uint8Array(0),
  isBroken: new Uint8Array(0),
  isLeaf: new Uint8Array(0)
}

/** Returns the thread's columns, empty. */
export const emptyColumns = (): NodeColumns => {
  columns.count = 0
  columns.type = []
  columns.field = []
  return columns
}

/** Adds the row of a leaf, and returns its number. Offsets are UTF-16 units. */
export const addRow = (
  grammar: Grammar,
  type: number,
  field: number,
  parent: number,
  start: number,
  end: number,
  isMissing: boolean
): number => {
  const row = columns.count++
  if (row >= columns.start.length) grow()
  const isError = type === errorType
  columns.type.push(isError ? "ERROR" : grammar.types[type] ?? "ERROR")
  columns.field.push(grammar.fields[field] ?? null)
  columns.start[row] = start
  columns.end[row] = end
  columns.parent[row] = parent
  columns.isNamed[row] = isError ? 1 : grammar.isNamed[type] ?? 0
  columns.isBroken[row] = isError || isMissing ? 1 : 0
  columns.isLeaf[row] = 1
  return row
}

/** Returns what the columns hold. */
export const copyOfColumns = (): SyntaxNodes => {
  const { count, end, field, isBroken, isLeaf, isNamed, parent, start, type } = columns
  return {
    count,
    type,
    field,
    start: start.slice(0, count),
    end: end.slice(0, count),
    parent: parent.slice(0, count),
    isNamed: isNamed.slice(0, count),
    isBroken: isBroken.slice(0, count),
    isLeaf: isLeaf.slice(0, count)
  }
}

const grow = (): void => {
  const capacity = Math.max(4096, columns.start.length * 2)
  const grown = <A extends Int32Array | Uint8Array>(fresh: A, old: A): A => {
    fresh.set(old)
    return fresh
  }
  columns.start = grown(new Int32Array(capacity), columns.start)
  columns.end = grown(new Int32Array(capacity), columns.end)
  columns.parent = grown(new Int32Array(capacity), columns.parent)
  columns.isNamed = grown(new Uint8Array(capacity), columns.isNamed)
  columns.isBroken = grown(new Uint8Array(capacity), columns.isBroken)
  columns.isLeaf = grown(new Uint8Array(capacity), columns.isLeaf)
}
