/** Tells what a generator of secrets wrote from what a person did: by how often the kind of character changes. */

/** What is counted of a word; what stands between the pieces of a name is no kind. */
interface Makeup {
  readonly lowers: number
  readonly uppers: number
  readonly digits: number
  readonly others: number
  /** Neighbours of different kinds. */
  readonly changes: number
  /** Different characters. */
  readonly distinct: number
}

const makeupOf = (word: string): Makeup => {
  const counts = { lowers: 0, uppers: 0, digits: 0, others: 0 }
  const seen = new Set<string>()
  let changes = 0
  let last: keyof typeof counts | undefined
  for (const character of word) {
    seen.add(character)
    const kind = kindOf(character)
    if (kind === undefined) last = undefined
    else {
      counts[kind]++
      if (last !== undefined && last !== kind) changes++
      last = kind
    }
  }
  return { ...counts, changes, distinct: seen.size }
}

const kindOf = (character: string) =>
  character >= "a" && character <= "z"
    ? "lowers"
    : character >= "A" && character <= "Z"
    ? "uppers"
    : character >= "0" && character <= "9"
    ? "digits"
    : "-_.~/".includes(character)
    ? undefined
    : "others"

/** The pieces of a name are short; a drawn word has at least one long one. */
const longestPiece = (word: string): number =>
  word.split(/[-_.~/+$%=]/).reduce((longest, piece) => Math.max(longest, piece.length), 0)

/** Kinds of characters, by code: small letters, capitals, digits; 0 for all else. */
const kinds = new Uint8Array(0x10000)
for (let code = 97; code <= 122; code++) kinds[code] = 1
for (let code = 65; code <= 90; code++) kinds[code] = 2
for (let code = 48; code <= 57; code++) kinds[code] = 3

/**
 * Whether a word is none that a person would write: a quick look, which also says yes to some that are. Takes offsets,
 * for it is asked of every long word.
 */
export const isOdd = (text: string, start: number, end: number): boolean => {
  let changes = 0
  let lowers = 0
  let uppers = 0
  let digits = 0
  let last = 0
  for (let at = start; at < end; at++) {
    const kind = kinds[text.charCodeAt(at)] ?? 0
    if (kind === 1) lowers++
    else if (kind === 2) uppers++
    else if (kind === 3) digits++
    if (kind !== last && kind !== 0 && last !== 0) changes++
    last = kind
  }
  const length = end - start
  if (digits * 4 > length && lowers + uppers > 2) return true
  if (digits === 0) return changes * 3 > length || uppers === length
  return changes * 5 > length || lowers === 0 && uppers > 5 || length >= 32 && lowers + uppers + digits === length
}

/** Whether a word is 32 hexadecimal digits or more, letters among them, that look drawn. */
export const isRandomHex = (word: string): boolean => {
  if (word.length < 32 || !/^(?:[\da-f]+|[\dA-F]+)$/.test(word)) return false
  const { changes, digits, distinct } = makeupOf(word)
  return distinct >= 8 && digits >= word.length / 4 && changes >= word.length / 6
}

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i

/** Whether a word is a UUID whose digits look drawn. */
export const isRandomUuid = (word: string): boolean => uuid.test(word) && makeupOf(word).distinct >= 8

/**
 * Whether a word of 16 characters or more looks drawn: letters of both cases, or letters and digits, that take turns far
 * more often than in a name.
 *
 * @example
 * isRandom("x8Kq2ZrT5vWn9LpB3dYf") // true
 */
export const isRandom = (word: string): boolean => {
  if (word.length < 16 || longestPiece(word) < 12 || uuid.test(word)) return false
  if (/^(?:[\da-f]+|[\dA-F]+)$/.test(word)) return isRandomHex(word)
  const { changes, digits, distinct, lowers, uppers } = makeupOf(word)
  const letters = lowers + uppers
  if (letters + digits < word.length * 0.7 || distinct < 9) return false
  if (lowers === 0 || uppers === 0) {
    // No name is so long in one piece.
    if (longestPiece(word) >= 32) return digits >= 2 && letters >= 4 && changes >= 3
    return word.length >= 20 && digits >= 4 && letters >= 4 && changes >= word.length * 0.22
  }
  if (digits >= 2) return changes >= word.length * 0.33
  // Names of several words have a capital for each; drawn ones have as many as small letters.
  return changes >= word.length * 0.4 && Math.min(lowers, uppers) >= letters * 0.3
}

/** Whether a word of 32 characters or more is letters of both cases and digits that take turns as only drawn ones do. */
export const isDrawn = (word: string): boolean => {
  if (word.length < 32 || !/^[A-Za-z\d]+$/.test(word)) return false
  const { changes, digits, distinct, lowers, uppers } = makeupOf(word)
  return digits >= 2 && distinct >= 16 && changes >= word.length * 0.4 &&
    Math.min(lowers, uppers) >= (lowers + uppers) * 0.28
}

/** The same of a word that marks have cut into pieces. */
export const isDrawnApart = (word: string): boolean => isDrawn(word.replace(/[-_+/]/g, ""))

/** Whether a value of 8 characters or more is a password that was chosen well or drawn: three kinds that take turns. */
export const isStrong = (value: string): boolean => {
  if (value.length < 8) return false
  const { changes, digits, distinct, lowers, others, uppers } = makeupOf(value)
  const kinds = [lowers, uppers, digits, others].filter((count) => count > 0).length
  if (kinds === 2) return value.length >= 20 && digits >= 3 && lowers + uppers >= 3 && changes >= 5
  return kinds >= 3 && digits > 0 && distinct >= 7 && changes >= Math.min(6, Math.max(4, value.length / 4))
}
