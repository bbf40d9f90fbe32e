/** Who owns each line of comments: they come and go with the code that they speak of. */
import type { SyntaxNodes } from "../../../services/Parser.ts"
import { lineAt, lineStartsOf } from "../../../services/text/span.ts"
import { indentOf } from "./lines.ts"
import type { Parts } from "./parts.ts"

/** Comments that say of the whole file how it is run, decoded or checked. */
const directive =
  /^(?:#!|#.*coding[:=]|\s*(?:\/[/*]|#)\s*(?:globals?|eslint|jshint|@ts-|@flow|pylint:|mypy:|ruff:|flake8:|frozen_string_literal:)\b)/

export interface CommentInput {
  readonly lines: ReadonlyArray<string>
  readonly ofLine: Int32Array
  readonly parent: ReadonlyArray<number>
  readonly head: ReadonlyArray<number>
  readonly parts: Parts
  readonly nodes: SyntaxNodes
  readonly source: string
}

const isBlank = (line: string): boolean => line.trim() === ""

/**
 * Gives every line of comments its atom: that of the code below where it stands above a part at its own depth, that of
 * the code above where it ends a block. What opens the file apart from its code belongs to the program.
 * Returns for each line whether it is the first of a part, comments included.
 */
export const ownComments = ({ head, lines, nodes, ofLine, parent, parts, source }: CommentInput): Uint8Array => {
  const starts = lineStartsOf(source)
  const firstLine = new Map<number, number>()
  for (const [atom, part] of head.entries()) {
    // The node's own start; a clause may take a brace from the line that it starts on, which is the same line.
    firstLine.set(atom, lineAt(starts, nodes.start[parts.row[part] ?? 0] ?? 0))
  }
  const opens = new Uint8Array(lines.length)
  for (let line = 0; line < lines.length; line++) {
    const atom = ofLine[line] ?? -1
    if (atom > 0 && (line === 0 || ofLine[line - 1] !== atom) && (firstLine.get(atom) ?? -1) === line) opens[line] = 1
  }
  let line = 0
  let above = -1
  while (line < lines.length) {
    if (ofLine[line] !== -1) {
      above = line++
      continue
    }
    // A run of comments and blank lines between two lines of code.
    let below = line
    while (below < lines.length && ofLine[below] === -1) below++
    const next = below < lines.length ? below : -1
    ownRun(line, below, above, next)
    line = below
  }
  return opens

  function ownRun(from: number, to: number, above: number, next: number): void {
    const before = above === -1 ? 0 : ofLine[above] ?? 0
    const after = next === -1 ? 0 : ofLine[next] ?? 0
    if (above !== -1 && next !== -1 && before === after && opens[next] === 0) {
      for (let at = from; at < to; at++) ofLine[at] = before
      return
    }
    let lastOwned = -1
    for (let at = to - 1; at >= from; at--) {
      const text = lines[at] ?? ""
      if (isBlank(text)) continue
      const belongsBelow = next !== -1 && opens[next] === 1 && indentOf(text) <= indentOf(lines[next] ?? "")
      if (!belongsBelow || (above === -1 && isApart(at, next))) {
        ofLine[at] = above === -1 ? 0 : enclosing(before, indentOf(text), next === -1 ? 0 : after)
        continue
      }
      ofLine[at] = after
      // Blank lines between a comment and its code, or between two of its comments, move with it.
      for (let blank = at + 1; blank < (lastOwned === -1 ? next : lastOwned); blank++) ofLine[blank] = after
      lastOwned = at
    }
    if (lastOwned !== -1) {
      opens[next] = 0
      opens[lastOwned] = 1
    }
  }

  /** Whether a comment that opens the file stands apart from the code below it, or speaks to tools. */
  function isApart(at: number, next: number): boolean {
    if (directive.test(lines[at] ?? "")) return true
    for (let line = at + 1; line < next; line++) if (isBlank(lines[line] ?? "")) return true
    return false
  }

  /** The part above whose depth the comment has, not further out than the part that goes on below. */
  function enclosing(atom: number, indent: number, limit: number): number {
    let now = atom
    while (now > 0 && now !== limit) {
      const line = firstLine.get(now) ?? 0
      if (indentOf(lines[line] ?? "") <= indent) return now
      const up = parent[now] ?? -1
      if (up <= 0 || up === limit) return now
      now = up
    }
    return now
  }
}
