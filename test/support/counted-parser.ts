/** A parser that counts what it is asked: the work of a job in numbers that no other load of a machine changes. */
import * as Effect from "effect/Effect"
import { type LanguageParser, Parser, type SyntaxTree } from "../../services/Parser.ts"
import type { Span } from "../../services/text/span.ts"

/** Work of a parser. Lengths are UTF-16 units. */
export interface ParserWork {
  /** Texts parsed from their beginning, and how long they were; of a window only its parts count. */
  parses: number
  parsed: number
  /** Trees that were moved on to the next version of their text. */
  edits: number
  /** Questions for nodes, and nodes in the answers. */
  looks: number
  nodes: number
}

/** Returns a parser over another, and the counts of its work. */
export const countedParser = (
  inner: Parser["Type"]
): { readonly parser: Parser["Type"]; readonly work: ParserWork } => {
  const work: ParserWork = { parses: 0, parsed: 0, edits: 0, looks: 0, nodes: 0 }
  const parse = (length: number): void => {
    work.parses++
    work.parsed += length
  }
  const nodesOf = (tree: Pick<SyntaxTree, "nodes">) => (span: Span) => {
    const nodes = tree.nodes(span)
    work.looks++
    work.nodes += nodes.count
    return nodes
  }
  const counted = (tree: SyntaxTree): SyntaxTree => ({
    ...tree,
    nodes: nodesOf(tree),
    edit: (source, edits) => {
      work.edits++
      return counted(tree.edit(source, edits))
    },
    parsesAsWellWith: (span, replacement) => {
      work.edits++
      return tree.parsesAsWellWith(span, replacement)
    }
  })
  const countedLanguage = (language: LanguageParser): LanguageParser => ({
    parse: (source) => {
      parse(source.length)
      return counted(language.parse(source))
    },
    parseParts: (source, parts) => {
      parse(parts.reduce((sum, { end, start }) => sum + end - start, 0))
      const tree = language.parseParts(source, parts)
      return { ...tree, nodes: nodesOf(tree) }
    },
    errorsIn: (source) => {
      parse(source.length)
      return language.errorsIn(source)
    }
  })
  return { parser: Parser.of({ open: (name) => Effect.map(inner.open(name), countedLanguage) }), work }
}
