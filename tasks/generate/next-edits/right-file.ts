/** A file after the right edit, to be spoiled: other texts for its lines, and whether another text parses as well. */
import { nodesNear } from "../../../services/cuts/nodes-near.ts"
import type { LanguageParser, SyntaxTree } from "../../../services/Parser.ts"
import { differingMiddle } from "../../../services/text/diff.ts"
import type { Random } from "../../../services/text/random.ts"
import { endOfLine, type Span, startOfLine } from "../../../services/text/span.ts"
import { judgeOf, wholeFileParser } from "../judge.ts"
import { lexicalNodes } from "../lexical-nodes.ts"
import { makeNegative } from "../negatives.ts"

/** A file as it should be. */
export interface RightFile {
  /** Returns another text for a span that differs in more than form and parses as well; undefined where none is found. */
  readonly spoil: (middle: Span, random: Random) => string | undefined
  /** Whether another text of the file has no more errors; true where the language has no grammar. */
  readonly parsesAsWell: (other: string) => boolean
}

/** UTF-16 units around a line that are looked at. */
const around = 800

/** Returns what can be said of a text; `tree` is its own, or undefined where its language has no grammar. */
export const rightFile = (
  text: string,
  language: string,
  parser: Pick<LanguageParser, "errorsIn"> | undefined,
  tree: SyntaxTree | undefined
): RightFile => {
  const file = tree === undefined || parser === undefined ? null : wholeFileParser(parser, tree)
  const sceneOf = (middle: Span) => {
    const window = { start: Math.max(0, middle.start - around), end: Math.min(text.length, middle.end + around) }
    const nodes = tree === undefined ? lexicalNodes(text, window) : nodesNear(tree.nodes(window), window)
    return { text, language, middle, nodes, hasGrammar: tree !== undefined, others: [] }
  }
  return {
    spoil: (middle, random) =>
      makeNegative({
        scene: sceneOf(middle),
        parser: file,
        oldMiddle: null,
        positives: [text.slice(middle.start, middle.end)],
        random
      }).negative?.middle,
    parsesAsWell: (other) => {
      if (file === null || text === other) return true
      const { head, tail } = differingMiddle(text, other)
      // Whole lines: what is broken in part of one would look broken.
      const middle = { start: startOfLine(text, head), end: endOfLine(text, text.length - tail) }
      const replacement = other.slice(middle.start, other.length - (text.length - middle.end))
      return judgeOf(sceneOf(middle), file)(replacement)
    }
  }
}
