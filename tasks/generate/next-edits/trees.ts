/** The syntax trees of a commit's files, each parsed anew only where it differs from the text that was asked for last. */
import type { LanguageParser, SyntaxTree } from "../../../services/Parser.ts"
import { lineDiff } from "../../../services/text/diff.ts"

/** The trees of the files of one commit. They must be released. */
export interface CommitTrees {
  /** Returns the tree of a text of a file, valid until another text of it is asked for; undefined without a grammar. */
  readonly treeOf: (path: string, language: string, text: string) => SyntaxTree | undefined
  readonly release: () => void
}

/** Makes trees that are none yet, with parsers by language. */
export const openTrees = (parsers: ReadonlyMap<string, LanguageParser>): CommitTrees => {
  const known = new Map<string, SyntaxTree>()
  return {
    treeOf: (path, language, text) => {
      const parser = parsers.get(language)
      if (parser === undefined) return undefined
      const last = known.get(path)
      if (last?.source === text) return last
      const tree = last === undefined ? parser.parse(text) : last.edit(text, lineDiff(last.source, text))
      last?.release()
      known.set(path, tree)
      return tree
    },
    release: () => {
      for (const tree of known.values()) tree.release()
      known.clear()
    }
  }
}
