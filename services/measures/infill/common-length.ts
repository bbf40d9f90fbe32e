/**
 * How long the longest sequence is that two texts have in common: bit by bit, 32 characters at a time (Hyyrö, Bit-parallel
 * LCS-length computation revisited, 2004).
 */

const wordBits = 32

/** Returns the length of a longest common subsequence in UTF-16 units. Time grows with the product of both lengths / 32. */
export const commonLength = (left: string, right: string): number => {
  const words = Math.ceil(left.length / wordBits)
  const placesOf = new Map<number, Uint32Array>()
  for (let at = 0; at < left.length; at++) {
    const unit = left.charCodeAt(at)
    const places = placesOf.get(unit) ?? new Uint32Array(words)
    places[at >>> 5] = (places[at >>> 5] ?? 0) | (1 << (at & 31))
    placesOf.set(unit, places)
  }
  // A bit that is off stands for a place of `left` where the sequence grows.
  const open = new Uint32Array(words).fill(0xffffffff)
  for (let at = 0; at < right.length; at++) {
    const places = placesOf.get(right.charCodeAt(at))
    if (places === undefined) continue
    let carry = 0
    for (let word = 0; word < words; word++) {
      const state = open[word] ?? 0
      const matched = (state & (places[word] ?? 0)) >>> 0
      const sum = state + matched + carry
      carry = sum > 0xffffffff ? 1 : 0
      open[word] = sum | (state & ~matched)
    }
  }
  let length = 0
  for (let at = 0; at < left.length; at++) {
    if (((open[at >>> 5] ?? 0) >>> (at & 31) & 1) === 0) length++
  }
  return length
}
