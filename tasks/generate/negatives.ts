/** A negative for a cut: a wrong middle that differs in more than form, parses as well, and is not told by its length. */
import { drawIndex, type Random } from "../../services/text/random.ts"
import { isBlank } from "../../services/text/span.ts"
import { firstStartingAt } from "../../services/cuts/nodes-near.ts"
import { formOf } from "./form/form.ts"
import { lexemesOf, writingOf } from "./form/lexemes.ts"
import { type FileParser, judgeOf } from "./judge.ts"
import { mutations } from "./mutations.ts"
import type { Scene } from "./mutations/scene.ts"

export interface NegativeRequest {
  readonly scene: Scene
  /** Null where the language has no grammar. */
  readonly parser: FileParser | null
  /** What stood in the middle's place before the commit; null when it replaced nothing. */
  readonly oldMiddle: string | null
  /** Middles that are right in this place. */
  readonly positives: ReadonlyArray<string>
  readonly random: Random
}

export interface Negative {
  /** Name of the family, or "history". */
  readonly operator: string
  readonly middle: string
}

/** The share of cuts whose own old text is tried before any mutation. */
const historyShare = 1 / 3

/** Proposals drawn from one family before it is given up. */
const drawsPerFamily = 3

/** Families whose middles are shorter or longer by nature. */
const unevenFamilies = new Set(["early-stop", "run-on"])

/** Families that change what no form leaves out. */
const otherByNature = new Set(["identifier", "literal", "operator", "condition"])

/** Returns a negative and how many proposals were refused for each reason; undefined when no family had one. */
export const makeNegative = (
  request: NegativeRequest
): { readonly negative: Negative | undefined; readonly refused: Readonly<Record<string, number>> } => {
  const { oldMiddle, parser, random, scene } = request
  const refused: Record<string, number> = {}
  const known = new Set(request.positives.map(tokensOf))
  const place = { language: scene.language, isImported: isImported(scene) }
  let knownForms: ReadonlySet<string> | undefined
  const hasKnownForm = (middle: string): boolean => {
    knownForms ??= new Set(request.positives.map((positive) => formOf(positive, place)))
    return knownForms.has(formOf(middle, place))
  }
  const length = scene.middle.end - scene.middle.start
  /** Whether the form need not be asked: also where all that is more or less is a piece at the end that says something. */
  const isOtherByNature = (operator: string, middle: string): boolean => {
    if (otherByNature.has(operator)) return true
    if (!unevenFamilies.has(operator)) return false
    const [short, long] = [Math.min(length, middle.length), Math.max(length, middle.length)]
    const rest = (length === long ? scene.text.slice(scene.middle.start, scene.middle.end) : middle).slice(short)
    return lexemesOf(rest, writingOf(scene.language)).some(({ kind }) => kind !== "mark" && kind !== "end")
  }
  const parsesAsWell = parser === null ? undefined : judgeOf(scene, parser)
  const accepts = (operator: string, middle: string): boolean => {
    const reason = reasonAgainst(operator, middle)
    if (reason !== undefined) refused[reason] = (refused[reason] ?? 0) + 1
    return reason === undefined
  }
  const reasonAgainst = (operator: string, middle: string): string | undefined => {
    if (isBlank(middle)) return "blank"
    const ratio = middle.length / length
    if (!unevenFamilies.has(operator) && (ratio < 0.5 || ratio > 2)) return "length ratio"
    if (operator === "run-on" && ratio > 3) return "length ratio"
    if (known.has(tokensOf(middle))) return "same tokens"
    if (!isOtherByNature(operator, middle) && hasKnownForm(middle)) return "same but for its form"
    if (parsesAsWell?.(middle) === false) return "parses worse"
    return undefined
  }
  if (oldMiddle !== null && random.next() < historyShare && accepts("history", oldMiddle)) {
    return { negative: { operator: "history", middle: oldMiddle }, refused }
  }
  const left = new Map(mutations)
  while (left.size > 0) {
    const families = [...left]
    const drawn = families[drawIndex(random, families.map(([, family]) => family.share)) ?? 0]
    if (drawn === undefined) break
    const [operator, family] = drawn
    for (let draw = 0; draw < drawsPerFamily; draw++) {
      const middle = family.propose(scene, random)
      if (middle === undefined) continue
      if (accepts(operator, middle)) return { negative: { operator, middle }, refused }
    }
    left.delete(operator)
  }
  return { negative: undefined, refused }
}

/** Whether a middle lies in a list of imports. */
const isImported = ({ middle, nodes }: Scene): boolean => {
  // What holds the middle starts before it, or with it and ends behind it.
  let row = firstStartingAt(nodes, middle.start)
  while (row < nodes.count && nodes.start[row] === middle.start && (nodes.end[row] ?? 0) > middle.end) row++
  for (row--; row >= 0; row = nodes.parent[row] ?? -1) {
    if ((nodes.end[row] ?? 0) >= middle.end && importing.test(nodes.type[row] ?? "")) return true
  }
  return false
}

const importing = /import|use_declaration|use_list|namespace_use/

/** Whether two texts differ in white space only. Texts of very different weight are told apart without a look. */
export const haveEqualTokens = (a: string, b: string): boolean =>
  a === b || (isBlank(a) === isBlank(b) && tokensOf(a) === tokensOf(b))

/** Returns the text without the white space that separates no words: equal for texts with equal tokens. */
export const tokensOf = (text: string): string => {
  let tokens = ""
  let from = 0
  for (let at = 0; at < text.length; at++) {
    const kind = kinds[text.charCodeAt(at)]
    if (kind === undefined) return wideTokensOf(text)
    if (kind !== blank) continue
    const start = at
    while (at + 1 < text.length && kinds[text.charCodeAt(at + 1)] === blank) at++
    const isBetweenWords = kinds[text.charCodeAt(start - 1)] === word && kinds[text.charCodeAt(at + 1)] === word
    tokens += isBetweenWords ? `${text.slice(from, start)} ` : text.slice(from, start)
    from = at + 1
  }
  return from === 0 ? text : tokens + text.slice(from)
}

const mark = 0
const word = 1
const blank = 2

/** What each ASCII character is. */
const kinds: ReadonlyArray<number> = Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code)
  return /\s/.test(character) ? blank : /[A-Za-z0-9_$]/.test(character) ? word : mark
})

/** The same of texts that are not ASCII. */
const wideTokensOf = (text: string): string =>
  text.replace(/\s+/g, " ").replace(/ ?([^\p{L}\p{N}_$ ]) ?/gu, "$1").trim()
