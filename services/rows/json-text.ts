/**
 * JSON as it is written. JSON.parse rounds numbers to doubles and keeps the last of doubled keys only; what stands here
 * reads the text itself, which JSON.parse has taken before. Nothing here calls itself, however deep a text nests.
 */

const quote = 34
const backslash = 92

/** A field of an object as it is written. */
export interface JsonMember {
  readonly name: string
  /** The JSON text of its value. */
  readonly text: string
}

/** Returns where the string that starts at an offset ends, behind its quote; the end of the text where it does not. */
const endOfString = (text: string, start: number): number => {
  for (let end = text.indexOf("\"", start + 1); end !== -1; end = text.indexOf("\"", end + 1)) {
    let slashes = 0
    while (text.charCodeAt(end - 1 - slashes) === backslash) slashes++
    if (slashes % 2 === 0) return end + 1
  }
  return text.length
}

const plainEnd = /[\s,\]}]/g

/** Returns where the value that starts at an offset ends. */
const endOfValue = (text: string, start: number): number => {
  const first = text[start]
  if (first === "\"") return endOfString(text, start)
  if (first !== "{" && first !== "[") {
    plainEnd.lastIndex = start
    return plainEnd.exec(text)?.index ?? text.length
  }
  let depth = 0
  for (let at = start; at < text.length; at++) {
    const character = text[at]
    if (character === "\"") at = endOfString(text, at) - 1
    else if (character === "{" || character === "[") depth++
    else if ((character === "}" || character === "]") && --depth === 0) return at + 1
  }
  return text.length
}

const firstFrom = (text: string, at: number, pattern: RegExp): number => {
  pattern.lastIndex = at
  return pattern.exec(text)?.index ?? text.length
}
const nameOrEnd = /["}]/g
const valueStart = /[^\s:]/g

/**
 * Returns the fields of an object in the order in which they are written, doubled ones as often as they are; none for a
 * text that is no object.
 *
 * @example
 * membersOf('{"a": 9007199254740993, "a": 1.0}').map(({ text }) => text) // ["9007199254740993", "1.0"]
 */
export const membersOf = (text: string): ReadonlyArray<JsonMember> => {
  const members: Array<JsonMember> = []
  const open = firstFrom(text, 0, /\S/g)
  if (text[open] !== "{") return members
  for (let at = firstFrom(text, open + 1, nameOrEnd); text[at] === "\""; at = firstFrom(text, at, nameOrEnd)) {
    const nameEnd = endOfString(text, at)
    const start = firstFrom(text, nameEnd, valueStart)
    const end = endOfValue(text, start)
    members.push({ name: String(JSON.parse(text.slice(at, nameEnd))), text: text.slice(start, end) })
    at = end
  }
  return members
}

const token = /["\s]|[-\d][-+.\deE]*/g

/** Returns a JSON text without white space, its strings in their shortest spelling and its numbers as `spell` has them. */
const respelled = (text: string, spell: (number: string) => string): string => {
  let out = ""
  let from = 0
  token.lastIndex = 0
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    const [part] = found
    let end = found.index + part.length
    let put = ""
    if (part === "\"") {
      end = endOfString(text, found.index)
      put = JSON.stringify(JSON.parse(text.slice(found.index, end)))
    } else if (part.trim() !== "") put = spell(part)
    out += text.slice(from, found.index) + put
    from = end
    token.lastIndex = end
  }
  return out + text.slice(from)
}

/**
 * Returns a JSON text as JSON.stringify would write it, with all digits of its numbers and all of its keys.
 *
 * @example
 * compactJson('{"a": [1.0, 12345678901234567890, "\\u00e9"]}') // '{"a":[1.0,12345678901234567890,"é"]}'
 */
export const compactJson = (text: string): string => respelled(text, (number) => number)

/** Returns a value of a row to be read by a person: a text as it is, anything else as it is written. */
export const printedJson = (text: string): string =>
  text.charCodeAt(0) === quote ? String(JSON.parse(text)) : compactJson(text)

const numberParts = /^(-?)(\d+)(?:\.(\d*))?(?:[eE]([-+]?\d+))?$/

/**
 * Returns one spelling for all numbers of the same value, however large they are and however many digits they have.
 *
 * @example
 * sameNumber("1.50e3") // "15e2"
 */
export const sameNumber = (number: string): string => {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = numberParts.exec(number) ?? []
  const digits = `${whole}${fraction}`.replace(/^0+/, "")
  const significant = digits.replace(/0+$/, "")
  if (significant === "") return "0e0"
  const shift = BigInt(exponent) - BigInt(fraction.length) + BigInt(digits.length - significant.length)
  return `${sign}${significant}e${shift}`
}

/** Whether a text is a number as JSON writes it. */
export const isJsonNumber = (text: string): boolean => /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(text)

/** Whether two JSON texts say the same: white space, spellings of strings and of numbers do not count, digits do. */
export const isSameJson = (one: string, other: string): boolean =>
  respelled(one, sameNumber) === respelled(other, sameNumber)

const unusual = /\d{16}|\d[.eE]|-0/

/**
 * Whether a JSON text may hold numbers whose spelling says more than their double: many digits, a point, an exponent or a
 * negative zero. What stands in strings does not count.
 */
export const hasUnusualNumber = (text: string): boolean => {
  for (let at = 0; at < text.length;) {
    const start = text.indexOf("\"", at)
    const end = start === -1 ? text.length : start
    if (end - at > 1 && unusual.test(text.slice(at, end))) return true
    if (start === -1) return false
    at = endOfString(text, start)
  }
  return false
}

const elementStart = /[^\s,]/g

/** Returns the JSON texts of the elements of a list; none for a text that is no list. */
export const elementsOf = (text: string): ReadonlyArray<string> => {
  const elements: Array<string> = []
  const open = firstFrom(text, 0, /\S/g)
  if (text[open] !== "[") return elements
  for (let at = firstFrom(text, open + 1, elementStart); at < text.length && text[at] !== "]";) {
    const end = endOfValue(text, at)
    elements.push(text.slice(at, end))
    at = firstFrom(text, Math.max(end, at + 1), elementStart)
  }
  return elements
}
