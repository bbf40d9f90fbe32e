/** V8 keeps the whole text alive that a longer piece was cut from: what outlives its file is copied. */

/** Shorter pieces are copied by V8 itself. UTF-16 units. */
const shortest = 13

/** Returns a string of the same units that keeps no other one alive. */
export const ownText = (piece: string): string =>
  piece.length < shortest ? piece : Buffer.from(piece, "utf16le").toString("utf16le")
