/**
 * Parser of one tiny language, "braces", in plain TypeScript: words, numbers, operators, statements that end in ";" and
 * blocks in "{}". It is for tests that need trees without WebAssembly, and lets the contract suite show that nothing
 * outside the other layer depends on tree-sitter.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import {
  GrammarUnavailable,
  type LanguageParser,
  Parser,
  type SyntaxNodes,
  type SyntaxTree
} from "../../services/Parser.ts"

export const layer: Layer.Layer<Parser> = Layer.succeed(
  Parser,
  Parser.of({
    open: (language) =>
      language === "braces"
        ? Effect.succeed({ parse: treeOf, parseParts, errorsIn: (source) => countBroken(read(source)) })
        : new GrammarUnavailable({ language, detail: "the parser for tests knows only braces" })
  })
)

interface Node {
  readonly type: string
  readonly start: number
  end: number
  readonly isNamed: boolean
  readonly isBroken: boolean
  readonly children: Array<Node>
}

const treeOf = (source: string): SyntaxTree => ({
  source,
  errorCount: () => countBroken(read(source)),
  nodes: (span) => columnsOf(read(source), (child) => child.start <= span.end && child.end >= span.start, () => true),
  outline: (enters) => columnsOf(read(source), () => true, enters),
  edit: (next) => treeOf(next),
  parsesAsWellWith: (span, replacement) =>
    countBroken(read(source.slice(0, span.start) + replacement + source.slice(span.end))) <= countBroken(read(source)),
  release: () => undefined
})

/** What stands between the parts is blank to this parser. */
const parseParts: LanguageParser["parseParts"] = (source, parts) => {
  let shown = ""
  for (const { end, start } of parts) shown = shown.padEnd(start) + source.slice(start, end)
  return treeOf(shown.padEnd(source.length))
}

const node = (type: string, start: number, end: number, isNamed: boolean, isBroken = false): Node => ({
  type,
  start,
  end,
  isNamed,
  isBroken,
  children: []
})

/** Reads statements into blocks; a "}" without its "{" and a "{" without its "}" are errors. */
const read = (source: string): Node => {
  const root = node("program", 0, source.length, true)
  const open = [root]
  let statement: Node | undefined
  for (const match of source.matchAll(/[A-Za-z_]\w*|\d+|[{};]|[^\s\w{};]/g)) {
    const text = match[0]
    const start = match.index
    const end = start + text.length
    const block = open[open.length - 1] ?? root
    if (text === "}") {
      statement = undefined
      if (open.length === 1) block.children.push(node("ERROR", start, end, true, true))
      else {
        block.children.push(node("}", start, end, false))
        block.end = end
        open.pop()
      }
    } else if (text === "{") {
      statement = undefined
      const inner = node("block", start, end, true)
      inner.children.push(node("{", start, end, false))
      block.children.push(inner)
      open.push(inner)
    } else {
      if (statement === undefined) {
        statement = node("statement", start, end, true)
        block.children.push(statement)
      }
      const type = text === ";" ? ";" : /^\d/.test(text) ? "number" : /^\w/.test(text) ? "identifier" : text
      statement.children.push(node(type, start, end, /^\w/.test(text)))
      statement.end = end
      if (text === ";") statement = undefined
    }
  }
  for (const block of open.slice(1)) {
    block.end = source.length
    block.children.push(node("}", source.length, source.length, false, true))
  }
  return root
}

const countBroken = (tree: Node): number =>
  tree.children.reduce((sum, child) => sum + countBroken(child), tree.isBroken ? 1 : 0)

const columnsOf = (
  root: Node,
  shows: (child: Node) => boolean,
  enters: (type: string, parentType: string) => boolean
): SyntaxNodes => {
  const rows: Array<{ readonly node: Node; readonly parent: number; readonly isLeaf: boolean }> = []
  const visit = (current: Node, parent: number, parentType: string): void => {
    const isEntered = parent === -1 || enters(current.type, parentType)
    const isLeaf = current.children.length === 0 || !isEntered
    const row = rows.push({ node: current, parent, isLeaf }) - 1
    if (isEntered) { for (const child of current.children) if (shows(child)) visit(child, row, current.type) }
  }
  visit(root, -1, "")
  const flags = (isSet: (row: Node) => boolean) => Uint8Array.from(rows, (row) => (isSet(row.node) ? 1 : 0))
  return {
    count: rows.length,
    type: rows.map((row) => row.node.type),
    field: rows.map(() => null),
    start: Int32Array.from(rows, (row) => row.node.start),
    end: Int32Array.from(rows, (row) => row.node.end),
    parent: Int32Array.from(rows, (row) => row.parent),
    isNamed: flags((row) => row.isNamed),
    isBroken: flags((row) => row.isBroken),
    isLeaf: Uint8Array.from(rows, (row) => (row.isLeaf ? 1 : 0))
  }
}
