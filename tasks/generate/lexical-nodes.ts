/** Nodes for a text without a grammar: lines, and in them words, numbers and marks, enough to mutate a middle. */
import type { SyntaxNodes } from "../../services/Parser.ts"
import { endOfLine, type Span, startOfLine, trimSpan } from "../../services/text/span.ts"

const lexeme = /[\p{L}_$][\p{L}\p{N}_$]*|\d+(?:\.\d+)?|[=!<>]=+|&&|\|\||\+\+|--|[+\-*/%]=|<<|>>|\S/gu

/** Returns the lines that touch `span` as children of one root, and their lexemes as leaves. */
export const lexicalNodes = (text: string, span: Span): SyntaxNodes => {
  const rows: Array<{ type: string; start: number; end: number; parent: number; named: boolean; leaf: boolean }> = []
  rows.push({ type: "module", start: 0, end: text.length, parent: -1, named: true, leaf: false })
  let start = startOfLine(text, span.start)
  while (start < Math.min(span.end, text.length)) {
    const end = endOfLine(text, start)
    const line = trimSpan(text, { start, end })
    if (line.end > line.start) {
      const row = rows.push({ type: "line", start: line.start, end: line.end, parent: 0, named: true, leaf: false }) - 1
      for (const match of text.slice(line.start, line.end).matchAll(lexeme)) {
        const at = line.start + match.index
        const word = match[0]
        const type = /^\d/.test(word) ? "number" : /^[\p{L}_$]/u.test(word) ? "identifier" : word
        rows.push({ type, start: at, end: at + word.length, parent: row, named: type !== word, leaf: true })
      }
    }
    start = end + 1
  }
  return {
    count: rows.length,
    type: rows.map((row) => row.type),
    start: Int32Array.from(rows, (row) => row.start),
    end: Int32Array.from(rows, (row) => row.end),
    parent: Int32Array.from(rows, (row) => row.parent),
    isNamed: Uint8Array.from(rows, (row) => (row.named ? 1 : 0)),
    isBroken: new Uint8Array(rows.length),
    isLeaf: Uint8Array.from(rows, (row) => (row.leaf ? 1 : 0)),
    field: rows.map(() => null)
  }
}
