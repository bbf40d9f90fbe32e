/** Changes of one line that Vim repeats with ".": what each does to a line from a column. */
import type { Key, Keystrokes } from "../../../services/keys/keystrokes.ts"
import { typing } from "../../../services/keys/retyping.ts"
import { firstNonBlank, type Motion, type Range, rangeOf, type TextObject } from "./motions.ts"

export interface KeyedChange {
  readonly keys: Keystrokes
  /**
   * Returns the line after the change, which may hold line ends, and where the cursor is; undefined where the change
   * fails.
   */
  readonly apply: (line: string, from: number) => Changed | undefined
  /** Set where "." repeats only a part of the change. */
  readonly isUnrepeatable?: true
}

export interface Changed {
  readonly line: string
  readonly column: number
}

const splice = (line: string, { end, start }: Range, text: string): string =>
  line.slice(0, start) + text + line.slice(end)

/** Returns where the cursor ends up when Insert mode ends at `offset`: one back, but not past the start of a line. */
const restBehind = (line: string, offset: number): number =>
  offset === 0 || line[offset - 1] === "\n" ? offset : offset - 1

const clamp = (line: string, column: number): number => Math.max(0, Math.min(column, line.length - 1))

/** The keys of a command that is written as characters. */
export const spelled = (keys: string): ReadonlyArray<Key> => Array.from(keys, (key) => (key === "<" ? "<lt>" : key))

const inserting = (keys: string, text: string, at: (line: string, from: number) => number): KeyedChange => ({
  keys: [...spelled(keys), ...typing(text), "<Esc>"],
  apply: (line, from) => {
    const offset = at(line, from)
    const longer = line.slice(0, offset) + text + line.slice(offset)
    return { line: longer, column: restBehind(longer, offset + text.length) }
  }
})

export const insertBefore = (text: string): KeyedChange => inserting("i", text, (_, from) => from)
export const insertBehind = (text: string): KeyedChange =>
  inserting("a", text, (line, from) => Math.min(line.length, from + 1))
export const insertFirst = (text: string): KeyedChange =>
  inserting("I", text, (line) => (/^\s*$/.test(line) ? line.length : firstNonBlank(line)))
export const insertLast = (text: string): KeyedChange => inserting("A", text, (line) => line.length)

type Reach = (line: string, from: number) => Range | undefined

/** Returns the range that an operator covers with a motion. */
export const overMotion = (operator: string, motion: Motion): Reach => (line, from) =>
  rangeOf(line, from, motion, operator)
export const overObject = (object: TextObject): Reach => object.range

export const deleting = (keys: string, reach: Reach): KeyedChange => ({
  keys: spelled(keys),
  apply: (line, from) => {
    const range = reach(line, from)
    if (range === undefined || range.start === range.end) return undefined
    const left = splice(line, range, "")
    return { line: left, column: clamp(left, range.start) }
  }
})

export const changing = (keys: string, reach: Reach, text: string): KeyedChange => ({
  keys: [...spelled(keys), ...typing(text), "<Esc>"],
  apply: (line, from) => {
    const range = reach(line, from)
    if (range === undefined) return undefined
    const changed = splice(line, range, text)
    return { line: changed, column: restBehind(changed, range.start + text.length) }
  }
})

export const replacing = (character: string, count: number): KeyedChange => ({
  keys: [...(count === 1 ? [] : String(count)), "r", ...typing(character)],
  apply: (line, from) =>
    from + count > line.length ? undefined : {
      line: splice(line, { start: from, end: from + count }, character.repeat(count)),
      // A line end leads to the next line.
      column: character === "\n" ? from + count : from + count - 1
    }
})

export const overtyping = (text: string): KeyedChange => ({
  keys: ["R", ...typing(text), "<Esc>"],
  apply: (line, from) =>
    from + text.length > line.length ? undefined : {
      line: splice(line, { start: from, end: from + text.length }, text),
      column: restBehind(text, text.length) + from
    }
})

const swapCase = (text: string): string =>
  Array.from(text, (character) => {
    const upper = character.toUpperCase()
    return upper === character ? character.toLowerCase() : upper
  }).join("")

export const caseOperators: Readonly<Record<string, (text: string) => string>> = {
  "g~": swapCase,
  gU: (text) => text.toUpperCase(),
  gu: (text) => text.toLowerCase()
}

export const recasing = (operator: string, keys: string, reach: Reach): KeyedChange => ({
  keys: spelled(`${operator}${keys}`),
  apply: (line, from) => {
    const range = reach(line, from)
    const convert = caseOperators[operator]
    if (range === undefined || convert === undefined) return undefined
    return { line: splice(line, range, convert(line.slice(range.start, range.end))), column: range.start }
  }
})

export const togglingCase = (count: number): KeyedChange => ({
  keys: [...(count === 1 ? [] : String(count)), "~"],
  apply: (line, from) => {
    const end = Math.min(line.length, from + count)
    if (end <= from) return undefined
    return { line: splice(line, { start: from, end }, swapCase(line.slice(from, end))), column: clamp(line, end) }
  }
})

const number = /-?\d+/g

/**
 * Adds to the number at or behind the cursor. Numbers with leading zeros may be taken for octal, so they are left
 * alone.
 */
export const adding = (amount: number): KeyedChange => ({
  keys: [...(Math.abs(amount) === 1 ? [] : String(Math.abs(amount))), amount > 0 ? "<C-a>" : "<C-x>"],
  apply: (line, from) => {
    for (const match of line.matchAll(number)) {
      const end = match.index + match[0].length
      if (end <= from) continue
      if (/^-?0\d|^-?0$/.test(match[0]) && match[0] !== "0") return undefined
      if (/[xXbB]/.test(line[end] ?? "") || match[0].length > 15) return undefined
      const text = String(Number(match[0]) + amount)
      return { line: splice(line, { start: match.index, end }, text), column: match.index + text.length - 1 }
    }
    return undefined
  }
})

/** Types the whole line again. */
export const retypingLine = (text: string): KeyedChange => ({
  keys: ["S", ...typing(text), "<Esc>"],
  apply: () => ({ line: text, column: restBehind(text, text.length) })
})

/** Two characters change places: one is deleted and put behind the next. */
export const transposing: KeyedChange = {
  keys: ["x", "p"],
  isUnrepeatable: true,
  apply: (line, from) =>
    from + 1 >= line.length ? undefined : {
      line: splice(line, { start: from, end: from + 2 }, `${line[from + 1]}${line[from]}`),
      column: from + 1
    }
}

/** Vim's default 'shiftwidth' and 'tabstop', without 'expandtab'. */
const shiftWidth = 8

const shifting = (keys: Keystrokes, by: number): KeyedChange => ({
  keys,
  apply: (line) => {
    const text = line.trimStart()
    const indent = line.slice(0, line.length - text.length)
    if (text === "" || /[^ \t]/.test(indent)) return undefined
    let width = 0
    for (const character of indent) width = character === "\t" ? width - (width % shiftWidth) + shiftWidth : width + 1
    const next = Math.max(0, width + by)
    const filled = "\t".repeat(Math.floor(next / shiftWidth)) + " ".repeat(next % shiftWidth)
    return { line: filled + text, column: filled.length }
  }
})

export const shiftingRight: KeyedChange = shifting([">", ">"], shiftWidth)
export const shiftingLeft: KeyedChange = shifting(["<lt>", "<lt>"], -shiftWidth)
