/**
 * Whether another middle parses as well as the right one. It is tried in the frame of the middle first: where nothing is
 * broken there, nothing is in the file. The whole file is asked where even the right middle does not parse in its frame.
 */
import { frameAround } from "../../services/cuts/frame.ts"
import type { SyntaxTree } from "../../services/Parser.ts"
import type { Scene } from "./mutations/scene.ts"

/** Returns the judge of the middles of a scene, whose text `tree` is of. */
export const judgeOf = (scene: Scene, tree: SyntaxTree): (middle: string) => boolean => {
  const { language, middle, nodes, text } = scene
  const frame = frameAround(text, nodes, middle, language)
  if (frame === undefined) return (other) => tree.parsesAsWellWith(middle, other)
  const isWhole = (other: string): boolean => tree.errorsIn(frame.before + other + frame.after) === 0
  let isSound: boolean | undefined
  return (other) => {
    if (isWhole(other)) return true
    isSound ??= isWhole(text.slice(middle.start, middle.end))
    return isSound ? false : tree.parsesAsWellWith(middle, other)
  }
}
