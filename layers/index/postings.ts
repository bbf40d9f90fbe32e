/**
 * BM25 over chunks (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009): a merged base of typed
 * arrays, an overlay of what was added since, and marks on what was removed. Counts are kept up to date, so that scores
 * are those of a fresh build.
 */

export interface Postings {
  /** Adds chunks as `FileFacts.postings` has them; returns the number of the first. */
  readonly add: (terms: ReadonlyArray<string>, postings: Uint32Array) => number
  /** Removes `count` chunks, given what `add` was given for them. */
  readonly remove: (first: number, count: number, terms: ReadonlyArray<string>, postings: Uint32Array) => void
  /** Scores of all chunks by their numbers, 0 for those that are gone; valid until the next call. */
  readonly score: (query: ReadonlyMap<string, number>) => Float32Array
  /** How much a term tells chunks apart; 0 for a term that no chunk holds. */
  readonly weightOf: (term: string) => number
  readonly chunkCount: () => number
  /** How many chunks have numbers, removed ones included. */
  readonly capacity: () => number
  /** Whether the overlay has grown so large that it slows queries down. */
  readonly isRagged: () => boolean
  /** Merges the overlay into the base and numbers the chunks anew; returns the new number of every old one, or -1. */
  readonly compact: () => Int32Array
}

/**
 * How soon further occurrences of a term count less, and how much long chunks are held back; rank_bm25's Okapi has k1
 * 1.5.
 */
const parameters = { lucene: { k1: 1.2, b: 0.75 }, okapi: { k1: 1.5, b: 0.75 } } as const

/** The share of the mean weight that rank_bm25 gives a term which most chunks hold. */
const okapiFloor = 0.25

export const makePostings = (weighting: "lucene" | "okapi"): Postings => {
  const { b, k1 } = parameters[weighting]
  let numbers = new Map<string, number>()
  /** Live chunks that hold a term. */
  let frequency = new Int32Array(1024)
  /** Base: the postings of term t are at [offsets[t], offsets[t + 1]). */
  let offsets = new Int32Array(1)
  let baseChunks = new Int32Array(0)
  let baseCounts = new Uint16Array(0)
  /** Overlay: chunk, count, chunk, count … by term. */
  let overlay = new Map<number, Array<number>>()
  let overlaySize = 0
  let lengths = new Int32Array(1024)
  let isLive = new Uint8Array(1024)
  let scores = new Float32Array(1024)
  let used = 0
  let live = 0
  let totalLength = 0
  let okapiMean: number | undefined

  const numberOf = (term: string): number => {
    const known = numbers.get(term)
    if (known !== undefined) return known
    const number = numbers.size
    numbers.set(term, number)
    if (number >= frequency.length) frequency = grown(frequency, new Int32Array(frequency.length * 2))
    return number
  }

  const add: Postings["add"] = (terms, postings) => {
    const first = used
    const ids = terms.map(numberOf)
    for (let at = 0; at < postings.length;) {
      const chunk = used++
      if (chunk >= lengths.length) {
        lengths = grown(lengths, new Int32Array(lengths.length * 2))
        isLive = grown(isLive, new Uint8Array(isLive.length * 2))
        scores = new Float32Array(scores.length * 2)
      }
      const end = at + 1 + 2 * (postings[at] ?? 0)
      let length = 0
      for (at++; at < end; at += 2) {
        const term = ids[postings[at] ?? 0] ?? 0
        const count = Math.min(postings[at + 1] ?? 0, 0xffff)
        length += count
        frequency[term] = (frequency[term] ?? 0) + 1
        const list = overlay.get(term)
        if (list === undefined) overlay.set(term, [chunk, count])
        else list.push(chunk, count)
        overlaySize++
      }
      lengths[chunk] = length
      isLive[chunk] = 1
      live++
      totalLength += length
    }
    okapiMean = undefined
    return first
  }

  const remove: Postings["remove"] = (first, count, terms, postings) => {
    const ids = terms.map(numberOf)
    for (let at = 0; at < postings.length;) {
      const end = at + 1 + 2 * (postings[at] ?? 0)
      for (at++; at < end; at += 2) {
        const term = ids[postings[at] ?? 0] ?? 0
        frequency[term] = (frequency[term] ?? 0) - 1
      }
    }
    for (let chunk = first; chunk < first + count; chunk++) {
      isLive[chunk] = 0
      totalLength -= lengths[chunk] ?? 0
      live--
    }
    okapiMean = undefined
  }

  const idf = (term: number): number => {
    const n = frequency[term] ?? 0
    if (n === 0) return 0
    if (weighting === "lucene") return Math.log(1 + (live - n + 0.5) / (n + 0.5))
    const weight = Math.log(live - n + 0.5) - Math.log(n + 0.5)
    return weight >= 0 ? weight : okapiFloor * (okapiMean ??= meanOkapi())
  }

  /** rank_bm25 takes the mean over all terms, negative ones too. */
  const meanOkapi = (): number => {
    let sum = 0
    let terms = 0
    for (let term = 0; term < numbers.size; term++) {
      const n = frequency[term] ?? 0
      if (n === 0) continue
      sum += Math.log(live - n + 0.5) - Math.log(n + 0.5)
      terms++
    }
    return terms === 0 ? 0 : sum / terms
  }

  const score: Postings["score"] = (query) => {
    const found = scores.subarray(0, used)
    found.fill(0)
    if (live === 0) return found
    const held = k1 * (1 - b)
    const perUnit = k1 * b / (totalLength / live || 1)
    for (const [text, times] of query) {
      const term = numbers.get(text)
      if (term === undefined) continue
      const weight = idf(term) * times * (k1 + 1)
      if (weight === 0) continue
      addBase(found, weight, held, perUnit, offsets[term] ?? 0, offsets[term + 1] ?? 0)
      const list = overlay.get(term)
      if (list === undefined) continue
      for (let at = 0; at < list.length; at += 2) {
        const chunk = list[at] ?? 0
        const count = list[at + 1] ?? 0
        found[chunk] = (found[chunk] ?? 0) + weight * count / (count + (held + perUnit * (lengths[chunk] ?? 0)))
      }
    }
    if (live < used) { for (let chunk = 0; chunk < used; chunk++) if (isLive[chunk] === 0) found[chunk] = 0 }
    return found
  }

  /** The hot loop. It works on local names, which the compiler keeps in registers. */
  const addBase = (
    found: Float32Array,
    weight: number,
    held: number,
    perUnit: number,
    start: number,
    end: number
  ): void => {
    const chunks = baseChunks
    const counts = baseCounts
    const units = lengths
    for (let at = start; at < end; at++) {
      const chunk = chunks[at] ?? 0
      const count = counts[at] ?? 0
      found[chunk] = (found[chunk] ?? 0) + weight * count / (count + (held + perUnit * (units[chunk] ?? 0)))
    }
  }

  const compact = () => {
    const chunkNumbers = new Int32Array(used).fill(-1)
    const freshLengths = new Int32Array(Math.max(1024, live))
    let chunksLeft = 0
    for (let chunk = 0; chunk < used; chunk++) {
      if (isLive[chunk] === 0) continue
      freshLengths[chunksLeft] = lengths[chunk] ?? 0
      chunkNumbers[chunk] = chunksLeft++
    }
    let postingsLeft = 0
    let termsLeft = 0
    for (let term = 0; term < numbers.size; term++) {
      postingsLeft += frequency[term] ?? 0
      if ((frequency[term] ?? 0) > 0) termsLeft++
    }
    const freshFrequency = new Int32Array(Math.max(1024, termsLeft))
    const freshOffsets = new Int32Array(termsLeft + 1)
    const chunks = new Int32Array(postingsLeft)
    const counts = new Uint16Array(postingsLeft)
    let at = 0
    const keep = (chunk: number, count: number) => {
      if (isLive[chunk] === 0) return
      chunks[at] = chunkNumbers[chunk] ?? 0
      counts[at++] = count
    }
    const freshNumbers = new Map<string, number>()
    for (const [text, term] of numbers) {
      if ((frequency[term] ?? 0) === 0) continue
      const number = freshNumbers.size
      freshNumbers.set(text, number)
      freshFrequency[number] = frequency[term] ?? 0
      for (let place = offsets[term] ?? 0; place < (offsets[term + 1] ?? 0); place++) {
        keep(baseChunks[place] ?? 0, baseCounts[place] ?? 0)
      }
      const list = overlay.get(term) ?? []
      for (let place = 0; place < list.length; place += 2) keep(list[place] ?? 0, list[place + 1] ?? 0)
      freshOffsets[number + 1] = at
    }
    numbers = freshNumbers
    frequency = freshFrequency
    offsets = freshOffsets
    baseChunks = chunks
    baseCounts = counts
    overlay = new Map()
    overlaySize = 0
    lengths = freshLengths
    isLive = new Uint8Array(freshLengths.length).fill(1, 0, chunksLeft)
    scores = new Float32Array(freshLengths.length)
    used = chunksLeft
    return chunkNumbers
  }

  return {
    add,
    remove,
    score,
    weightOf: (term) => {
      const number = numbers.get(term)
      return number === undefined ? 0 : idf(number)
    },
    chunkCount: () => live,
    capacity: () => used,
    isRagged: () => overlaySize > 20_000 + baseChunks.length / 4 || used > 2 * live + 2000,
    compact
  }
}

const grown = <A extends Int32Array | Uint8Array>(old: A, fresh: A): A => {
  fresh.set(old)
  return fresh
}
