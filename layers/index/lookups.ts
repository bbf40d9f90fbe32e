/** What is asked of a project by name or by words, rather than by the place of a cursor. */
import type { DefinedCode, DefinedName, FoundText } from "../../services/Index.ts"
import { lineAt, lineStartsOf } from "../../services/text/span.ts"
import { byPathOrder, type IndexedFile } from "./indexed-file.ts"
import type { Project } from "./project.ts"
import { eachIdentifier, termsOf } from "./terms.ts"

export const declarationsOf = (project: Project, path: string): ReadonlyArray<DefinedName> | undefined => {
  const file = project.fileAt(path)
  if (file === undefined) return undefined
  const starts = lineStartsOf(file.facts.text)
  return file.facts.symbols.map((_, place) => declarationAt(file, place, starts))
}

/** Returns the definitions of the last part of a name; of those, the ones that the part before it holds, where any are. */
export const definitionsOfName = (project: Project, name: string): ReadonlyArray<DefinedCode> => {
  const parts = name.split(/::|->|[.#\\/]/).filter((part) => part !== "")
  const own = parts.at(-1)?.replace(/\(.*$/s, "").trim() ?? ""
  const found: Array<DefinedCode> = []
  for (const [file, places] of [...project.defined(own)].sort(([a], [b]) => byPathOrder(a, b))) {
    const { text } = file.facts
    const starts = lineStartsOf(text)
    for (const place of places) {
      const symbol = file.facts.symbols[place]
      if (symbol === undefined) continue
      const line = starts[lineAt(starts, symbol.start)] ?? 0
      found.push({ ...declarationAt(file, place, starts), text: text.slice(line, symbol.end) })
    }
  }
  const holder = parts.at(-2)
  const held = found.filter(({ container }) => container === holder)
  return held.length === 0 ? found : held
}

/** Returns the chunks with the highest scores by BM25; equal ones are in the order of their places. */
export const searchFor = (project: Project, words: string, most: number): ReadonlyArray<FoundText> => {
  const query = new Map<string, number>()
  eachIdentifier(words, 0, words.length, (identifier) => {
    for (const term of termsOf(identifier)) query.set(term, (query.get(term) ?? 0) + 1)
  })
  const found: Array<{ readonly file: IndexedFile; readonly place: number; readonly score: number }> = []
  for (const lexicon of project.lexicons("")) {
    for (const [chunk, score] of lexicon.postings.score(query).entries()) {
      const at = score > 0 ? project.chunkAt(lexicon, chunk) : undefined
      if (at !== undefined) found.push({ ...at, score })
    }
  }
  found.sort((a, b) => b.score - a.score || byPathOrder(a.file, b.file) || a.place - b.place)
  return found.slice(0, most).map(({ file: { facts: { chunks, path, text } }, place, score }) => {
    const [start = 0, end = text.length] = chunks.subarray(2 * place, 2 * place + 2)
    const starts = lineStartsOf(text)
    const startLine = lineAt(starts, start) + 1
    return {
      path,
      startLine,
      endLine: Math.max(startLine, lineAt(starts, end - 1) + 1),
      text: text.slice(start, end),
      score
    }
  })
}

const declarationAt = ({ facts }: IndexedFile, place: number, starts: ReadonlyArray<number>): DefinedName => {
  const symbol = facts.symbols[place]
  return {
    path: facts.path,
    name: symbol?.name ?? "",
    kind: symbol?.kind ?? "value",
    container: facts.symbols[symbol?.container ?? -1]?.name ?? "",
    startLine: symbol?.line ?? 1,
    endLine: lineAt(starts, Math.max(symbol?.start ?? 0, (symbol?.end ?? 0) - 1)) + 1,
    signature: symbol?.signature ?? ""
  }
}
