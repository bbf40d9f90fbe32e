/** Finds a text in the bytes of JSON, whichever way its writer spells it: "é" may be "\u00e9", and "/" may be "\/". */

/** Looks for a text in bytes. */
export interface Needle {
  /** Offset of the first place where the text stands, or -1. */
  readonly indexIn: (bytes: Buffer) => number
  /** The most bytes that a spelling of the text takes. */
  readonly longest: number
}

/** Characters that no writer escapes. */
const plain = /^[\w .,:;()[\]{}*!?=|@#$%^~-]*$/

const escapes: Readonly<Record<string, string>> = {
  "\"": "\"",
  "\\": "\\",
  "/": "/",
  "\b": "b",
  "\f": "f",
  "\n": "n",
  "\r": "r",
  "\t": "t"
}

const quoted = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")

/** A pattern for four hexadecimal digits of either case. */
const unicodeEscape = (unit: string): string =>
  `\\\\u${
    unit.charCodeAt(0).toString(16).padStart(4, "0").replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)
  }`

/** A pattern over bytes, each as the character of its number, for all spellings of one character. */
const spellingsOf = (character: string): string => {
  if (/^[\w ]$/.test(character)) return character
  const short = escapes[character]
  const mustEscape = character === "\"" || character === "\\" || character < " "
  return `(?:${
    [
      ...(mustEscape ? [] : [quoted(Buffer.from(character).toString("latin1"))]),
      ...(short === undefined ? [] : [`\\\\${quoted(short)}`]),
      [...Array(character.length).keys()].map((at) => unicodeEscape(character.charAt(at))).join("")
    ].join("|")
  })`
}

/** Makes a needle of a text that is not empty. */
export const makeNeedle = (text: string): Needle => {
  if (plain.test(text)) {
    const bytes = Buffer.from(text)
    return { indexIn: (hay) => hay.indexOf(bytes), longest: bytes.length }
  }
  const pattern = new RegExp([...text].map(spellingsOf).join(""))
  return { indexIn: (hay) => hay.toString("latin1").search(pattern), longest: text.length * 6 }
}
