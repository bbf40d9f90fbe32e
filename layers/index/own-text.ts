/** V8 keeps the whole text alive that a longer piece was cut from: what outlives its file is copied. */

/** Shorter pieces are copied by V8 itself. UTF-16 units. */
const shortest = 13

const wide = /[^\0-\xff]/

/** Returns a string of the same units that keeps no other one alive. */
export const ownText = (piece: string): string => {
  if (piece.length < shortest) return piece
  // A string takes a byte for a unit where it can.
  const encoding = wide.test(piece) ? "utf16le" : "latin1"
  return Buffer.from(piece, encoding).toString(encoding)
}
