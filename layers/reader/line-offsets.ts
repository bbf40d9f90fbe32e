/** Where the rows of a file of JSON Lines start, found in one pass over its bytes; blank lines are not rows. */

/** How many offsets there is room for at first; the room doubles. */
const firstRoom = 1024

export interface LineOffsets {
  /** Takes the next bytes of the file. */
  readonly feed: (bytes: Uint8Array) => void
  /** Says that the file has ended. */
  readonly end: () => void
  /** How many rows have a known end. */
  readonly rows: () => number
  /** The bytes [start, end) of a row whose end is known. */
  readonly spanOf: (row: number) => { readonly start: number; readonly end: number }
  /** Number of the row that holds a byte, among those whose end is known. */
  readonly rowAt: (byte: number) => number
  /** The starts of all rows and the end of the last, to be kept. */
  readonly save: () => Float64Array
}

const newline = 10

/** Makes offsets of lines from `start` on, or goes on with saved ones. */
export const makeLineOffsets = (saved?: Float64Array, start = 0): LineOffsets => {
  let offsets = saved ?? new Float64Array(firstRoom).fill(start, 0, 1)
  // The start of the row that has no end yet is always there.
  let rows = saved === undefined ? 0 : saved.length - 1
  let position = saved?.[saved.length - 1] ?? start
  let isBlank = true

  const push = (end: number): void => {
    rows++
    if (rows >= offsets.length) {
      const larger = new Float64Array(offsets.length * 2)
      larger.set(offsets)
      offsets = larger
    }
    offsets[rows] = end
  }
  /** A line of nothing but spaces ends no row: its bytes belong to the gap before the next one. */
  const closeLine = (end: number): void => {
    if (!isBlank) push(end)
    isBlank = true
  }
  const isSpace = (byte: number | undefined): boolean => byte === 32 || byte === 9 || byte === 13

  return {
    feed: (bytes) => {
      const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      let at = 0
      while (at < view.length) {
        const stop = view.indexOf(newline, at)
        const end = stop === -1 ? view.length : stop
        if (isBlank) {
          let first = at
          while (first < end && isSpace(view[first])) first++
          isBlank = first === end
        }
        if (stop === -1) break
        closeLine(position + stop + 1)
        at = stop + 1
      }
      position += view.length
    },
    end: () => closeLine(position),
    rows: () => rows,
    spanOf: (row) => ({ start: offsets[row] ?? 0, end: offsets[row + 1] ?? 0 }),
    rowAt: (byte) => {
      let low = 0
      let high = rows - 1
      while (low < high) {
        const middle = (low + high + 1) >> 1
        if ((offsets[middle] ?? 0) <= byte) low = middle
        else high = middle - 1
      }
      return low
    },
    save: () => offsets.slice(0, rows + 1)
  }
}
