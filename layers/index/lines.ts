/** Tells copies of a file by the lines that they share: a copy of the target would give the answer away. */

/** Shorter lines, such as "}" and "else:", say nothing about where they come from. */
const shortestLine = 6

/** Returns the hashes of all lines of the texts, without the white space at their ends; sorted, each once. */
export const lineHashesOf = (...texts: ReadonlyArray<string>): Uint32Array => {
  let count = 0
  for (const text of texts) count = writeLineHashes(text, count)
  const sorted = scratch.subarray(0, count).sort()
  let kept = 0
  for (let at = 0; at < count; at++) if (at === 0 || sorted[at] !== sorted[kept - 1]) sorted[kept++] = sorted[at] ?? 0
  return sorted.slice(0, kept)
}

/** Where hashes are gathered. */
let scratch = new Uint32Array(4096)

/** Writes the hashes of a text's lines behind the first `count` that are there; returns how many there are now. */
const writeLineHashes = (text: string, count: number): number => {
  const { length } = text
  let index = 0
  while (index < length) {
    let end = text.indexOf("\n", index)
    if (end === -1) end = length
    let from = index
    let to = end
    while (from < to && text.charCodeAt(from) <= 32) from++
    while (to > from && text.charCodeAt(to - 1) <= 32) to--
    if (to - from >= shortestLine) {
      let hash = 0x811c9dc5
      for (let at = from; at < to; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
      if (count >= scratch.length) {
        const larger = new Uint32Array(scratch.length * 2)
        larger.set(scratch)
        scratch = larger
      }
      scratch[count++] = hash
    }
    index = end + 1
  }
  return count
}

/** Files with fewer such lines never count as copies: small files are alike by nature. */
const fewestLines = 5

/** Files that share more than this part of the lines of the smaller one are copies. */
const copyShare = 0.8

/**
 * So many lines are enough to tell files apart that share next to nothing. The order of hashes makes them a random
 * draw: more than half of 64 lines of a copy are missing once in a hundred million times.
 */
const sampleSize = 64

/** Whether two files share more than 80 % of the lines of the smaller one. Both lists are sorted. */
export const isCopy = (target: Uint32Array, other: Uint32Array): boolean => {
  const [smaller, larger] = other.length <= target.length ? [other, target] : [target, other]
  if (smaller.length < fewestLines) return false
  const allowed = smaller.length - Math.ceil(smaller.length * copyShare)
  let missing = 0
  let from = 0
  for (let at = 0; at < smaller.length; at++) {
    const hash = smaller[at] ?? 0
    let low = from
    let high = larger.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((larger[middle] ?? 0) < hash) low = middle + 1
      else high = middle
    }
    from = low
    if (larger[low] === hash) continue
    missing++
    if (missing > allowed || (at < sampleSize && missing > sampleSize / 2)) return false
  }
  return true
}
