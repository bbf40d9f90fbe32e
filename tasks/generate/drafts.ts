/** Cuts of one file become drafts of rows: judged, rendered, given a negative. Plain and synchronous. */
import type { Cut, CutLimits } from "../../services/cuts/cut.ts"
import { dateOfCommit } from "../../services/history/commit-date.ts"
import type { Candidates } from "../../services/cuts/candidates.ts"
import { nodesNear } from "../../services/cuts/nodes-near.ts"
import { styleOf } from "../../services/formats/context-style.ts"
import type { Preset } from "../../services/formats/presets.ts"
import type { ContextAnswer, ContextRequest } from "../../services/Index.ts"
import { languageNamed } from "../../services/text/language.ts"
import { keep, leaveOut, type Ledger } from "../../services/rows/ledger.ts"
import type { SyntaxNodes } from "../../services/Parser.ts"
import { randomOf, unitInterval } from "../../services/text/random.ts"
import { tokensAround } from "../../services/formats/trainers.ts"
import { datasetShapes } from "../../services/rows/shapes.ts"
import { countLines, isOverlapping, isWithin, type Span, utf8Length } from "../../services/text/span.ts"
import type { Draft, Drafts, Refusal, Rejection } from "./draft.ts"
import { type FileEdit, oldMiddleOf } from "./edit.ts"
import { type Example, type Made, makeExample } from "./example.ts"
import type { FileParser } from "./judge.ts"
import { lexicalNodes } from "./lexical-nodes.ts"
import { makeNegative, type Negative } from "./negatives.ts"
import type { RowScreen } from "./hygiene/screen.ts"
import { reasonAgainstCut } from "./quality.ts"
import type { Side } from "../../services/history/split.ts"
import type { GenerateSettings } from "./settings.ts"

/** One version of one file, ready to be cut. */
export interface Subject {
  readonly settings: GenerateSettings
  readonly preset: Preset
  readonly limits: CutLimits
  readonly repository: string
  readonly path: string
  readonly language: string
  readonly commit: string | null
  readonly parent: string | null
  readonly message: string | null
  /** Committer date, seconds since 1970; null for a tree. */
  readonly seconds: number | null
  readonly group: string
  readonly side: Side
  readonly text: string
  /** Whether the text has a byte for every UTF-16 unit. */
  readonly isAscii: boolean
  /** Null where the language has no grammar. */
  readonly parser: FileParser | null
  /** What the commit did, and the path before it; null for a tree. */
  readonly edit: (FileEdit & { readonly oldPath: string }) | null
  /** Whether the commit adds the file. */
  readonly isAdded: boolean
  /** Prompts of the job so far: none is asked twice, whatever the answer. */
  readonly asked: Set<string>
  /** Tokens of a text, where the user set a limit to them. */
  readonly countTokens: ((text: string) => number) | null
  /** Name of the licence of the text; "" for an unknown one. */
  readonly licence: string
  /** The last look at a row before it is one. */
  readonly screen: RowScreen
  /** What the rest of the project answers; null where rows see none of it. */
  readonly askContext: ((request: ContextRequest) => ContextAnswer) | null
}

/**
 * Makes up to `count` drafts from `cuts`, in their order; cuts past the last one needed are not looked at.
 * Each cut that is looked at is counted in the ledger's "cuts", each negative asked for in "negatives".
 */
export const draftCuts = (
  subject: Subject,
  cuts: ReadonlyArray<Cut>,
  count: number,
  nodes: SyntaxNodes | null,
  candidates: Candidates,
  ledger: Ledger
): Drafts => {
  const drafts: Array<Draft> = []
  const rejections: Array<Rejection> = []
  for (const cut of cuts) {
    if (drafts.length >= count) break
    const made = draftCut(subject, cut, nodes, candidates, ledger)
    if (typeof made === "string" || "reason" in made) {
      const refusal = typeof made === "string" ? { reason: made } : made
      leaveOut(ledger, "cuts", refusal.reason)
      rejections.push(rejectionOf(subject, cut, refusal))
    } else {
      keep(ledger, "cuts")
      drafts.push(made)
    }
  }
  return { drafts, rejections }
}

const rejectionOf = (subject: Subject, cut: Cut, refusal: Refusal): Rejection => ({
  ...refusal,
  metadata: {
    repo: subject.repository,
    filepath: subject.path,
    language: subject.language,
    commit: subject.commit ?? "",
    kind: cut.kind,
    span: byteSpan(subject, cut.span)
  },
  middle: subject.text.slice(cut.span.start, cut.span.end)
})

const draftCut = (
  subject: Subject,
  cut: Cut,
  nodes: SyntaxNodes | null,
  candidates: Candidates,
  ledger: Ledger
): Draft | Refusal | string => {
  const { settings, text } = subject
  const sceneNodes = nodesAround(subject, cut, nodes)
  if (settings.qualityFilter) {
    const scene = { text, language: subject.language, nodes: nodes === null ? null : sceneNodes }
    const reason = reasonAgainstCut(scene, cut)
    if (reason !== undefined) return reason
  }
  if (touchesBroken(sceneNodes, cut.span)) return "parse error"
  const identity = [settings.seed, subject.repository, subject.commit ?? "", subject.path, cut.span.start, cut.span.end]
  const contextOf = contextFor(subject, identity)
  const make = (maxTotalChars: number) =>
    makeExample({
      text,
      path: subject.path,
      language: subject.language,
      cut,
      limits: subject.limits,
      preset: subject.preset,
      formats: settings.formats,
      maxTotalChars,
      random: randomOf("format", ...identity),
      asked: subject.asked,
      repository: subject.repository,
      contextOf,
      edit: subject.edit
    })
  const first = make(settings.maxTotalChars - tokensAround(settings.trainer, subject.preset))
  if (first._tag === "refused") return first.reason
  const isPaired = settings.datasetTypes.some((type) => datasetShapes[type].contrast !== "none")
  const found = isPaired ? negativeOf(subject, cut, first.example, sceneNodes, candidates, identity) : null
  const negative = found?.negative ?? null
  const made = fitToSize(subject, first.example, negative, make)
  if (made._tag === "refused") return made.reason
  const { example } = made
  const draft: Draft = {
    side: subject.side,
    example,
    negative: negative === null ? null : { ...negative, completion: example.completionWith(negative.middle) },
    metadata: {
      repo: subject.repository,
      filepath: subject.path,
      language: subject.language,
      commit: subject.commit ?? "",
      parent: subject.parent ?? "",
      parent_filepath: subject.edit === null || subject.isAdded ? "" : subject.edit.oldPath,
      commit_message: subject.message ?? "",
      date: subject.seconds === null ? "" : dateOfCommit(subject.seconds),
      kind: cut.kind,
      span: byteSpan(subject, example.span),
      group: subject.group,
      negative: "",
      license: subject.licence,
      redacted: false,
      format: example.format,
      context_chars: example.context.length,
      prefix_cut: example.prefixCut,
      suffix_cut: example.suffixCut,
      answer_in_prompt: isAnswered(example),
      answer_in_context: holdsAnswer(example, example.context),
      complexity: complexityOf(sceneNodes, example.span, example.middle)
    }
  }
  const screened = subject.screen(draft, (prompt, completions) => reasonAgainstLength(subject, prompt, completions))
  if ("reason" in screened) return screened
  subject.asked.add(example.prompt)
  if (found !== null) countNegative(found, ledger)
  return screened
}

type NegativeFound = ReturnType<typeof makeNegative>

/** Looks for a wrong answer. */
const negativeOf = (
  subject: Subject,
  cut: Cut,
  example: Example,
  nodes: SyntaxNodes,
  candidates: Candidates,
  identity: ReadonlyArray<string | number>
): NegativeFound =>
  makeNegative({
    scene: {
      text: subject.text,
      language: subject.language,
      middle: example.span,
      nodes,
      hasGrammar: subject.parser !== null,
      others: (candidates.get(cut.kind) ?? []).map((other) => other.span)
        .filter((other) => !isOverlapping(other, example.span))
    },
    parser: subject.parser,
    oldMiddle: subject.edit === null ? null : oldMiddleOf(subject.edit, example.span),
    positives: [example.middle],
    random: randomOf("negative", ...identity)
  })

const countNegative = ({ negative, refused }: NegativeFound, ledger: Ledger): void => {
  for (const [reason, times] of Object.entries(refused)) leaveOut(ledger, "proposals", reason, times)
  if (negative === undefined) return leaveOut(ledger, "negatives", "none found")
  keep(ledger, "proposals")
  keep(ledger, "negatives")
}

/** A context takes at most this part of what the middle leaves. */
const largestContextShare = 0.6

/** What other files tell at a place; some cuts, drawn by the seed, get nothing. The same place is asked once. */
const contextFor = (subject: Subject, identity: ReadonlyArray<string | number>) => {
  const { askContext, edit, language, path, preset, settings } = subject
  const { context } = settings
  if (context === null || askContext === null) return null
  if (unitInterval("context", ...identity) < context.noContextShare) return null
  const style = styleOf(preset, languageNamed(language)?.lineComment ?? null)
  let last:
    | { readonly prefix: string; readonly suffix: string; readonly budget: number; readonly text: string }
    | undefined
  return (prefix: string, suffix: string, room: number): string => {
    const budget = Math.max(0, Math.min(context.budget, Math.floor(room * largestContextShare)))
    if (last?.prefix === prefix && last.suffix === suffix && last.budget === budget) return last.text
    const aliases = edit === null || edit.oldPath === path ? [] : [edit.oldPath]
    // The length of the answer is not told: what is served knows none.
    const holds = Math.max(0, settings.maxTotalChars - budget)
    const { text } = askContext({ path, aliases, prefix, suffix, budget, holds, sources: context.sources, style })
    last = { prefix, suffix, budget, text }
    return text
  }
}

/** More nodes than this are not gone through for every cut; UTF-16 units of text that are read around it instead. */
const manyNodes = 1500
const above = 800
const below = 500

/** The nodes of a cut's surroundings, lexemes where the language has no grammar. */
const nodesAround = ({ text }: Subject, { span }: Cut, nodes: SyntaxNodes | null): SyntaxNodes => {
  const window = { start: Math.max(0, span.start - above), end: Math.min(text.length, span.end + below) }
  if (nodes === null) return lexicalNodes(text, window)
  return nodes.count <= manyNodes ? nodes : nodesNear(nodes, window)
}

/** How often the size is lowered before a cut is given up as too long in tokens. */
const tokenTries = 6

/** Makes an example again, with less around its middle, until its row fits with the longer of its answers. */
const fitToSize = (
  subject: Subject,
  first: Example,
  negative: Negative | null,
  make: (total: number) => Made
): Made => {
  const { countTokens, preset, settings } = subject
  const longestOf = ({ completion, completionWith }: Example): string => {
    const other = negative === null ? "" : completionWith(negative.middle)
    return other.length > completion.length ? other : completion
  }
  let total = settings.maxTotalChars - tokensAround(settings.trainer, preset)
  const excess = longestOf(first).length - first.completion.length
  const fits = first.prompt.length + first.completion.length + excess <= total
  total -= excess
  let made: Made = fits ? { _tag: "made", example: first } : make(total)
  const { maxTokens } = settings
  if (countTokens === null || maxTokens === null) return made
  for (let tries = 0; made._tag === "made"; tries++) {
    const { example } = made
    const tokens = countTokens(example.prompt + longestOf(example) + preset.end)
    if (tokens <= maxTokens) return made
    if (tries === tokenTries) return { _tag: "refused", reason: "over the token limit" }
    const used = example.prompt.length + example.completion.length
    total = Math.floor(Math.min(total, used) * maxTokens / tokens * 0.97)
    made = make(total)
  }
  return made
}

/** Whether a row that is made is too long. */
const reasonAgainstLength = (
  { countTokens, preset, settings }: Subject,
  prompt: string,
  completions: ReadonlyArray<string>
): string | undefined => {
  const longest = completions.reduce((most, one) => (one.length > most.length ? one : most), "")
  const total = prompt.length + longest.length + tokensAround(settings.trainer, preset)
  if (total > settings.maxTotalChars) return "over the size limit"
  if (countTokens === null || settings.maxTokens === null) return undefined
  return countTokens(prompt + longest + preset.end) > settings.maxTokens ? "over the token limit" : undefined
}

const touchesBroken = (nodes: SyntaxNodes, span: Span): boolean => {
  for (let row = 0; row < nodes.count; row++) {
    if (nodes.isBroken[row] === 0) continue
    const start = nodes.start[row] ?? 0
    const end = nodes.end[row] ?? 0
    if (start <= span.end && end >= span.start) return true
  }
  return false
}

const byteSpan = ({ isAscii, text }: Subject, span: Span): readonly [number, number] => {
  if (isAscii) return [span.start, span.end]
  const start = utf8Length(text, 0, span.start)
  return [start, start + utf8Length(text, span.start, span.end)]
}

/** The shortest middle whose repetition in the prompt gives it away; shorter ones recur by nature. */
const tellingLength = 20

const holdsAnswer = (example: Example, text: string): boolean => {
  const middle = example.middle.trim()
  return middle.length >= tellingLength && text.includes(middle)
}

const isAnswered = (example: Example): boolean =>
  holdsAnswer(example, example.prefix) || holdsAnswer(example, example.suffix)

/** Nodes inside the middle, twice its depth below them, and its lines. */
const complexityOf = (nodes: SyntaxNodes, span: Span, middle: string): number => {
  let inside = 0
  let deepest = 0
  const depth = new Map<number, number>()
  for (let row = 0; row < nodes.count; row++) {
    if (!isWithin({ start: nodes.start[row] ?? 0, end: nodes.end[row] ?? 0 }, span)) continue
    inside++
    const level = (depth.get(nodes.parent[row] ?? -1) ?? 0) + 1
    depth.set(row, level)
    deepest = Math.max(deepest, level)
  }
  return inside + 2 * deepest + countLines(middle)
}
