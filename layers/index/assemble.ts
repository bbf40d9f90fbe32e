/**
 * Turns what was found into a text within the budget: whole snippets, file by file, the best ones nearest the cursor, and
 * behind them the outline of the file itself.
 */
import { renderHeader } from "../../services/formats/context-style.ts"
import type { ContextAnswer, ContextRequest, ContextSnippet } from "../../services/Index.ts"
import { countLines } from "../../services/text/span.ts"
import type { CandidateFile, FoundCandidates, FoundChunk } from "./candidates.ts"
import { type Evidence, isReceived, leastScore } from "./evidence.ts"
import type { Outline, OutlineLine } from "./outline.ts"
import { byPathOrder, type IndexedFile } from "./indexed-file.ts"
import { isTestPath, isTestPlace } from "./test-path.ts"

/** The share of the budget that signatures get when both sources are asked for. */
const signatureShare = 0.8

/** A signature of a lower score is not worth a header of its own while others fit below headers that are there. */
const worthHeader = 1.6

/** Added to the scores of what the cursor asks for; no other score comes near it. */
const aboveAll = 100

/** Chunks are not put into less room than this. UTF-16 units. */
const leastChunk = 120

interface ContextSection {
  readonly file: IndexedFile
  readonly places: Set<number>
  readonly chunks: Array<FoundChunk & { readonly shown: string }>
  /** Score of the best thing in it. */
  best: number
}

/** What was found for a question. */
export interface ContextParts {
  readonly candidates: FoundCandidates
  readonly chunks: ReadonlyArray<FoundChunk>
  readonly outline: Outline
  readonly isLeftOut: (file: IndexedFile) => boolean
}

export const assemble = (request: ContextRequest, found: ContextParts): ContextAnswer => {
  const { candidates, chunks, isLeftOut, outline } = found
  const sections = new Map<IndexedFile, ContextSection>()
  const headers = new Map<string, string>()
  const headerOf = (path: string): string => {
    const known = headers.get(path) ?? renderHeader(request.style, path)
    headers.set(path, known)
    return known
  }
  const isForbidden = (text: string) => request.style.forbidden.some((token) => text.includes(token))
  const outlined = (window: number): ReadonlyArray<OutlineLine> =>
    outline.within(
      window,
      Math.floor(request.budget * (outline.isReceived ? receivedShare : outlineShare)) - headerOf(request.path).length
    )
      .filter(({ text }) => !isForbidden(text))
  const costOf = (lines: ReadonlyArray<OutlineLine>): number =>
    lines.length === 0 ? 0 : lines.reduce((sum, { text }) => sum + text.length, headerOf(request.path).length)
  const first = outlined(request.holds)
  let left = request.budget - costOf(first)

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
  const isShown = (file: IndexedFile, place: number): boolean => {
    const section = sections.get(file)
    return section !== undefined && (section.places.has(place) || section.chunks.some((chunk) => holds(chunk, place)))
  }

  const reasons = new Map<string, CandidateFile>()
  const takeSignatures = (ranked: ReadonlyArray<CandidateFile>, share: number, leastAlone = 0) => {
    const kept = Math.floor(request.budget * (1 - share))
    for (const candidate of ranked) {
      if (left - kept < 20) break
      const { file, place, score } = candidate
      if (score < leastAlone && !sections.has(file)) continue
      if (isShown(file, place) || isLeftOut(file)) continue
      // A member is read below its type, so the types around it come along.
      const added = withContainers(file, place).filter((one) => !isShown(file, one))
      const cost = added.reduce((sum, one) => sum + lengthOfLine(file, one), 0) +
        (sections.has(file) ? 0 : headerOf(file.facts.path).length)
      if (cost > left - kept || added.some((one) => isForbidden(lineOf(file, one)))) continue
      left -= cost
      const target = sectionOf(file, isReceived(candidate.evidence) ? score + aboveAll : score)
      for (const one of added) target.places.add(one)
      reasons.set(`${file.number}:${place}`, candidate)
    }
  }
  const isListed = (file: IndexedFile, place: number): boolean => {
    const candidate = reasons.get(`${file.number}:${place}`)
    return candidate !== undefined && isReceived(candidate.evidence)
  }
  const taken = new Set<string>()
  const takeChunks = (ranked: ReadonlyArray<FoundChunk>) => {
    for (const chunk of ranked) {
      if (left < leastChunk) break
      const { file, score } = chunk
      if (sections.get(file)?.chunks.some(({ place }) => place === chunk.place) === true) continue
      const shown = file.lexicon.notesOf(file, chunk.place).shown()
      if (shown === "" || taken.has(shown) || isForbidden(shown)) continue
      // A signature goes where its body is shown.
      const section = sections.get(file)
      const doubled = [...section?.places ?? []].filter((place) => holds(chunk, place))
      // What the cursor asks for is listed; the body of one of its members says less than that.
      if (doubled.some((place) => isListed(file, place))) continue
      const cost = shown.length - doubled.reduce((sum, place) => sum + lineOf(file, place).length, 0) +
        (section === undefined ? headerOf(file.facts.path).length : 0)
      if (cost > left) continue
      left -= cost
      taken.add(shown)
      // Chunks of the best score stand as near to the cursor as the best signatures.
      const target = sectionOf(file, score / (chunks[0]?.score ?? 1))
      for (const place of doubled) target.places.delete(place)
      target.chunks.push({ ...chunk, shown })
    }
  }
  const isTest = ({ file, place }: { readonly file: IndexedFile; readonly place: number }) => isTestPlace(file, place)
  const isInTest = isTestPath(request.path)
  const ranked = bestOf(candidates.all)
  const received = ranked.filter(({ evidence }) => isReceived(evidence))
  const others = ranked.filter((one) => isInTest || !isTest(one))
  const code = isInTest ? chunks : chunks.filter((chunk) => !isTestPlace(chunk.file))
  takeSignatures(received, 1)
  const forSignatures = chunks.length === 0 ? 1 : signatureShare
  takeSignatures(others, forSignatures, worthHeader)
  takeSignatures(others, forSignatures)
  takeChunks(code)
  // Signatures may still use what chunks left over.
  takeSignatures(others, 1)
  if (sections.size === 0) {
    takeSignatures(ranked, forSignatures)
    takeChunks(chunks)
  }

  const ordered = [...sections.values()].sort((a, b) => a.best - b.best || byPathOrder(b.file, a.file))
  let text = ""
  const snippets: Array<ContextSnippet> = []
  // The room that nothing was found for is the prompt's own.
  const lines = left === 0 ? first : outlined(request.holds + left)
  const addOutline = () => {
    if (lines.length > 0) text += headerOf(request.path)
    for (const { line, text: shown } of lines) {
      text += shown
      snippets.push({
        path: request.path,
        source: "signatures",
        startLine: line,
        endLine: line,
        text: shown,
        score: 0,
        reason: "in the part of this file that the prompt does not hold"
      })
    }
  }
  if (!outline.isReceived) addOutline()
  for (const section of ordered) {
    text += headerOf(section.file.facts.path)
    for (const snippet of snippetsOf(section, reasons, candidates)) {
      text += snippet.text
      snippets.push(snippet)
    }
  }
  if (outline.isReceived) addOutline()
  return { text, snippets }
}

/** The most of the budget that the outline of the file itself takes; more where it holds what the cursor asks for. */
const outlineShare = 0.12
const receivedShare = 0.6

/** No budget holds more candidates than this; the best are found without sorting the rest. */
const mostRanked = 1000

const bestOf = (candidates: ReadonlyArray<CandidateFile>): ReadonlyArray<CandidateFile> => {
  const scores = Float64Array.from(candidates, ({ score }) => score).sort()
  const least = Math.max(scores[scores.length - mostRanked] ?? 0, leastScore)
  return candidates.filter(({ score }) => score >= least).sort((a, b) =>
    b.score - a.score || byPathOrder(a.file, b.file) || a.place - b.place
  )
}

/** Of the types and modules that hold a symbol, no more are shown than these, the nearest. */
const deepest = 16

/** Returns the places of the types and modules that hold a symbol, then its own. */
const withContainers = (file: IndexedFile, place: number): ReadonlyArray<number> => {
  const chain: Array<number> = []
  for (let at = place; at >= 0 && chain.length < deepest; at = file.symbols[at]?.container ?? -1) chain.unshift(at)
  return chain
}

const lineOf = (file: IndexedFile, place: number): string => {
  const indent = "  ".repeat(withContainers(file, place).length - 1)
  return `${indent}${file.symbols[place]?.signature ?? ""}\n`
}

const lengthOfLine = (file: IndexedFile, place: number): number => {
  let depth = 0
  for (let at = file.symbols[place]?.container ?? -1; at >= 0 && depth < deepest - 1; depth++) {
    at = file.symbols[at]?.container ?? -1
  }
  return (file.symbols[place]?.signature.length ?? 0) + 2 * depth + 1
}

/** Whether a symbol starts in a chunk. */
const holds = ({ file, place }: FoundChunk, symbol: number): boolean => {
  const start = file.symbols[symbol]?.start ?? -1
  const { chunks } = file.facts
  return start >= (chunks[2 * place] ?? 0) && start < (chunks[2 * place + 1] ?? 0)
}

/**
 * Returns the parts of a file in the order of their places; what the cursor asks for comes last, below the types that
 * hold it.
 */
const snippetsOf = (
  { chunks, file, places }: ContextSection,
  reasons: ReadonlyMap<string, CandidateFile>,
  { receiver }: FoundCandidates
): ReadonlyArray<ContextSnippet> => {
  const { path } = file.facts
  const parts: Array<{ readonly isLast: boolean; readonly at: number; readonly snippet: ContextSnippet }> = []
  const last = new Set<number>()
  for (const place of places) {
    const candidate = reasons.get(`${file.number}:${place}`)
    if (candidate === undefined || !isReceived(candidate.evidence)) continue
    for (const one of withContainers(file, place)) last.add(one)
  }
  const isLast = (place: number) => withContainers(file, place).some((one) => last.has(one))
  for (const place of places) {
    const symbol = file.symbols[place]
    const candidate = reasons.get(`${file.number}:${place}`)
    parts.push({
      isLast: isLast(place),
      at: symbol?.start ?? 0,
      snippet: {
        path,
        source: "signatures",
        startLine: symbol?.line ?? 1,
        endLine: symbol?.line ?? 1,
        text: lineOf(file, place),
        score: candidate?.score ?? 0,
        reason: candidate === undefined ? "holds a member that is shown" : explain(candidate.evidence, receiver?.text)
      }
    })
  }
  for (const chunk of chunks) {
    parts.push({
      isLast: false,
      at: file.facts.chunks[2 * chunk.place] ?? 0,
      snippet: {
        path,
        source: "chunks",
        ...lineNumbersOf(chunk),
        text: chunk.shown,
        score: chunk.score,
        reason: "reads like the code at the cursor"
      }
    })
  }
  return parts.sort((a, b) => Number(a.isLast) - Number(b.isLast) || a.at - b.at).map(({ snippet }) => snippet)
}

const lineNumbersOf = ({ file, place }: FoundChunk): { readonly startLine: number; readonly endLine: number } => {
  const { chunks, text } = file.facts
  const start = chunks[2 * place] ?? 0
  const startLine = countLines(text.slice(0, start)) + (start === 0 ? 0 : 1)
  return { startLine, endLine: startLine + countLines(text.slice(start, chunks[2 * place + 1])) - 1 }
}

const explain = (evidence: Evidence, receiver: string | undefined): string => {
  const reasons: Array<string> = []
  if (isReceived(evidence)) reasons.push(`belongs to the type of ${receiver ?? "the receiver"}`)
  else if (evidence.received > 0) reasons.push(`belongs to a type named like ${receiver ?? "the receiver"}`)
  if (evidence.imported > 0) reasons.push(evidence.imported === 1 ? "imported" : "in an imported file")
  if (evidence.inherited > 0) reasons.push("inherited")
  if (evidence.member > 0) reasons.push("member of a type in use")
  if (evidence.near > 0) reasons.push("named near the cursor")
  if (evidence.mentioned > 0) reasons.push("named in code like this")
  if (evidence.neighbour > 0) reasons.push("close by")
  return reasons.join(", ")
}
