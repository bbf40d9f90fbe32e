/**
 * The syntax trees of the files that changed last. They are likely to change again, and are re-parsed only where they
 * do.
 */
import type { lineDiff } from "./diff.ts"
import type { LanguageParser, SyntaxTree } from "../Parser.ts"

/** Trees of the files of which a parser was asked last. It holds state: make one for each who asks. */
export interface RecentTrees {
  /** Returns a parser for the texts of one file that starts from the text it was given last. It keeps its trees. */
  readonly parserOf: (path: string, language: string, parser: LanguageParser) => LanguageParser
  /** Gives all trees back. */
  readonly release: () => void
}

/** The texts of all trees that are kept have so many UTF-16 units at the most; a tree takes about ten times the memory. */
const mostUnits = 512 * 1024

/** Makes trees that are none yet; `hunksOf` tells two versions of a file apart. */
export const makeRecentTrees = (hunksOf: typeof lineDiff): RecentTrees => {
  const recent = new Map<string, { readonly language: string; readonly tree: SyntaxTree }>()
  let units = 0
  const forget = (path: string) => {
    const known = recent.get(path)
    if (known === undefined) return
    known.tree.release()
    units -= known.tree.source.length
    recent.delete(path)
  }
  return {
    parserOf: (path, language, parser) => ({
      ...parser,
      parse: (text) => {
        const last = recent.get(path)
        if (last?.language === language && last.tree.source === text) return kept(last.tree)
        const tree = last?.language === language
          ? last.tree.edit(text, hunksOf(last.tree.source, text))
          : parser.parse(text)
        forget(path)
        recent.set(path, { language, tree })
        units += text.length
        for (const oldest of recent.keys()) {
          if (units <= mostUnits || oldest === path) break
          forget(oldest)
        }
        return kept(tree)
      }
    }),
    release: () => {
      for (const path of recent.keys()) forget(path)
    }
  }
}

/** A tree that is not its user's to give back. */
const kept = (tree: SyntaxTree): SyntaxTree => ({ ...tree, release: () => undefined })
