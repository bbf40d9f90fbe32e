/**
 * Turns what was found into a text within the budget: whole snippets, file by file, the best ones nearest the cursor.
 */
import { renderHeader } from "../../services/formats/context-style.ts"
import type { ContextAnswer, ContextRequest, ContextSnippet } from "../../services/Index.ts"
import { countLines } from "../../services/text/span.ts"
import type { CandidateFile, Evidence, FoundChunk } from "./candidates.ts"
import { byPathOrder, type IndexedFile, type Project } from "./project.ts"
import type { Surroundings } from "./surroundings.ts"

/** The share of the budget that signatures get when both sources are asked for. */
const signatureShare = 0.7

/** Chunks are not put into less room than this. UTF-16 units. */
const leastChunk = 120

interface ContextSection {
  readonly file: IndexedFile
  readonly places: Set<number>
  readonly chunks: Array<FoundChunk>
  /** Score of the best thing in it. */
  best: number
}

export const assemble = (
  project: Project,
  request: ContextRequest,
  isLeftOut: (file: IndexedFile) => boolean,
  candidates: ReadonlyArray<CandidateFile>,
  chunks: ReadonlyArray<FoundChunk>,
  around: Surroundings
): ContextAnswer => {
  const sections = new Map<IndexedFile, ContextSection>()
  let left = request.budget
  const nameOf = (file: IndexedFile) =>
    request.style.names === "full" ? file.facts.path : project.shortName(file.facts.path)
  const headerOf = (file: IndexedFile) => renderHeader(request.style, nameOf(file))
  const isForbidden = (text: string) => request.style.forbidden.some((token) => text.includes(token))
  const sectionOf = (file: IndexedFile, score: number): ContextSection => {
    const known = sections.get(file)
    if (known !== undefined) {
      known.best = Math.max(known.best, score)
      return known
    }
    const section: ContextSection = { file, places: new Set(), chunks: [], best: score }
    sections.set(file, section)
    return section
  }

  const ranked = bestOf(candidates)
  const reasons = new Map<string, CandidateFile>()
  const takeSignatures = (limit: number) => {
    for (const candidate of ranked) {
      if (left < 20) break
      const { file, place, score } = candidate
      const section = sections.get(file)
      if (section?.places.has(place) === true || isLeftOut(file)) continue
      // A member is read below its type, so the types around it come along.
      const added = [...withContainers(file, place)].filter((one) => section?.places.has(one) !== true)
      if (added.some((one) => isForbidden(lineOf(file, one)))) continue
      const cost = added.reduce((sum, one) => sum + lineOf(file, one).length, 0) +
        (section === undefined ? headerOf(file).length : 0)
      if (cost > left - (request.budget - limit)) continue
      left -= cost
      const target = sectionOf(file, score)
      for (const one of added) target.places.add(one)
      reasons.set(`${file.number}:${place}`, candidate)
    }
  }
  const takeChunks = () => {
    const taken = new Set<string>()
    for (const chunk of chunks) {
      if (left < leastChunk) break
      const { file, score } = chunk
      const text = chunkText(chunk)
      if (text.length > left) continue
      if (text.length < 20 || taken.has(text) || isForbidden(text) || isPreamble(text)) continue
      const cost = text.length + (sections.has(file) ? 0 : headerOf(file).length)
      if (cost > left) continue
      left -= cost
      taken.add(text)
      // Chunks of the best score stand as near to the cursor as the best signatures.
      sectionOf(file, score / (chunks[0]?.score ?? 1)).chunks.push(chunk)
    }
  }
  takeSignatures(chunks.length === 0 ? request.budget : Math.floor(request.budget * signatureShare))
  takeChunks()
  // Signatures may still use what chunks left over.
  if (chunks.length > 0) takeSignatures(request.budget)

  const ordered = [...sections.values()].sort((a, b) => a.best - b.best || byPathOrder(b.file, a.file))
  let text = ""
  const snippets: Array<ContextSnippet> = []
  for (const { chunks: own, file, places } of ordered) {
    text += headerOf(file)
    for (const place of [...places].sort((a, b) => a - b)) {
      const line = lineOf(file, place)
      text += line
      const symbol = file.facts.symbols[place]
      const candidate = reasons.get(`${file.number}:${place}`)
      snippets.push({
        path: file.facts.path,
        source: "signatures",
        startLine: symbol?.line ?? 1,
        endLine: symbol?.line ?? 1,
        text: line,
        score: candidate?.score ?? 0,
        reason: candidate === undefined ? "holds a member that is shown" : explain(candidate.evidence, around)
      })
    }
    for (const chunk of own.sort((a, b) => a.place - b.place)) {
      const shown = chunkText(chunk)
      text += shown
      snippets.push({
        path: file.facts.path,
        source: "chunks",
        ...lineNumbersOf(chunk),
        text: shown,
        score: chunk.score,
        reason: "reads like the code at the cursor"
      })
    }
  }
  return { text, snippets }
}

/** A lower score would merely fill the room. */
const leastScore = 0.6

/** No budget holds more candidates than this; the best are found without sorting the rest. */
const mostRanked = 1000

const bestOf = (candidates: ReadonlyArray<CandidateFile>): ReadonlyArray<CandidateFile> => {
  const scores = Float64Array.from(candidates, ({ score }) => score).sort()
  const least = Math.max(scores[scores.length - mostRanked] ?? 0, leastScore)
  return candidates.filter(({ score }) => score >= least).sort((a, b) =>
    b.score - a.score || byPathOrder(a.file, b.file) || a.place - b.place
  )
}

/** Returns the places of the types and modules that hold a symbol, then its own. */
const withContainers = (file: IndexedFile, place: number): ReadonlyArray<number> => {
  const chain: Array<number> = []
  for (let at = place; at >= 0; at = file.facts.symbols[at]?.container ?? -1) chain.unshift(at)
  return chain
}

const lineOf = (file: IndexedFile, place: number): string => {
  const { symbols } = file.facts
  let indent = ""
  for (let at = symbols[place]?.container ?? -1; at >= 0; at = symbols[at]?.container ?? -1) indent += "  "
  return `${indent}${symbols[place]?.signature ?? ""}\n`
}

/** Returns a chunk without blank lines at its ends, and without the white space that all its lines start with. */
const chunkText = ({ file, place }: FoundChunk): string => {
  const { chunks, text } = file.facts
  const raw = text.slice(chunks[2 * place] ?? 0, chunks[2 * place + 1] ?? 0).replace(/\r\n?/g, "\n")
  const lines = raw.replace(/^(?:[^\S\n]*\n)+/, "").trimEnd().split("\n")
  let indent = Number.POSITIVE_INFINITY
  for (const line of lines) if (line.trim() !== "") indent = Math.min(indent, line.search(/\S/))
  return `${lines.map((line) => line.slice(Math.min(indent, line.length)).trimEnd()).join("\n")}\n`
}

/** Whether most lines import, name a namespace or comment: the head of a file is of no use at a cursor. */
const isPreamble = (text: string): boolean => {
  const lines = text.split("\n").filter((line) => line.trim() !== "")
  const heads = lines.filter((line) => preambleLine.test(line))
  return heads.length * 3 > lines.length * 2
}

const preambleLine =
  /^\s*(?:<\?php|use\s|using\s|import\b|from\s.+\simport\b|export\s.*\sfrom\b|(?:const|var|let)\s.*=\s*require\(|namespace\s|package\s|#\s*include|#!|require|\/\/|\/?\*|#|"[^"]+"$)/

const lineNumbersOf = ({ file, place }: FoundChunk): { readonly startLine: number; readonly endLine: number } => {
  const { chunks, text } = file.facts
  const start = chunks[2 * place] ?? 0
  const startLine = countLines(text.slice(0, start)) + (start === 0 ? 0 : 1)
  return { startLine, endLine: startLine + countLines(text.slice(start, chunks[2 * place + 1])) - 1 }
}

const explain = (evidence: Evidence, around: Surroundings): string => {
  const reasons: Array<string> = []
  if (evidence.received > 0) reasons.push(`belongs to the type of ${around.receiver?.name ?? "the receiver"}`)
  if (evidence.imported > 0) reasons.push(evidence.imported === 1 ? "imported" : "in an imported file")
  if (evidence.inherited > 0) reasons.push("inherited")
  if (evidence.member > 0) reasons.push("member of a type in use")
  if (evidence.near > 0) reasons.push("named near the cursor")
  if (evidence.mentioned > 0) reasons.push("named in code like this")
  if (evidence.neighbour > 0) reasons.push("close by")
  return reasons.join(", ")
}
