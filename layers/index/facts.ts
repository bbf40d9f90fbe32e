/** What the index wants to know about one file: a pure function of its path and text. */
import { languageOfPath, refineByText } from "../../services/text/language.ts"
import { type LanguageParser, ParserGaveUp } from "../../services/Parser.ts"
import { chunksOf } from "./chunks.ts"
import { definitionsOf, isEntered } from "./definitions.ts"
import { fieldsOf } from "./fields.ts"
import { importRulesOf } from "./imports/languages.ts"
import type { Import } from "./imports/rules.ts"
import { lineHashesOf } from "./lines.ts"
import { type SymbolFacts, symbolsOf } from "./symbols.ts"
import { eachIdentifier, termsOf } from "./terms.ts"

export interface FileFacts {
  readonly path: string
  readonly language: string
  readonly text: string
  readonly namespace: string
  readonly imports: ReadonlyArray<Import>
  readonly symbols: ReadonlyArray<SymbolFacts>
  /** Members that no declaration names: nothing but the type of a receiver leads to them. */
  readonly fields: ReadonlyArray<SymbolFacts>
  /** Pairs of offsets. */
  readonly chunks: Int32Array
  /** The file's terms, each once. */
  readonly terms: ReadonlyArray<string>
  /**
   * For each chunk, how many distinct terms it has, then that many pairs: the place of a term, and how often it occurs.
   */
  readonly postings: Uint32Array
  /** Sorted hashes of its lines. */
  readonly lines: Uint32Array
}

/** Reads a file; without a parser it has no symbols. */
export const factsOf = (path: string, text: string, parser: LanguageParser | undefined): FileFacts => {
  const language = refineByText(languageOfPath(path) ?? { name: "", hasGrammar: false, lineComment: null }, text).name
  const rules = importRulesOf(language)
  const symbols = parser === undefined ? [] : readSymbols(language, text, parser)
  const chunks = chunksOf(text, language, symbols)
  return {
    path,
    language,
    text,
    namespace: rules.namespaceOf(text, path),
    imports: rules.scan(text),
    symbols,
    fields: fieldsOf(language, text, symbols),
    chunks,
    ...countTerms(text, chunks),
    lines: lineHashesOf(text)
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

const countTerms = (text: string, chunks: Int32Array) => {
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
    counts.clear()
    eachIdentifier(text, chunks[chunk] ?? 0, chunks[chunk + 1] ?? 0, (identifier) => {
      for (const place of placesOf(identifier)) counts.set(place, (counts.get(place) ?? 0) + 1)
    })
    postings.push(counts.size)
    for (const [place, count] of counts) postings.push(place, count)
  }
  return { terms, postings: Uint32Array.from(postings) }
}
