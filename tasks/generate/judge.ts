/**
 * Whether another middle parses as well as the right one. It is tried in the frame of the middle first: where nothing is
 * broken there, nothing is in the file. The whole file is asked where even the right middle does not parse in its frame.
 */
import { frameAround } from "../../services/cuts/frame.ts"
import type { LanguageParser, SyntaxTree } from "../../services/Parser.ts"
import type { Scene } from "./mutations/scene.ts"

/** What the parser says of a file's language and of the file. */
export interface FileParser {
  readonly errorsIn: LanguageParser["errorsIn"]
  readonly parsesAsWellWith: SyntaxTree["parsesAsWellWith"]
}

/** Returns the judge of the middles of a scene. */
export const judgeOf = (scene: Scene, file: FileParser): (middle: string) => boolean => {
  const { language, middle, nodes, text } = scene
  const frame = frameAround(text, nodes, middle, language)
  if (frame === undefined) return (other) => file.parsesAsWellWith(middle, other)
  const isWhole = (other: string): boolean => file.errorsIn(frame.before + other + frame.after) === 0
  let isSound: boolean | undefined
  return (other) => {
    if (isWhole(other)) return true
    isSound ??= isWhole(text.slice(middle.start, middle.end))
    return isSound ? false : file.parsesAsWellWith(middle, other)
  }
}
