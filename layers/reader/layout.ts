/**
 * How rows lie in a text of JSON: a line each, as values one behind the other, as the elements of one list, or as the
 * elements of lists that fields of one object hold, as in {"data": [{…}, {…}]}. Told by the beginning of the text.
 */
import { shapeOf } from "../../services/rows/shapes.ts"
import { other } from "../../services/rows/other.ts"

export type RowLayout =
  | { readonly _tag: "lines" }
  /** Lines that end with a carriage return and nothing else. */
  | { readonly _tag: "CR lines" }
  | { readonly _tag: "values" }
  | { readonly _tag: "elements" }
  | { readonly _tag: "fields"; readonly names: ReadonlySet<string> }

const lines: RowLayout = { _tag: "lines" }

const newline = 10
const carriageReturn = 13
const isSpace = (byte: number | undefined): boolean =>
  byte === 32 || byte === 9 || byte === newline || byte === carriageReturn

/** RFC 7464 puts this character before each value. */
const recordSeparator = 0x1e

const spaceEnd = (bytes: Buffer, from: number): number => {
  let at = from
  while (isSpace(bytes[at]) || bytes[at] === recordSeparator) at++
  return at
}

/**
 * Returns the layout of a text without its byte order mark, or undefined where more of it must be seen: `isWhole` says
 * that this is all of it, and `isLast` that no more will be shown. `isLinesFile` is for names as JSON Lines have them.
 */
export const layoutOf = (
  head: Buffer,
  { isLast, isLinesFile, isWhole }: {
    readonly isWhole: boolean
    readonly isLast: boolean
    readonly isLinesFile: boolean
  }
): RowLayout | undefined => {
  const start = spaceEnd(head, 0)
  const opener = head.toString("latin1", start, start + 1)
  if (opener !== "{" && opener !== "[") return hasOnlyReturns(head) ? { _tag: "CR lines" } : lines
  const value = readValue(head, start)
  const lineEnd = head.indexOf(newline, start)
  if (value._tag === "wrong") {
    if (hasOnlyReturns(head)) return { _tag: "CR lines" }
    // A first line that is torn makes the rows behind it no part of it.
    const isOneLine = lineEnd === -1 || spaceEnd(head, lineEnd) === head.length
    return opener === "[" && isListOfObjects(head, start) && (isOneLine || value.at > lineEnd)
      ? { _tag: "elements" }
      : lines
  }
  if (value._tag === "open") {
    if (lineEnd === -1 && !isLast && !isWhole) return undefined
    if (opener === "[") return isListOfObjects(head, start) || lineEnd !== -1 ? { _tag: "elements" } : lines
    return lineEnd === -1 && (isLinesFile || isWhole) ? lines : fieldsOrValues(head, value.fields)
  }
  const next = spaceEnd(head, value.end)
  const isOnly = next === head.length
  if (isOnly && !isWhole && !isLast) return undefined
  const isOneLine = lineEnd === -1 || value.end <= lineEnd
  if (isOnly && isWhole) {
    if (opener === "[") {
      return !isOneLine || !isLinesFile || isListOfObjects(head, start) ? { _tag: "elements" } : lines
    }
    return isOneLine && isLinesFile ? lines : fieldsOrValues(head, value.fields)
  }
  const isSequence = head.subarray(0, start).includes(recordSeparator)
  if (isOneLine && !isSequence && (lineEnd === -1 ? isOnly : next > lineEnd)) return lines
  if (hasOnlyReturns(head)) return { _tag: "CR lines" }
  return "[{,\x1e".includes(head.toString("latin1", next, next + 1)) ? { _tag: "values" } : lines
}

const hasOnlyReturns = (head: Buffer): boolean => !head.includes(newline) && head.includes(carriageReturn)

const isListOfObjects = (head: Buffer, start: number): boolean => {
  const first = spaceEnd(head, start + 1)
  return head.toString("latin1", first, first + 1) === "{"
}

/** Names under which people keep the rows of a dataset. */
const rowFields =
  /^(?:data|rows|train|test|val|validation|dev|eval|examples?|instances|items|records|results|samples|entries|documents)$/i

/** The fields of an object whose elements are the rows, unless the object is a row itself. */
const fieldsOrValues = (head: Buffer, fields: ReadonlyArray<ListField>): RowLayout => {
  const lists = fields.filter(({ start }) => start !== -1)
  const named = lists.filter(({ name }) => rowFields.test(name))
  const chosen = named.length > 0
    ? named
    : lists.length === fields.length && !lists.some((list) => isKnownRow(head, list))
    ? lists
    : []
  return chosen.length === 0 ? { _tag: "values" } : { _tag: "fields", names: new Set(chosen.map(({ name }) => name)) }
}

/** Whether an object with this list alone is a row that we know, as a conversation is. */
const isKnownRow = (head: Buffer, { name, start }: ListField): boolean => {
  const first = spaceEnd(head, start + 1)
  const element = readValue(head, first)
  if (element._tag !== "whole") return false
  const row: unknown = { [name]: [JSON.parse(head.toString("utf8", first, element.end))] }
  return shapeOf(row) !== other
}

/** A field of the outermost object: where its list of objects starts, or -1 where it is something else. */
interface ListField {
  readonly name: string
  readonly start: number
}

type ReadValue =
  | { readonly _tag: "whole"; readonly end: number; readonly fields: ReadonlyArray<ListField> }
  | { readonly _tag: "open"; readonly fields: ReadonlyArray<ListField> }
  /** It is no JSON from an offset on. */
  | { readonly _tag: "wrong"; readonly at: number }

const literal = /^(?:true|false|null|NaN|-?Infinity|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)$/
const openLiteral = /^[-+.\w]*$/
const literalEnd = /[^-+.\w]/g

/** Reads the object or list that starts at an offset; "open" when the text ends before it. */
const readValue = (bytes: Buffer, start: number): ReadValue => {
  const text = bytes.toString("latin1")
  const fields: Array<ListField> = []
  const closers: Array<string> = []
  let name = ""
  // What may come next: a value, a key, a colon, or what stands behind a value.
  let expected: "value" | "first value" | "key" | "first key" | "colon" | "end" = "value"
  for (let at = start; at < text.length;) {
    const character = text.charAt(at)
    if (character === " " || character === "\n" || character === "\r" || character === "\t") {
      at++
      continue
    }
    if (expected === "colon") {
      if (character !== ":") return { _tag: "wrong", at }
      expected = "value"
      at++
      continue
    }
    if (
      expected === "end" || (expected === "first value" && character === "]") ||
      (expected === "first key" && character === "}")
    ) {
      if (character === "," && expected === "end") expected = closers.at(-1) === "}" ? "key" : "value"
      else if (character === closers.pop()) expected = "end"
      else return { _tag: "wrong", at }
      at++
      if (closers.length === 0) return { _tag: "whole", end: at, fields }
      continue
    }
    if (character === "\"") {
      const end = stringEnd(text, at)
      if (end === undefined) return { _tag: "open", fields }
      if (end === -1) return { _tag: "wrong", at }
      const isKey: boolean = expected === "key" || expected === "first key"
      if (isKey && closers.length === 1) name = nameIn(bytes.toString("utf8", at, end))
      if (!isKey && closers.length === 1) fields.push({ name, start: -1 })
      expected = isKey ? "colon" : "end"
      at = end
      continue
    }
    if (expected === "key" || expected === "first key") return { _tag: "wrong", at }
    if (character === "{" || character === "[") {
      if (closers.length === 1) {
        fields.push({ name, start: character === "[" && isListOfObjects(bytes, at) ? at : -1 })
      }
      closers.push(character === "{" ? "}" : "]")
      expected = character === "{" ? "first key" : "first value"
      at++
      continue
    }
    literalEnd.lastIndex = at
    const end = literalEnd.exec(text)?.index
    if (end === undefined) return openLiteral.test(text.slice(at)) ? { _tag: "open", fields } : { _tag: "wrong", at }
    if (!literal.test(text.slice(at, end))) return { _tag: "wrong", at }
    if (closers.length === 1) fields.push({ name, start: -1 })
    expected = "end"
    at = end
  }
  return { _tag: "open", fields }
}

const nameIn = (text: string): string => {
  try {
    return String(JSON.parse(text))
  } catch {
    return ""
  }
}

/** Where a string ends, behind its quote; -1 when it holds a line end, and undefined when the text ends before it. */
const stringEnd = (text: string, start: number): number | undefined => {
  for (let at = start + 1; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === 34) return at + 1
    if (unit === newline || unit === carriageReturn) return -1
    if (unit === 92) at++
  }
  return undefined
}
