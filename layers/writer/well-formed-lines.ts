/**
 * Keeps lines with half a surrogate pair out of every file: what loads datasets refuses the whole file for one of them.
 * Whatever makes rows sees to it that there are none; this is the last place that can.
 */
import { leaveOut, type Ledger } from "../../services/rows/ledger.ts"
import type { Work } from "../../services/Writer.ts"

/** Whether JSON, as JSON.stringify writes it, holds an escape of half a pair: whole ones are written as they are. */
const holdsHalf = (json: Uint8Array): boolean => {
  const bytes = Buffer.from(json.buffer, json.byteOffset, json.length)
  for (let at = bytes.indexOf("\\ud"); at !== -1; at = bytes.indexOf("\\ud", at + 1)) {
    let before = at
    while (before > 0 && bytes[before - 1] === 92) before--
    // A backslash that stands for itself is written twice.
    if ((at - before) % 2 === 0) return true
  }
  return false
}

const counted = (ledger: Ledger, lines: number): Ledger => {
  const own = structuredClone(ledger)
  leaveOut(own, "records", "lone surrogate", lines)
  return own
}

/** Returns the work without such records, which its ledger counts. */
export const wellFormedWork = (work: Work): Work => {
  const records = work.records.filter(({ json }) => !holdsHalf(json))
  const left = work.records.length - records.length
  return left === 0 ? work : { ...work, records, ledger: counted(work.ledger, left) }
}

/** Returns lines without such ones, and a ledger that counts them. */
export const wellFormedLines = (
  pieces: ReadonlyArray<Uint8Array>,
  ledger: Ledger
): { readonly pieces: ReadonlyArray<Uint8Array>; readonly ledger: Ledger } => {
  if (!pieces.some(holdsHalf)) return { pieces, ledger }
  let left = 0
  const kept = pieces.map((piece) => {
    const lines: Array<Uint8Array> = []
    for (let start = 0; start < piece.length;) {
      const stop = piece.indexOf(10, start)
      const line = piece.subarray(start, stop === -1 ? piece.length : stop + 1)
      if (holdsHalf(line)) left++
      else lines.push(line)
      start += line.length
    }
    return Buffer.concat(lines)
  })
  return { pieces: kept, ledger: counted(ledger, left) }
}
