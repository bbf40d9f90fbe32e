/**
 * Whether another middle parses as well as the right one. Both are tried in the frame of the middle: what is broken
 * there is broken in the file. Only where a middle has no frame, the whole file is asked.
 */
import { frameAround } from "../../services/cuts/frame.ts"
import type { LanguageParser, SyntaxTree } from "../../services/Parser.ts"
import type { Scene } from "./mutations/scene.ts"

/** What the parser says of a file's language and of the file. */
export interface FileParser {
  readonly errorsIn: LanguageParser["errorsIn"]
  readonly parsesAsWellWith: SyntaxTree["parsesAsWellWith"]
  /** The text between two offsets, as far as the nodes are of it: of a long file only a window may have been parsed. */
  readonly textOf: (start: number, end: number) => string
}

/** Returns the judge of the middles of a scene. */
export const judgeOf = (scene: Scene, file: FileParser): (middle: string) => boolean => {
  const { language, middle, nodes, text } = scene
  const frame = frameAround(text, nodes, middle, language, file.textOf)
  if (frame === undefined) return (other) => file.parsesAsWellWith(middle, other)
  const errorsWith = (other: string): number => file.errorsIn(frame.before + other + frame.after)
  let own: number | undefined
  return (other) => {
    const errors = errorsWith(other)
    return errors === 0 || errors <= (own ??= errorsWith(text.slice(middle.start, middle.end)))
  }
}

/** Returns what a parser and the tree of a whole text say of it. */
export const wholeFileParser = (
  { errorsIn }: Pick<LanguageParser, "errorsIn">,
  { parsesAsWellWith, source }: Pick<SyntaxTree, "parsesAsWellWith" | "source">
): FileParser => ({ errorsIn, parsesAsWellWith, textOf: (start, end) => source.slice(start, end) })
