/** Spellings of one language that a program would not tell apart, brought to one: words and marks that may as well be left out. */
import type { Lexeme } from "./lexemes.ts"

type Lexemes = ReadonlyArray<Lexeme>

/** Returns the lexemes with those spellings as one. Linear in their number. */
export const spelledAlike = (lexemes: Lexemes, language: string): Lexemes => {
  if (language === "java") return javaOf(lexemes)
  if (language === "go") return goOf(lexemes)
  if (language === "javascript") return withoutLeadingSigns(lexemes)
  return lexemes
}

const is = (lexeme: Lexeme | undefined, kind: Lexeme["kind"], text: string): boolean =>
  lexeme?.kind === kind && lexeme.text === text

const isMark = (lexeme: Lexeme | undefined, text: string): boolean => is(lexeme, "mark", text)
const isWord = (lexeme: Lexeme | undefined, text: string): boolean => is(lexeme, "word", text)

/** Annotations that speak to the compiler alone. */
const idleAnnotations = new Set(["SuppressWarnings", "Override", "SafeVarargs"])

/** Modifiers that a program does not show where it runs, and that interfaces imply. */
const idleModifiers = new Set(["final", "public"])

const javaOf = (lexemes: Lexemes): Lexemes => {
  const kept: Array<Lexeme> = []
  for (let at = 0; at < lexemes.length; at++) {
    const lexeme = lexemes[at]
    if (lexeme === undefined || (lexeme.kind === "word" && idleModifiers.has(lexeme.text))) continue
    if (isMark(lexeme, "@") && idleAnnotations.has(lexemes[at + 1]?.text ?? "")) {
      at = isMark(lexemes[at + 2], "(") ? closing(lexemes, at + 2, "(", ")") : at + 1
      continue
    }
    if (
      isWord(lexeme, "Boolean") && isMark(lexemes[at + 1], ".") && /^(?:TRUE|FALSE)$/.test(lexemes[at + 2]?.text ?? "")
    ) {
      kept.push({ kind: "word", text: (lexemes[at + 2]?.text ?? "").toLowerCase() })
      at += 2
      continue
    }
    kept.push(lexeme)
    // The types that a new object is made with, where Java knows them by itself.
    // The empty pair reads as one mark.
    if (isMark(lexemes[at + 1], "!=") && isMark(lexemes[at + 2], "(") && isNew(kept)) at++
    if (isMark(lexemes[at + 1], "<") && isNew(kept)) {
      const end = closing(lexemes, at + 1, "<", ">")
      if (isMark(lexemes[end + 1], "(")) at = end
    }
  }
  return kept
}

/** Whether the last lexemes are `new` and the name of a class. */
const isNew = (lexemes: Lexemes): boolean => {
  let at = lexemes.length - 1
  while (lexemes[at]?.kind === "word" && isMark(lexemes[at - 1], ".")) at -= 2
  return lexemes[at]?.kind === "word" && isWord(lexemes[at - 1], "new")
}

/** The place of the mark that closes the one at a place; the place itself where none does. */
const closing = (lexemes: Lexemes, from: number, open: string, close: string): number => {
  let depth = 0
  for (let at = from; at < lexemes.length; at++) {
    const { kind, text } = lexemes[at] ?? { kind: "end", text: "" }
    if (kind !== "mark") continue
    if (text === open) depth++
    // Two angle brackets that close read as a shift.
    else if (text === close) depth--
    else if (close === ">" && (text === ">>" || text === ">>>")) depth -= text.length
    else if (close === ">" && /^[;{}]$/.test(text)) return from
    if (depth <= 0) return at
  }
  return from
}

const goOf = (lexemes: Lexemes): Lexemes => {
  const kept: Array<Lexeme> = []
  for (let at = 0; at < lexemes.length; at++) {
    const lexeme = lexemes[at]
    if (lexeme === undefined) continue
    const [next, after] = [lexemes[at + 1], lexemes[at + 2]]
    if (isWord(lexeme, "var") && next?.kind === "word" && isMark(after, "=")) {
      kept.push(next, { kind: "mark", text: ":=" })
      at += 2
    } else if (isWord(lexeme, "http") && isMark(next, ".") && httpMethods.test(after?.text ?? "")) {
      // The names that the standard library gives to the words of the protocol.
      kept.push({ kind: "text", text: `:${(after?.text ?? "").slice("Method".length).toUpperCase()}` })
      at += 2
    } else kept.push(lexeme)
  }
  return kept
}

const httpMethods = /^Method(?:Get|Head|Post|Put|Patch|Delete|Connect|Options|Trace)$/

/** TypeScript lets a union and an intersection begin with their sign. */
const withoutLeadingSigns = (lexemes: Lexemes): Lexemes => {
  const kept: Array<Lexeme> = []
  let last: Lexeme | undefined
  for (const lexeme of lexemes) {
    const isSign = isMark(lexeme, "|") || isMark(lexeme, "&")
    const isFirst = last === undefined || (last.kind === "mark" && !/^[)\]}>]+$/.test(last.text)) ||
      isWord(last, "as") ||
      isWord(last, "extends")
    if (isSign && isFirst) {
      while (kept.at(-1)?.kind === "end") kept.pop()
      continue
    }
    kept.push(lexeme)
    if (lexeme.kind !== "end") last = lexeme
  }
  return kept
}
