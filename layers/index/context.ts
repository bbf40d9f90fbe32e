/** The context of a place, as a pure function of the project: what is looked for, found, weighed and put together. */
import type { ContextAnswer, ContextRequest } from "../../services/Index.ts"
import { languageOfPath, refineByText } from "../../services/text/language.ts"
import { assemble } from "./assemble.ts"
import { candidatesFor, type FoundChunk, noCandidates } from "./candidates.ts"
import { hereOf } from "./here.ts"
import { isCopy, lineHashesOf } from "./lines.ts"
import { emptyOutline, outlineOf } from "./outline.ts"
import type { Postings } from "./postings.ts"
import { byPathOrder, type IndexedFile } from "./indexed-file.ts"
import type { Project } from "./project.ts"
import { surroundingsOf } from "./surroundings.ts"

export const contextFor = (project: Project, request: ContextRequest): ContextAnswer => {
  const { path, prefix, suffix } = request
  const known = languageOfPath(path) ?? { name: "", hasGrammar: false, lineComment: null }
  const language = refineByText(known, prefix).name
  const around = surroundingsOf(path, language, prefix, suffix)
  const isLeftOut = leavesOut(request)
  const chunks = bestChunks(project, language, around.query, request, isLeftOut)
  if (!request.sources.includes("signatures")) {
    return assemble(request, { candidates: noCandidates, chunks, outline: emptyOutline, isLeftOut })
  }
  const here = hereOf(language, prefix, suffix)
  const own = new Set([path, ...request.aliases])
  const candidates = candidatesFor(project, { path, language, here, around, chunks, own })
  const outline = outlineOf(here, prefix, suffix, { first: candidates.own, near: around.near })
  return assemble(request, { candidates, chunks: request.sources.includes("chunks") ? chunks : [], outline, isLeftOut })
}

/** Returns, of the files with the best chunks, the one that holds most lines of the text, at least half of them. */
export const locate = (project: Project, prefix: string, suffix: string): string | undefined => {
  const near = `${prefix.slice(-nearLength)}\n${suffix.slice(0, nearLength)}`
  const wanted = lineHashesOf(near)
  const { query } = surroundingsOf("", "", prefix, suffix)
  const request = { path: "", aliases: [] }
  const files = new Set(bestChunks(project, "", query, request, () => false).map(({ file }) => file))
  let best: { readonly path: string; readonly shared: number } | undefined
  for (const { facts, lines } of [...files].sort(byPathOrder)) {
    const known = new Set(lines)
    const shared = wanted.reduce((sum, line) => sum + (known.has(line) ? 1 : 0), 0)
    if (2 * shared >= wanted.length && shared > (best?.shared ?? 0)) best = { path: facts.path, shared }
  }
  return best?.path
}

/** UTF-16 units on each side that are compared with files. */
const nearLength = 2000

/** The most terms that a query has. */
const mostTerms = 40

/** Returns the terms that decide, by their weight here and by how much they tell chunks apart. */
const heaviest = (postings: Postings, query: ReadonlyMap<string, number>): ReadonlyMap<string, number> => {
  if (query.size <= mostTerms) return query
  const weighed = [...query].map(([term, weight]) => ({
    term,
    weight,
    worth: weight * postings.weightOf(term)
  }))
  weighed.sort((a, b) => b.worth - a.worth || (a.term < b.term ? -1 : 1))
  return new Map(weighed.slice(0, mostTerms).map(({ term, weight }) => [term, weight]))
}

/** How many chunks are looked at for snippets and names; copies among them are left out. */
const mostChunks = 48

/** Leaves out the target itself, under all its names, and its copies. */
const leavesOut = ({ aliases, path, prefix, suffix }: ContextRequest) => {
  const own = new Set([path, ...aliases])
  const decided = new Map<IndexedFile, boolean>()
  let target: Uint32Array | undefined
  return (file: IndexedFile): boolean => {
    const known = decided.get(file)
    if (known !== undefined) return known
    const isOut = own.has(file.facts.path) || isCopy(target ??= lineHashesOf(prefix, suffix), file.lines)
    decided.set(file, isOut)
    return isOut
  }
}

/** Returns the best chunks by BM25 for code in a language; equal scores are in the order of their places. */
const bestChunks = (
  project: Project,
  language: string,
  query: ReadonlyMap<string, number>,
  request: Pick<ContextRequest, "path" | "aliases">,
  isLeftOut: (file: IndexedFile) => boolean
): ReadonlyArray<FoundChunk> => {
  const targets = [request.path, ...request.aliases].flatMap((path) => project.fileAt(path) ?? [])
  const best: Array<FoundChunk> = []
  for (const lexicon of project.lexicons(language)) {
    const scores = lexicon.postings.score(heaviest(lexicon.postings, query))
    for (const own of targets) {
      if (own.lexicon === lexicon) { for (const chunk of own.chunks) scores[chunk] = 0 }
    }
    for (const chunk of highest(scores)) {
      const found = project.chunkAt(lexicon, chunk)
      if (found !== undefined && !isLeftOut(found.file)) {
        best.push({ file: found.file, place: found.place, score: scores[chunk] ?? 0 })
      }
    }
  }
  best.sort((a, b) => b.score - a.score || byPathOrder(a.file, b.file) || a.place - b.place)
  return best.slice(0, mostChunks)
}

/** Twice as many chunks are looked at as are wanted, so that enough are left without the copies. */
const heap = new Float64Array(2 * mostChunks)

/** Returns the chunks with the highest scores above 0, and all that equal the least of these, in one pass. */
const highest = (scores: Float32Array): ReadonlyArray<number> => {
  heap.fill(0)
  let least = Number.MIN_VALUE
  const seen: Array<number> = []
  const { length } = scores
  for (let chunk = 0; chunk < length; chunk++) {
    const score = scores[chunk] ?? 0
    if (score < least) continue
    seen.push(chunk)
    if (score > least) least = Math.max(replaceLeast(score), Number.MIN_VALUE)
  }
  return seen.filter((chunk) => (scores[chunk] ?? 0) >= least)
}

/** Replaces the least score in the heap, which is on top, by another; returns the new least. */
const replaceLeast = (score: number): number => {
  let at = 0
  for (let child = 1; child < heap.length; child = 2 * at + 1) {
    if (child + 1 < heap.length && (heap[child + 1] ?? 0) < (heap[child] ?? 0)) child++
    if ((heap[child] ?? 0) >= score) break
    heap[at] = heap[child] ?? 0
    at = child
  }
  heap[at] = score
  return heap[0] ?? 0
}
