/** A set of 64-bit keys at eight bytes each: a large run holds millions of them. */

export interface KeySet {
  /** Takes 16 hex digits. */
  readonly has: (key: string) => boolean
}

const bitsOf = (key: string): bigint => BigInt(`0x${key}`)

/** Returns the set of the last 16 hex digits of each key. */
export const keySetOf = async (keys: AsyncIterable<string>): Promise<KeySet> => {
  let bits = new BigUint64Array(1024)
  let count = 0
  for await (const key of keys) {
    if (count === bits.length) {
      const grown = new BigUint64Array(count * 2)
      grown.set(bits)
      bits = grown
    }
    bits[count++] = bitsOf(key.slice(-16))
  }
  const sorted = bits.subarray(0, count).sort()
  return {
    has: (key) => {
      const wanted = bitsOf(key.slice(-16))
      let low = 0
      let high = count - 1
      while (low <= high) {
        const middle = (low + high) >> 1
        const found = sorted[middle] ?? 0n
        if (found === wanted) return true
        if (found < wanted) low = middle + 1
        else high = middle - 1
      }
      return false
    }
  }
}
