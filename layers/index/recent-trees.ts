/** The syntax trees of the files that changed last: what changes changes again, and is re-parsed only where it did. */
import { differingMiddle } from "../../services/text/diff.ts"
import type { LanguageParser, SyntaxTree } from "../../services/Parser.ts"

export interface RecentTrees {
  /** A parser of the texts of one file that starts from the text it was given last. It keeps the trees it gives. */
  readonly parserOf: (path: string, language: string, parser: LanguageParser) => LanguageParser
}

/** Trees that are kept; one takes some ten times its text. */
const mostTrees = 32

export const makeRecentTrees = (): RecentTrees => {
  const recent = new Map<string, { readonly language: string; readonly tree: SyntaxTree }>()
  const release = (path: string) => {
    recent.get(path)?.tree.release()
    recent.delete(path)
  }
  return {
    parserOf: (path, language, parser) => ({
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
