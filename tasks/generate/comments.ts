/** Which middles are comments, by the syntax around them or, without one, by the marks at the starts of lines. */
import { isComment } from "../../services/cuts/node-roles.ts"
import { firstStartingAt } from "../../services/cuts/nodes-near.ts"
import type { SyntaxNodes } from "../../services/Parser.ts"
import { endOfLine, type Span, startOfLine } from "../../services/text/span.ts"

const slashes = /^(?:\/\/|\/\*|\*(?![\w(=])|\*\/)/
const hash = /^#/
/** Where nothing is known of a language: what begins a comment in most, and stands for nothing else in the rest. */
const anyMark =
  /^(?:\/\/|#(?!\[|!\[|\s*(?:include|define|undef|if|ifdef|ifndef|elif|else|endif|pragma|error|region|endregion|nullable|import)\b)|\/\*|\*(?![\w(=])|\*\/|--\s|<!--)/

const marks: Readonly<Record<string, RegExp>> = {
  python: hash,
  ruby: hash,
  bash: hash,
  php: /^(?:\/\/|#(?!\[)|\/\*|\*(?![\w(=])|\*\/)/,
  javascript: slashes,
  typescript: slashes,
  tsx: slashes,
  java: slashes,
  c: slashes,
  cpp: slashes,
  go: slashes,
  rust: slashes,
  "c-sharp": slashes,
  css: slashes
}

/** Whether every line is a comment or blank, by the marks of the language or, without a name, of all that we know. */
export const isCommentOnly = (middle: string, language = ""): boolean => {
  const mark = marks[language] ?? anyMark
  return middle.split("\n").every((line) => {
    const text = line.trim()
    return text === "" || mark.test(text)
  })
}

/** Whether nothing in a span is code: comments, and strings that stand alone as the docstrings of Python do. */
export const holdsNoCode = (text: string, nodes: SyntaxNodes, span: Span): boolean => {
  let hasLeaf = false
  // The leaf before the first that starts in the span may reach into it.
  let row = firstStartingAt(nodes, span.start) - 1
  while (row > 0 && nodes.isLeaf[row] === 0) row--
  for (; row < nodes.count && (nodes.start[row] ?? 0) < span.end; row++) {
    if (nodes.isLeaf[row] === 0) continue
    const start = Math.max(nodes.start[row] ?? 0, span.start)
    const end = Math.min(nodes.end[row] ?? 0, span.end)
    if (start >= end || text.slice(start, end).trim() === "") continue
    if (!isProse(nodes, row)) return false
    hasLeaf = true
  }
  return hasLeaf
}

/** Whether a leaf is a part of a comment or of a docstring. */
const isProse = (nodes: SyntaxNodes, leaf: number): boolean => {
  for (let row = leaf, level = 0; row >= 0 && level < 4; row = nodes.parent[row] ?? -1, level++) {
    if (isComment(nodes.type[row] ?? "") || isDocstring(nodes, row)) return true
  }
  return false
}

const isDocstring = (nodes: SyntaxNodes, row: number): boolean => {
  const parent = nodes.parent[row] ?? -1
  return nodes.type[row] === "string" && nodes.type[parent] === "expression_statement" &&
    nodes.start[row] === nodes.start[parent] && nodes.end[row] === nodes.end[parent]
}

/** The lines around a span that are comments too, as one text: a licence tells what it is in few of its lines. */
export const commentAround = (text: string, span: Span, language: string): string => {
  let start = startOfLine(text, span.start)
  let end = endOfLine(text, Math.max(span.start, span.end - 1))
  const isCommentLine = (from: number, to: number) => {
    const line = text.slice(from, to)
    return line.trim() !== "" && isCommentOnly(line, language)
  }
  while (start > 0) {
    const above = startOfLine(text, start - 1)
    if (!isCommentLine(above, start - 1)) break
    start = above
  }
  while (end < text.length) {
    const below = endOfLine(text, end + 1)
    if (!isCommentLine(end + 1, below)) break
    end = below
  }
  return text.slice(start, end)
}
