/**
 * The lexical index of one family of languages: postings, and which file each chunk belongs to. A chunk is kept once
 * for all versions of a file that hold it: going from one version to another costs what differs.
 */
import { type ChunkNotes, notesOn } from "./chunk-notes.ts"
import type { FileFacts } from "./facts.ts"
import { knownChunk, makePostings, type Postings } from "./postings.ts"

export interface Lexicon {
  readonly postings: Postings
  /** Keeps the chunks of a version of a file, hidden; returns their numbers. The file is told by its number. */
  readonly keep: (facts: FileFacts, file: number) => Int32Array
  /** Lets go of the hidden chunks of a version. */
  readonly release: (chunks: Int32Array) => void
  /** Shows the chunks of one version instead of those of another. */
  readonly replace: (shown: Int32Array, next: Int32Array) => void
  /** How many chunks have had their terms counted. */
  readonly counted: () => number
  /** Whether a version that is kept of a file has a chunk of that hash. */
  readonly knows: (file: number, hash: number) => boolean
  /** What is to be known of a chunk's text, given a version of its file that is kept, and its place there. */
  readonly notesOf: (file: { readonly chunks: Int32Array; readonly facts: FileFacts }, place: number) => ChunkNotes
  /** The number of the file that a chunk belongs to. */
  readonly ownerOf: (chunk: number) => number
  /** Merges what updates left behind; returns the new number of every chunk. */
  readonly compact: () => Int32Array
}

/** Notes on more chunks than this are not kept. */
const mostNotes = 8192

export const makeLexicon = (weighting: "lucene" | "okapi"): Lexicon => {
  const postings = makePostings(weighting)
  /** The numbers of the chunks of each file by their hash: several where a version has the same text several times. */
  const byFile = new Map<number, Map<number, Array<number>>>()
  /** By chunk: its file, its hash, and how many versions hold it. */
  let owners = new Int32Array(1024)
  let hashes = new Float64Array(1024)
  let holders = new Int32Array(1024)
  /** By chunk: the last replacement that shows it. */
  let stamps = new Int32Array(1024)
  let stamp = 0
  let counted = 0
  let notes = new Map<number, ChunkNotes>()

  const grow = () => {
    const size = Math.max(postings.capacity(), 2 * owners.length)
    owners = grown(owners, new Int32Array(size))
    hashes = grown(hashes, new Float64Array(size))
    holders = grown(holders, new Int32Array(size))
    stamps = grown(stamps, new Int32Array(size))
  }

  const keep: Lexicon["keep"] = (facts, file) => {
    const known = byFile.get(file) ?? new Map<number, Array<number>>()
    byFile.set(file, known)
    const chunks = new Int32Array(facts.hashes.length)
    const times = new Map<number, number>()
    let next = postings.add(facts.terms, facts.postings)
    for (let place = 0, at = 0; place < chunks.length; place++) {
      const hash = facts.hashes[place] ?? 0
      const size = facts.postings[at++] ?? 0
      const isNew = size !== knownChunk
      if (isNew) counted++
      if (isNew) at += 2 * size
      const list = known.get(hash) ?? []
      if (list.length === 0) known.set(hash, list)
      const nth = times.get(hash) ?? 0
      times.set(hash, nth + 1)
      let chunk = list[nth]
      if (isNew) {
        // What was counted and is there already is not needed a second time.
        if (chunk === undefined) list.push(chunk = next)
        else postings.drop(next)
        next++
      } else if (chunk === undefined) {
        list.push(chunk = postings.addLike(list[0] ?? 0))
      }
      if (postings.capacity() > owners.length) grow()
      owners[chunk] = file
      hashes[chunk] = hash
      holders[chunk] = (holders[chunk] ?? 0) + 1
      chunks[place] = chunk
    }
    return chunks
  }

  const release: Lexicon["release"] = (chunks) => {
    for (const chunk of chunks) {
      const left = (holders[chunk] ?? 0) - 1
      holders[chunk] = left
      if (left > 0) continue
      postings.drop(chunk)
      notes.delete(chunk)
      const file = owners[chunk] ?? -1
      const hash = hashes[chunk] ?? 0
      const known = byFile.get(file)
      const others = known?.get(hash)?.filter((other) => other !== chunk) ?? []
      if (others.length > 0) known?.set(hash, others)
      else known?.delete(hash)
      if (known?.size === 0) byFile.delete(file)
    }
  }

  const replace: Lexicon["replace"] = (shown, next) => {
    stamp++
    for (const chunk of next) stamps[chunk] = stamp
    for (const chunk of shown) if (stamps[chunk] !== stamp) postings.hide(chunk)
    for (const chunk of next) if (!postings.isShown(chunk)) postings.show(chunk)
  }

  return {
    postings,
    keep,
    release,
    replace,
    counted: () => counted,
    knows: (file, hash) => byFile.get(file)?.has(hash) === true,
    notesOf: ({ chunks, facts }, place) => {
      const chunk = chunks[place] ?? -1
      const known = notes.get(chunk)
      if (known?.language === facts.language) return known
      const fresh = notesOn(facts.text.slice(facts.chunks[2 * place], facts.chunks[2 * place + 1]), facts.language)
      if (notes.size >= mostNotes) notes.clear()
      notes.set(chunk, fresh)
      return fresh
    },
    ownerOf: (chunk) => owners[chunk] ?? -1,
    compact: () => {
      const numbers = postings.compact()
      const size = Math.max(1024, postings.capacity())
      const moved = { owners: new Int32Array(size), hashes: new Float64Array(size), holders: new Int32Array(size) }
      for (const [old, number] of numbers.entries()) {
        if (number < 0) continue
        moved.owners[number] = owners[old] ?? -1
        moved.hashes[number] = hashes[old] ?? 0
        moved.holders[number] = holders[old] ?? 0
      }
      ;({ holders, hashes, owners } = moved)
      stamps = new Int32Array(size)
      notes = new Map([...notes].map(([chunk, note]) => [numbers[chunk] ?? -1, note]))
      for (const known of byFile.values()) {
        for (const [hash, list] of known) known.set(hash, list.map((chunk) => numbers[chunk] ?? 0))
      }
      return numbers
    }
  }
}

const grown = <A extends Int32Array | Float64Array>(old: A, fresh: A): A => {
  fresh.set(old)
  return fresh
}
