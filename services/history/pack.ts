/** Packs pieces of work into batches of a size that keeps messages cheap and all threads busy. */

/** How much source one batch reads, in bytes, if nothing else is said. */
const usualBytes = 256 * 1024

/** Returns the pieces in batches, in their order. */
export const packPieces = <A>(
  pieces: ReadonlyArray<A>,
  bytesOf: (piece: A) => number,
  batchBytes = usualBytes
): ReadonlyArray<ReadonlyArray<A>> => {
  const batches: Array<Array<A>> = []
  let open: Array<A> = []
  let bytes = 0
  for (const piece of pieces) {
    open.push(piece)
    bytes += bytesOf(piece)
    if (bytes >= batchBytes) {
      batches.push(open)
      open = []
      bytes = 0
    }
  }
  if (open.length > 0) batches.push(open)
  return batches
}
