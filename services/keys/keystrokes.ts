/**
 * Vim keystrokes as text, in the notation of VimGolf: a key that types a character is that character, any other is a
 * name between angle brackets, and "<" is "<lt>". Each keystroke has one spelling, so equal keys are equal texts, and
 * their number is the score of VimGolf (https://www.vimgolf.com).
 */
import * as Either from "effect/Either"

/** One keystroke in its only spelling: a character, or a name such as "<Esc>". */
export type Key = string

/** Keys in the order they are typed. */
export type Keystrokes = ReadonlyArray<Key>

/** Why a text cannot be read as keystrokes, and where. */
export interface NotKeys {
  /** UTF-16 offset of what cannot be read. */
  readonly offset: number
  readonly detail: string
}

/** Control characters that have a name of their own. */
const namedControls: Readonly<Record<string, string>> = { "\u001b": "<Esc>", "\r": "<CR>", "\t": "<Tab>" }

/** The character that each control key types. "<C-h>" and "<C-j>" are among them; they are not "<BS>" and "<CR>". */
const controls: ReadonlyMap<Key, string> = new Map([
  ["<lt>", "<"],
  ...Array.from({ length: 31 }, (_, index): readonly [Key, string] => {
    const character = String.fromCharCode(index + 1)
    const name = namedControls[character] ?? `<C-${String.fromCharCode(index + 65).toLowerCase()}>`
    return [name, character]
  })
])

const keyOfControl: ReadonlyMap<string, Key> = new Map([...controls].map(([key, character]) => [character, key]))

const plainSpecials = [
  "BS",
  "Del",
  "Up",
  "Down",
  "Left",
  "Right",
  "Home",
  "End",
  "PageUp",
  "PageDown",
  "Insert",
  ...Array.from({ length: 12 }, (_, index) => `F${index + 1}`)
]
const shiftable = ["Up", "Down", "Left", "Right", "Home", "End"]

/** Keys that type no character: what a keyboard sends for them depends on the terminal. */
const specials: ReadonlySet<Key> = new Set([
  "<Nul>",
  "<S-Tab>",
  ...plainSpecials.map((name) => `<${name}>`),
  ...shiftable.flatMap((name) => [`<S-${name}>`, `<C-${name}>`])
])

const isName = (text: string): boolean => controls.has(text) || specials.has(text)

/** Other spellings, in lower case, that models and manuals use. */
const aliases: ReadonlyMap<string, Key> = new Map([
  ...[...controls.keys(), ...specials].map((key): readonly [string, Key] => [key.toLowerCase(), key]),
  ["<c-[>", "<Esc>"],
  ["<escape>", "<Esc>"],
  ["<c-m>", "<CR>"],
  ["<enter>", "<CR>"],
  ["<return>", "<CR>"],
  ["<c-i>", "<Tab>"],
  ["<nl>", "<C-j>"],
  ["<c-@>", "<Nul>"],
  ["<c-space>", "<Nul>"],
  ["<space>", " "],
  ["<bar>", "|"],
  ["<bslash>", "\\"],
  ["<gt>", ">"],
  ["<backspace>", "<BS>"],
  ["<delete>", "<Del>"],
  ["{esc}", "<Esc>"],
  ["{escape}", "<Esc>"],
  ["{enter}", "<CR>"],
  ["{cr}", "<CR>"]
])

/** Escape sequences of programming languages, the longest first. */
const escapes: ReadonlyArray<readonly [string, Key]> = [
  ["\\u001b", "<Esc>"],
  ["\\033", "<Esc>"],
  ["\\x1b", "<Esc>"],
  ["\\x1B", "<Esc>"],
  ["\\e", "<Esc>"],
  ["\\n", "<CR>"],
  ["\\r", "<CR>"],
  ["\\t", "<Tab>"]
]

const longestName = 12

/** Returns the text up to the closing bracket that belongs to the opening one at `offset`, or undefined. */
const bracketed = (text: string, offset: number, close: string): string | undefined => {
  const end = text.indexOf(close, offset + 1)
  return end === -1 || end - offset > longestName ? undefined : text.slice(offset, end + 1)
}

const isLoneSurrogate = (character: string): boolean => /^[\ud800-\udfff]$/u.test(character)

/**
 * Reads keystrokes in their only spelling; the Left says where and why that fails.
 *
 * @example
 * parseKeys("i<b><Esc>")._tag // "Left"
 */
export const parseKeys = (text: string): Either.Either<Keystrokes, NotKeys> => {
  const keys: Array<Key> = []
  let offset = 0
  while (offset < text.length) {
    const character = String.fromCodePoint(text.codePointAt(offset) ?? 0)
    if (character === "<") {
      const name = bracketed(text, offset, ">")
      if (name === undefined || !isName(name)) {
        const detail = name === undefined
          ? "\"<\" is typed as \"<lt>\""
          : `"${name}" is not a key; "<" is typed as "<lt>"`
        return Either.left({ offset, detail })
      }
      keys.push(name)
      offset += name.length
      continue
    }
    const named = keyOfControl.get(character)
    if (named !== undefined) return Either.left({ offset, detail: `this control character is typed as "${named}"` })
    if (character === "\0") return Either.left({ offset, detail: "this control character is typed as \"<Nul>\"" })
    if (isLoneSurrogate(character)) return Either.left({ offset, detail: "half a surrogate pair is not a character" })
    keys.push(character)
    offset += character.length
  }
  return Either.right(keys)
}

/** Returns keystrokes in their only spelling; `parseKeys` reads them back. */
export const printKeys = (keys: Keystrokes): string => keys.join("")

/**
 * Reads what people and models write: names of keys in any case and in other spellings, escape sequences such as "\033"
 * and "\n", "{esc}", and control characters as they are. Anything else stands for itself.
 *
 * @example
 * printKeys(parseKeysLeniently("ct evening{esc}")) // "ct evening<Esc>"
 */
export const parseKeysLeniently = (text: string): Keystrokes => readLeniently(text).keys

/**
 * Returns what stands behind the last key that is written by its name, as an escape sequence, or as the Escape or Enter
 * key itself.
 *
 * @example
 * behindLastName("ione two<Esc>dd") // "dd"
 */
export const behindLastName = (text: string): string => text.slice(readLeniently(text).named)

/** The keys, and the UTF-16 offset where the last one ends that is written by its name. */
const readLeniently = (text: string): { readonly keys: Keystrokes; readonly named: number } => {
  const keys: Array<Key> = []
  let offset = 0
  let named = 0
  while (offset < text.length) {
    const character = String.fromCodePoint(text.codePointAt(offset) ?? 0)
    const bracket = character === "<"
      ? bracketed(text, offset, ">")
      : character === "{"
      ? bracketed(text, offset, "}")
      : undefined
    const alias = bracket === undefined ? undefined : aliases.get(bracket.toLowerCase())
    const escape = character === "\\" ? escapes.find(([spelling]) => text.startsWith(spelling, offset)) : undefined
    if (bracket !== undefined && alias !== undefined) {
      keys.push(alias)
      offset += bracket.length
      if (alias.length > 1 && alias !== "<lt>") named = offset
    } else if (escape !== undefined) {
      keys.push(escape[1])
      offset += escape[0].length
      named = offset
    } else {
      keys.push(keyOfCharacter(character))
      offset += character.length
      if (character === "\u001b" || character === "\r") named = offset
    }
  }
  return { keys, named }
}

/** Escape sequences that mean the Escape key more often than they are typed into a program as such. */
const escapedEscape = /\\(?:u001b|033|x1b|e(?![a-z]))|\{esc(?:ape)?\}/i
const namedKey = /<(?:Esc|CR|BS|Tab|Del|lt|C-.)>/

/**
 * Reads the answer of a model in whichever notation it is written. An answer that names a key as our notation does is
 * taken for ours, so its "\n" is a backslash and an n. One that cannot be ours, or that writes the Escape key in
 * another way, is read leniently.
 *
 * @example
 * parseAnswer("i\\n<Esc>").length // 4
 * parseAnswer("ione\\ntwo\\033").length // 9
 */
export const parseAnswer = (text: string): Keystrokes => {
  const read = parseKeys(text)
  const isOurs = namedKey.test(text) && (text.includes("<Esc>") || !escapedEscape.test(text))
  return Either.isRight(read) && isOurs ? read.right : parseKeysLeniently(text)
}

/** Returns the key that types a character: "<CR>" for a line end, the replacement character where there is no key. */
export const keyOfCharacter = (character: string): Key => {
  if (character === "\n") return "<CR>"
  if (character === "\0") return "<Nul>"
  return keyOfControl.get(character) ?? (isLoneSurrogate(character) ? "\ufffd" : character)
}

/**
 * Returns the keys that type a text, character by character.
 *
 * @example
 * keysOfText("a<\n") // ["a", "<lt>", "<CR>"]
 */
export const keysOfText = (text: string): Keystrokes => Array.from(text, keyOfCharacter)

/** Returns the character that a key types, or null for one that types none, such as "<Up>". */
export const characterOfKey = (key: Key): string | null => specials.has(key) ? null : (controls.get(key) ?? key)
