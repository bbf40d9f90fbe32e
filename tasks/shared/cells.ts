/** Text as cells of a terminal: control characters become pictures, wide characters take two cells, lines are wrapped. */
import { eastAsianWidth } from "get-east-asian-width"
import { pictureOf } from "../../services/text/showable.ts"

/** A run of text in one style; "" is the terminal's own. */
export interface TextRun {
  readonly text: string
  readonly style: Style
}

/** What a piece of code is. */
export const syntaxKinds = ["keyword", "string", "constant", "function", "comment"] as const
export type SyntaxKind = typeof syntaxKinds[number]

export type Style =
  | ""
  | "title"
  | "dim"
  | "wanted"
  | "unwanted"
  | "wanted mark"
  | "unwanted mark"
  | "wanted word"
  | "unwanted word"
  | "key"
  | "cursor"
  | "hit"
  | "bar"
  | SyntaxKind
  | `dim ${SyntaxKind}`

export type Line = ReadonlyArray<TextRun>

const plainAscii = /^[\u0020-\u007e]*$/
const tabStop = 4

/**
 * Returns a text that no terminal takes for a command: controls, lone surrogates and marks that turn text around are shown,
 * not sent; tabs become spaces up to the next stop from `column` on.
 */
export const shown = (text: string, column = 0): string => {
  if (plainAscii.test(text)) return text
  let out = ""
  let cells = column
  for (const character of text) {
    const picture = character === "\t" ? " ".repeat(tabStop - cells % tabStop) : pictureOf(character)
    out += picture
    cells += character === "\t" ? picture.length : widthOfPoint(picture.codePointAt(0) ?? 0)
  }
  return out
}

const widthOfPoint = (point: number): number => {
  if (point < 0x300) return 1
  if (/\p{Mn}|\p{Me}|\u200d/u.test(String.fromCodePoint(point))) return 0
  return eastAsianWidth(point)
}

/** Cells that a shown text takes. */
export const cellsOf = (text: string): number => {
  if (plainAscii.test(text)) return text.length
  let cells = 0
  for (const character of text) cells += widthOfPoint(character.codePointAt(0) ?? 0)
  return cells
}

/** Returns the first characters of a shown text that fit, with a mark where some did not. */
export const clip = (text: string, width: number): string => {
  if (cellsOf(text) <= width) return text
  return width < 1 ? "" : `${cut(text, width - 1)[0]}…`
}

/** Cuts a shown text before the first character that does not fit. */
const cut = (text: string, width: number): readonly [string, string] => {
  if (plainAscii.test(text)) return [text.slice(0, width), text.slice(width)]
  let cells = 0
  let at = 0
  for (const character of text) {
    const next = cells + widthOfPoint(character.codePointAt(0) ?? 0)
    if (next > width) break
    cells = next
    at += character.length
  }
  return [text.slice(0, at), text.slice(at)]
}

/** Wraps a line of runs to lines of `width` cells; at least one, at most `most`. */
export const wrap = (line: Line, width: number, most = Infinity): ReadonlyArray<Line> => {
  const lines: Array<Array<TextRun>> = [[]]
  let left = width
  for (const { style, text } of line) {
    let rest = text
    while (rest !== "") {
      const [head, tail] = cut(rest, left)
      // A wide character at the edge goes to the next line; one that fits nowhere is left out.
      if (head === "" && left === width) return lines
      if (head !== "") lines[lines.length - 1]?.push({ style, text: head })
      left -= cellsOf(head)
      if (tail !== "") {
        if (lines.length >= most) return lines
        lines.push([])
        left = width
      }
      rest = tail
    }
  }
  return lines
}

/**
 * The colours are the sixteen that every terminal has: whoever uses it chose them, so that they are read on its background,
 * be it light or dark. Green and red say what is wanted, and no code has them.
 */
const codes: Readonly<Record<Style, string>> = {
  "": "",
  title: "1",
  dim: "2",
  wanted: "32",
  unwanted: "31",
  "wanted mark": "1;32",
  "unwanted mark": "1;31",
  "wanted word": "7;32",
  "unwanted word": "7;31",
  key: "36",
  cursor: "1;36",
  hit: "7;33",
  bar: "7",
  keyword: "35",
  string: "33",
  constant: "36",
  function: "94",
  comment: "2",
  "dim keyword": "2;35",
  "dim string": "2;33",
  "dim constant": "2;36",
  "dim function": "2;94",
  "dim comment": "2"
}

/** Writes a line for a terminal. */
export const renderLine = (line: Line, hasColour: boolean): string =>
  line.map(({ style, text }) => (hasColour && style !== "" ? `\u001b[${codes[style]}m${text}\u001b[0m` : text)).join("")
