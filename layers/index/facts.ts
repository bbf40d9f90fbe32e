/** What the index wants to know about one file: a pure function of its path and text. */
import { languageOfPath, refineByText } from "../../services/text/language.ts"
import { type LanguageParser, ParserGaveUp } from "../../services/Parser.ts"
import { chunksOf } from "./chunks.ts"
import { definitionsOf, isEntered } from "./definitions.ts"
import { fieldsOf } from "./fields.ts"
import { importRulesOf } from "./imports/languages.ts"
import { knownChunk } from "./postings.ts"
import { type SymbolFacts, symbolsOf } from "./symbols.ts"
import { eachIdentifier, termsOf } from "./terms.ts"

export interface FileFacts {
  readonly path: string
  readonly language: string
  readonly text: string
  readonly namespace: string
  readonly symbols: ReadonlyArray<SymbolFacts>
  /** Members that no declaration names: nothing but the type of a receiver leads to them. */
  readonly fields: ReadonlyArray<SymbolFacts>
  /** Pairs of offsets. */
  readonly chunks: Int32Array
  /** A hash of the text of each chunk: whole numbers below 2 ** 53. */
  readonly hashes: Float64Array
  /** The terms that `postings` speak of, each once. */
  readonly terms: ReadonlyArray<string>
  /**
   * For each chunk, how many distinct terms it has, then that many pairs: the place of a term, and how often it occurs.
   * Of a chunk whose terms are known from another version of the file it says only that.
   */
  readonly postings: Uint32Array
}

/** Tells whether the terms of a chunk are known, given the language of its file and the hash of its text. */
export type KnownChunks = (language: string, hash: number) => boolean

const noneKnown: KnownChunks = () => false

/** Reads a file; without a parser it has no symbols. */
export const factsOf = (
  path: string,
  text: string,
  parser: LanguageParser | undefined,
  isKnown: KnownChunks = noneKnown
): FileFacts => {
  const language = refineByText(languageOfPath(path) ?? { name: "", hasGrammar: false, lineComment: null }, text).name
  const symbols = parser === undefined ? [] : readSymbols(language, text, parser)
  const chunks = chunksOf(text, language, symbols)
  const hashes = hashesOf(text, chunks)
  return {
    path,
    language,
    text,
    namespace: importRulesOf(language).namespaceOf(text, path),
    symbols,
    fields: fieldsOf(language, text, symbols),
    chunks,
    hashes,
    ...countTerms(text, chunks, (place) => isKnown(language, hashes[place] ?? 0))
  }
}

const readSymbols = (language: string, text: string, parser: LanguageParser): ReadonlyArray<SymbolFacts> => {
  const definitions = definitionsOf(language)
  if (definitions === undefined) return []
  try {
    const tree = parser.parse(text)
    try {
      const outline = tree.outline((type, parentType) => isEntered(definitions, type, parentType))
      return symbolsOf(text, language, outline, definitions)
    } finally {
      tree.release()
    }
  } catch (cause) {
    // A text that the parser cannot take is still searched.
    if (cause instanceof ParserGaveUp) return []
    throw cause
  }
}

const hashesOf = (text: string, chunks: Int32Array): Float64Array => {
  const hashes = new Float64Array(chunks.length / 2)
  for (let place = 0; place < hashes.length; place++) {
    hashes[place] = hashOf(text, chunks[2 * place] ?? 0, chunks[2 * place + 1] ?? 0)
  }
  return hashes
}

/** Two hashes by Fowler, Noll and Vo with different seeds; of one, 21 bits. */
const hashOf = (text: string, start: number, end: number): number => {
  let low = 0x811c9dc5
  let high = 0x9747b28c
  for (let at = start; at < end; at++) {
    const unit = text.charCodeAt(at)
    low = Math.imul(low ^ unit, 0x01000193)
    high = Math.imul(high ^ unit, 0x5bd1e995)
  }
  return (high >>> 11) * 0x100000000 + (low >>> 0)
}

const countTerms = (text: string, chunks: Int32Array, isKnown: (place: number) => boolean) => {
  const places = new Map<string, number>()
  const terms: Array<string> = []
  const ofIdentifier = new Map<string, ReadonlyArray<number>>()
  const placesOf = (identifier: string): ReadonlyArray<number> => {
    const known = ofIdentifier.get(identifier)
    if (known !== undefined) return known
    const found = termsOf(identifier).map((term) => {
      const place = places.get(term)
      if (place !== undefined) return place
      places.set(term, terms.length)
      return terms.push(term) - 1
    })
    ofIdentifier.set(identifier, found)
    return found
  }
  const postings: Array<number> = []
  const counts = new Map<number, number>()
  for (let chunk = 0; chunk < chunks.length; chunk += 2) {
    if (isKnown(chunk / 2)) {
      postings.push(knownChunk)
      continue
    }
    counts.clear()
    eachIdentifier(text, chunks[chunk] ?? 0, chunks[chunk + 1] ?? 0, (identifier) => {
      for (const place of placesOf(identifier)) counts.set(place, (counts.get(place) ?? 0) + 1)
    })
    postings.push(counts.size)
    for (const [place, count] of counts) postings.push(place, count)
  }
  return { terms, postings: Uint32Array.from(postings) }
}
