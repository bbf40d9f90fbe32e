/** What is worth training on: rules about whole texts and about single cuts. */
import type { Cut } from "../../services/cuts/cut.ts"
import type { SyntaxNodes } from "../../services/Parser.ts"
import { reasonAgainstSource } from "../../services/text/source-file.ts"
import { endOfLine, isBlank, lengthOf, type Span, startOfLine } from "../../services/text/span.ts"
import { isBoilerplate } from "./boilerplate.ts"
import { commentAround, holdsNoCode, isCommentOnly } from "./comments.ts"

/** Returns why a file is left out by its text, or undefined. */
export const reasonAgainstText = (text: string): string | undefined => {
  const machineMade = reasonAgainstSource(text)
  if (machineMade !== undefined) return machineMade
  if (text.length < 4 * leastContext && weightOf(text) < leastContext) return "too small"
  return undefined
}

/** What only licences say, wherever it stands. */
const licencePhrases = new RegExp(
  [
    "copyright (?:\\(c\\)|©|&copy;|\\d{4})|©\\s*\\d{4}|all rights reserved|spdx-license-identifier",
    "licensed under the|permission is hereby granted|redistribution and use in source",
    "without (?:any )?warrant|express or implied|gnu (?:lesser |affero |library )?general public licen[sc]e",
    "use of this source code is governed|unless required by applicable law|you may not use this file except",
    "obtain a copy of the licen[sc]e|specific language governing|under the licen[sc]e is distributed|limitations under the licen[sc]e",
    "above copyright notice|this (?:program|library|file) is free software"
  ].join("|"),
  "i"
)
/** What licences say, and comments on other things do too. */
const licenceWords = /\b(?:copyright|licen[sc]e|warranty)\b/i

/** A line that says which version of a project this is: nobody can tell it from the rest of the file. */
const versionLine =
  /^(?:(?:(?:export|public|protected|private|static|final|const|let|var|pub|String|string|&str)\s+)*|["'$@])_{0,2}version_{0,2}["']?\s*(?::\s*(?:&(?:'static )?str|string|String)\s*)?(?::=|[:=])\s*["']v?\d+(?:\.\w+)+[-+.\w]*["'][,;)]*$/i

const saysVersion = (text: string, span: Span): boolean => {
  const end = endOfLine(text, span.start)
  const line = text.slice(startOfLine(text, span.start), end).trim()
  return span.end <= end + 1 && line.length <= 120 && versionLine.test(line)
}

/** The smallest surroundings that tell one file from another, in units that are not blank. */
const leastContext = 160

/** Where a cut lies. */
export interface CutScene {
  readonly text: string
  readonly language: string
  /** Nodes of the cut and of its surroundings; null where the language has no grammar. */
  readonly nodes: SyntaxNodes | null
}

/** Returns why a cut is left out as poor teaching, or undefined. */
export const reasonAgainstCut = ({ language, nodes, text }: CutScene, cut: Cut): string | undefined => {
  const middle = text.slice(cut.span.start, cut.span.end)
  if (licencePhrases.test(middle)) return "licence header"
  if (
    cut.isComment || (nodes === null ? isCommentOnly(middle, language) : holdsNoCode(text, nodes, cut.span))
  ) {
    const comment = commentAround(text, cut.span, language)
    return licencePhrases.test(comment) || licenceWords.test(middle) ? "licence header" : "comment only"
  }
  if (isBoilerplate(text, cut.span, language)) return "boilerplate"
  if (saysVersion(text, cut.span)) return "version number"
  if (isRepetitive(middle)) return "repetitive"
  const entropy = entropyOf(middle)
  if (middle.length >= 16 && entropy < 2) return "low entropy"
  if (middle.length >= 64 && (entropy > 5.6 || longestWord(middle) > 60)) return "data"
  if (middle.length >= 64 && digitShare(middle) > 0.5) return "data"
  if (text.length - lengthOf(cut.span) < 4 * leastContext && weightAround(text, cut) < leastContext) {
    return "too little context"
  }
  if (isBlank(text.slice(0, cut.span.start)) && isBlank(text.slice(cut.span.end))) return "too little context"
  return undefined
}

/** Units around the middle that are not blank. */
const weightAround = (text: string, { span }: Cut): number =>
  weightOf(text.slice(0, span.start)) + weightOf(text.slice(span.end))

const weightOf = (text: string): number => text.replace(/\s+/g, "").length

const isRepetitive = (middle: string): boolean => {
  const lines = middle.split("\n").map((line) => line.trim()).filter((line) => line.length > 1)
  if (lines.length >= 4 && new Set(lines).size <= lines.length / 2) return true
  const words = middle.match(/[\p{L}\p{N}_]+/gu) ?? []
  return words.length >= 12 && new Set(words).size <= words.length / 5
}

/** Shannon entropy of the UTF-16 units, in bits. */
export const entropyOf = (text: string): number => {
  const counts = new Map<number, number>()
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    counts.set(unit, (counts.get(unit) ?? 0) + 1)
  }
  let bits = 0
  for (const count of counts.values()) bits -= count / text.length * Math.log2(count / text.length)
  return bits
}

const longestWord = (text: string): number =>
  (text.match(/[A-Za-z0-9+/=_]{40,}/g) ?? []).reduce((longest, word) => Math.max(longest, word.length), 0)

const digitShare = (text: string): number => (text.match(/\d/g)?.length ?? 0) / text.length
