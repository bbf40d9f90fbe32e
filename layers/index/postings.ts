/**
 * BM25 over chunks (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009): a merged base of typed
 * arrays, and an overlay of what was added since. A chunk that is hidden keeps its postings, so that it comes back at
 * the cost of counting its terms. Counts are those of the chunks that are shown, so scores are those of a fresh build.
 */
import { ownText } from "./own-text.ts"

export interface Postings {
  /** Adds hidden chunks as `FileFacts.postings` has them, known ones left out; returns the number of the first. */
  readonly add: (terms: ReadonlyArray<string>, postings: Uint32Array) => number
  /** Adds a hidden chunk with the terms of another one; returns its number. */
  readonly addLike: (chunk: number) => number
  readonly show: (chunk: number) => void
  readonly hide: (chunk: number) => void
  readonly isShown: (chunk: number) => boolean
  /** Lets go of a hidden chunk; its number stays in use until all are numbered anew. */
  readonly drop: (chunk: number) => void
  /** Calls `take` for every term of a chunk. */
  readonly eachTerm: (chunk: number, take: (term: string, count: number) => void) => void
  /** Scores of all chunks by their numbers, 0 for those that are not shown; valid until the next call. */
  readonly score: (query: ReadonlyMap<string, number>) => Float32Array
  /** How much a term tells chunks apart; 0 for a term that no chunk holds. */
  readonly weightOf: (term: string) => number
  /** How many chunks are shown. */
  readonly chunkCount: () => number
  /** How many chunks have numbers, hidden and dropped ones included. */
  readonly capacity: () => number
  /** Whether what was added or dropped since the last merge slows queries down. */
  readonly isRagged: () => boolean
  /** Merges the overlay into the base and numbers the chunks anew; returns the new number of every old one, or -1. */
  readonly compact: () => Int32Array
}

/** What stands for the number of terms of a chunk whose terms are not repeated in `FileFacts.postings`. */
export const knownChunk = 0xffffffff

/**
 * How soon further occurrences of a term count less, and how much long chunks are held back; rank_bm25's Okapi has k1
 * 1.5.
 */
const parameters = { lucene: { k1: 1.2, b: 0.75 }, okapi: { k1: 1.5, b: 0.75 } } as const

/** The share of the mean weight that rank_bm25 gives a term which most chunks hold. */
const okapiFloor = 0.25

const isDropped = 2

export const makePostings = (weighting: "lucene" | "okapi"): Postings => {
  const { b, k1 } = parameters[weighting]
  let numbers = new Map<string, number>()
  let texts: Array<string> = []
  /** Shown chunks that hold a term. */
  let frequency = new Int32Array(1024)
  /** Base: the postings of term t are at [offsets[t], offsets[t + 1]). */
  let offsets = new Int32Array(1)
  let baseChunks = new Int32Array(0)
  let baseCounts = new Uint16Array(0)
  /** Overlay: chunk, count, chunk, count … by term. */
  let overlay = new Map<number, Array<number>>()
  let overlaySize = 0
  /** The terms of chunk c and their counts are the pairs at [bounds[c], bounds[c + 1]). */
  let pairs = new Int32Array(4096)
  let bounds = new Int32Array(1025)
  let lengths = new Int32Array(1024)
  /** 0 for a hidden chunk, 1 for one that is shown, 2 for a dropped one. */
  let states = new Uint8Array(1024)
  let scores = new Float32Array(1024)
  let used = 0
  let dropped = 0
  let live = 0
  let totalLength = 0
  let okapiMean: number | undefined

  const numberOf = (term: string): number => {
    const known = numbers.get(term)
    if (known !== undefined) return known
    const text = ownText(term)
    const number = texts.push(text) - 1
    numbers.set(text, number)
    if (number >= frequency.length) frequency = grown(frequency, new Int32Array(frequency.length * 2))
    return number
  }

  /** Makes room for another chunk of so many terms; returns where its pairs start. */
  const makeRoom = (terms: number): number => {
    if (used >= lengths.length) {
      lengths = grown(lengths, new Int32Array(lengths.length * 2))
      states = grown(states, new Uint8Array(states.length * 2))
      bounds = grown(bounds, new Int32Array(lengths.length + 1))
      scores = new Float32Array(scores.length * 2)
    }
    const at = bounds[used] ?? 0
    const end = at + 2 * terms
    if (end > pairs.length) pairs = grown(pairs, new Int32Array(Math.max(end, pairs.length * 2)))
    bounds[used + 1] = end
    return at
  }

  const take = (at: number, term: number, count: number): void => {
    pairs[at] = term
    pairs[at + 1] = count
    const list = overlay.get(term)
    if (list === undefined) overlay.set(term, [used, count])
    else list.push(used, count)
    overlaySize++
  }

  const add: Postings["add"] = (terms, postings) => {
    const first = used
    const ids = terms.map(numberOf)
    for (let at = 0; at < postings.length;) {
      const size = postings[at++] ?? 0
      if (size === knownChunk) continue
      let length = 0
      let pair = makeRoom(size)
      for (const end = at + 2 * size; at < end; at += 2) {
        const count = Math.min(postings[at + 1] ?? 0, 0xffff)
        length += count
        take(pair, ids[postings[at] ?? 0] ?? 0, count)
        pair += 2
      }
      lengths[used++] = length
    }
    return first
  }

  const addLike: Postings["addLike"] = (chunk) => {
    const from = bounds[chunk] ?? 0
    const size = ((bounds[chunk + 1] ?? 0) - from) / 2
    const to = makeRoom(size)
    for (let at = 0; at < 2 * size; at += 2) take(to + at, pairs[from + at] ?? 0, pairs[from + at + 1] ?? 0)
    lengths[used] = lengths[chunk] ?? 0
    return used++
  }

  const count = (chunk: number, by: 1 | -1): void => {
    const end = bounds[chunk + 1] ?? 0
    for (let at = bounds[chunk] ?? 0; at < end; at += 2) {
      const term = pairs[at] ?? 0
      frequency[term] = (frequency[term] ?? 0) + by
    }
    live += by
    totalLength += by * (lengths[chunk] ?? 0)
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
    for (let term = 0; term < texts.length; term++) {
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
    if (live < used) { for (let chunk = 0; chunk < used; chunk++) if (states[chunk] !== 1) found[chunk] = 0 }
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
    const oldTexts = texts
    const oldFrequency = frequency
    const left = used - dropped
    const freshPairs = new Int32Array(Math.max(4096, bounds[used] ?? 0))
    const freshBounds = new Int32Array(Math.max(1024, left) + 1)
    const freshLengths = new Int32Array(Math.max(1024, left))
    const freshStates = new Uint8Array(freshLengths.length)
    const termNumbers = new Int32Array(oldTexts.length).fill(-1)
    numbers = new Map()
    texts = []
    let to = 0
    let next = 0
    for (let chunk = 0; chunk < used; chunk++) {
      if (states[chunk] === isDropped) continue
      freshLengths[next] = lengths[chunk] ?? 0
      freshStates[next] = states[chunk] ?? 0
      const end = bounds[chunk + 1] ?? 0
      for (let at = bounds[chunk] ?? 0; at < end; at += 2) {
        const term = pairs[at] ?? 0
        let number = termNumbers[term] ?? -1
        if (number === -1) {
          const text = oldTexts[term] ?? ""
          number = texts.push(text) - 1
          numbers.set(text, number)
          termNumbers[term] = number
        }
        freshPairs[to++] = number
        freshPairs[to++] = pairs[at + 1] ?? 0
      }
      chunkNumbers[chunk] = next
      freshBounds[++next] = to
    }
    frequency = new Int32Array(Math.max(1024, texts.length))
    for (const [old, number] of termNumbers.entries()) if (number >= 0) frequency[number] = oldFrequency[old] ?? 0
    pairs = freshPairs
    bounds = freshBounds
    lengths = freshLengths
    states = freshStates
    scores = new Float32Array(freshLengths.length)
    used = next
    dropped = 0
    overlay = new Map()
    overlaySize = 0
    sortIntoBase()
    return chunkNumbers
  }

  /** Sorts the pairs of all chunks by their terms. */
  const sortIntoBase = (): void => {
    const end = bounds[used] ?? 0
    offsets = new Int32Array(texts.length + 1)
    for (let at = 0; at < end; at += 2) {
      const behind = (pairs[at] ?? 0) + 1
      offsets[behind] = (offsets[behind] ?? 0) + 1
    }
    for (let term = 0; term < texts.length; term++) offsets[term + 1] = (offsets[term + 1] ?? 0) + (offsets[term] ?? 0)
    const next = offsets.slice()
    baseChunks = new Int32Array(end / 2)
    baseCounts = new Uint16Array(end / 2)
    for (let chunk = 0, at = 0; chunk < used; chunk++) {
      for (const last = bounds[chunk + 1] ?? 0; at < last; at += 2) {
        const term = pairs[at] ?? 0
        const place = next[term] ?? 0
        next[term] = place + 1
        baseChunks[place] = chunk
        baseCounts[place] = pairs[at + 1] ?? 0
      }
    }
  }

  return {
    add,
    addLike,
    show: (chunk) => {
      states[chunk] = 1
      count(chunk, 1)
    },
    hide: (chunk) => {
      states[chunk] = 0
      count(chunk, -1)
    },
    isShown: (chunk) => states[chunk] === 1,
    drop: (chunk) => {
      states[chunk] = isDropped
      dropped++
    },
    eachTerm: (chunk, take) => {
      const end = bounds[chunk + 1] ?? 0
      for (let at = bounds[chunk] ?? 0; at < end; at += 2) take(texts[pairs[at] ?? 0] ?? "", pairs[at + 1] ?? 0)
    },
    score,
    weightOf: (term) => {
      const number = numbers.get(term)
      return number === undefined ? 0 : idf(number)
    },
    chunkCount: () => live,
    capacity: () => used,
    isRagged: () => overlaySize > 20_000 + baseChunks.length / 4 || dropped > used / 2 + 2000,
    compact
  }
}

const grown = <A extends Int32Array | Uint8Array>(old: A, fresh: A): A => {
  fresh.set(old)
  return fresh
}
