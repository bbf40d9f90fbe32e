/**
 * The syntax trees of the files that changed last. They are likely to change again, and are re-parsed only where they
 * do.
 */
import { differingMiddle } from "../../services/text/diff.ts"
import type { LanguageParser, SyntaxTree } from "../../services/Parser.ts"

export interface RecentTrees {
  /** Returns a parser for the texts of one file that starts from the text it was given last. It keeps its trees. */
  readonly parserOf: (path: string, language: string, parser: LanguageParser) => LanguageParser
}

/** How many trees are kept; one takes about ten times the memory of its text. */
const mostTrees = 32

export const makeRecentTrees = (): RecentTrees => {
  const recent = new Map<string, { readonly language: string; readonly tree: SyntaxTree }>()
  const release = (path: string) => {
    recent.get(path)?.tree.release()
    recent.delete(path)
  }
  return {
    parserOf: (path, language, parser) => ({
      ...parser,
      parse: (text) => {
        const last = recent.get(path)
        const tree = last?.language === language ? reparse(last.tree, text) : parser.parse(text)
        release(path)
        recent.set(path, { language, tree })
        const [oldest] = recent.keys()
        if (recent.size > mostTrees && oldest !== undefined) release(oldest)
        return { ...tree, release: () => undefined }
      }
    })
  }
}

const reparse = (tree: SyntaxTree, text: string): SyntaxTree => {
  const { head, tail } = differingMiddle(tree.source, text)
  const old = { start: head, end: tree.source.length - tail }
  return tree.edit(text, [{ old, new: { start: head, end: text.length - tail } }])
}
