/** Cuts a text of JSON into rows as it comes in, each as a line; only the row that is not yet whole is kept. */
import type { RowLayout } from "./layout.ts"
import { longestRow } from "./parse-row.ts"

const quote = 34
const comma = 44
const colon = 58
const backslash = 92
const newline = 10

/** A longer name is not that of a field with rows. */
const longestName = 1000

const isSpace = (byte: number): boolean => byte === 32 || byte === 9 || byte === newline || byte === 13 || byte === 0x1e
const isOpener = (byte: number): boolean => byte === 0x7b || byte === 0x5b
const isCloser = (byte: number): boolean => byte === 0x7d || byte === 0x5d

export interface ValueSplitter {
  /** Takes the next bytes and gives the lines that they end. */
  readonly feed: (bytes: Buffer) => Buffer
  /** Gives what is left when the text has ended. */
  readonly end: () => Buffer
}

/** Makes a splitter; line ends within a row, and the white space behind them, are left out. */
export const makeValueSplitter = (
  layout: Exclude<RowLayout, { readonly _tag: "lines" | "CR lines" }>
): ValueSplitter => {
  // How many brackets are open around a row.
  const outside = layout._tag === "values" ? 0 : layout._tag === "elements" ? 1 : 2
  let depth = 0
  let isInString = false
  let isEscaped = false
  let isInRow = false
  /** Whether what was seen last in a row is a line end, whose indentation is left out. */
  let isIndent = false
  let key: Array<number> | undefined
  let isWanted = layout._tag !== "fields"
  let row: Buffer = Buffer.allocUnsafe(64 * 1024)
  let length = 0

  const put = (byte: number): void => {
    if (length > longestRow) return
    if (length === row.length) {
      const larger = Buffer.allocUnsafe(row.length * 2)
      row.copy(larger, 0, 0, length)
      row = larger
    }
    row[length++] = byte
  }
  const take = (): Buffer => {
    while (length > 0 && isSpace(row[length - 1] ?? 0)) length--
    const line = Buffer.allocUnsafe(length + 1)
    row.copy(line, 0, 0, length)
    line[length] = newline
    length = 0
    isInRow = false
    return line
  }

  /** Whether an object's fields are read whose lists may hold rows. */
  const isAtKeys = (): boolean => layout._tag === "fields" && depth === 1

  return {
    feed: (bytes) => {
      const lines: Array<Buffer> = []
      for (const byte of bytes) {
        if (isInString) {
          if (isInRow) put(byte)
          else if (key !== undefined && key.length < longestName) key.push(byte)
          if (isEscaped) isEscaped = false
          else if (byte === backslash) isEscaped = true
          else if (byte === quote) isInString = false
          continue
        }
        if (isSpace(byte)) {
          if (!isInRow) continue
          // A plain value at the outermost level ends where the white space begins.
          if (depth === outside && !isCloser(row[length - 1] ?? 0)) {
            lines.push(take())
            continue
          }
          if (byte === newline || byte === 13) isIndent = true
          else if (!isIndent) put(byte)
          continue
        }
        isIndent = false
        if (isInRow) {
          if (depth === outside && (byte === comma || isCloser(byte))) {
            lines.push(take())
            if (isCloser(byte)) depth = Math.max(0, depth - 1)
            continue
          }
          put(byte)
          if (byte === quote) isInString = true
          else if (isOpener(byte)) depth++
          else if (isCloser(byte) && --depth === outside) lines.push(take())
          continue
        }
        if (depth === outside && isWanted && byte !== comma && !isCloser(byte)) {
          isInRow = true
          put(byte)
          if (byte === quote) isInString = true
          else if (isOpener(byte)) depth++
          continue
        }
        if (byte === quote) {
          isInString = true
          key = isAtKeys() ? [byte] : undefined
        } else if (isOpener(byte)) depth++
        else if (isCloser(byte)) depth = Math.max(0, depth - 1)
        else if (byte === colon && isAtKeys() && layout._tag === "fields") {
          isWanted = layout.names.has(nameOf(key))
        } else if (byte === comma && isAtKeys()) isWanted = false
      }
      return lines.length === 1 ? lines[0] ?? Buffer.alloc(0) : Buffer.concat(lines)
    },
    end: () => (isInRow ? take() : Buffer.alloc(0))
  }
}

const nameOf = (key: ReadonlyArray<number> | undefined): string => {
  try {
    return String(JSON.parse(Buffer.from(key ?? []).toString("utf8")))
  } catch {
    return ""
  }
}
