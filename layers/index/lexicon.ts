/** The lexical index of one family of languages: postings, and which file each chunk belongs to. */
import type { FileFacts } from "./facts.ts"
import { makePostings, type Postings } from "./postings.ts"

export interface Lexicon {
  readonly postings: Postings
  /** Adds a file's chunks; returns the number of the first. */
  readonly add: (facts: FileFacts, file: number) => number
  readonly remove: (facts: FileFacts, firstChunk: number) => void
  /** The number of the file that a chunk belongs to. */
  readonly ownerOf: (chunk: number) => number
  /** Merges what updates left behind; returns the new number of every chunk. */
  readonly compact: () => Int32Array
}

export const makeLexicon = (weighting: "lucene" | "okapi"): Lexicon => {
  const postings = makePostings(weighting)
  let owners = new Int32Array(1024)
  return {
    postings,
    add: (facts, file) => {
      const first = postings.add(facts.terms, facts.postings)
      const end = postings.capacity()
      if (end > owners.length) {
        const larger = new Int32Array(Math.max(end, owners.length * 2))
        larger.set(owners)
        owners = larger
      }
      owners.fill(file, first, end)
      return first
    },
    remove: (facts, firstChunk) => {
      postings.remove(firstChunk, facts.chunks.length / 2, facts.terms, facts.postings)
    },
    ownerOf: (chunk) => owners[chunk] ?? -1,
    compact: () => {
      const numbers = postings.compact()
      const moved = new Int32Array(Math.max(1024, postings.capacity()))
      for (const [old, number] of numbers.entries()) if (number >= 0) moved[number] = owners[old] ?? -1
      owners = moved
      return numbers
    }
  }
}
