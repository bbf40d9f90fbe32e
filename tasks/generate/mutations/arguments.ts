/** Two arguments in each other's place, or one too few. */
import { isArgumentList } from "../../../services/cuts/node-roles.ts"
import { type Mutation, namedChildren, replaceIn, rowsInside, type Scene, spanAt, textAt, typeAt } from "./scene.ts"

/** Arguments whose place means nothing, or that stand for several. */
const named = /keyword_argument|splat|spread|variadic|block_argument|pair/

const isPlain = (scene: Scene, row: number): boolean =>
  !named.test(typeAt(scene, row)) && !/^(?:\w+:\s|\.\.\.|&\w+$)/.test(textAt(scene, row))

/** Whether an argument is one that is mixed up with its neighbour: what runs over lines is not. */
const isSwappable = (scene: Scene, row: number): boolean => isPlain(scene, row) && !textAt(scene, row).includes("\n")

/** Proposes it. The only argument of a call stays: nobody forgets that. */
export const spoilArguments: Mutation = (scene, random) => {
  const lists = rowsInside(scene, (type) => isArgumentList(type))
    .map((row) => namedChildren(scene, row)).filter((items) => items.length > 1)
  const items = random.pick(lists)
  if (items === undefined) return undefined
  const at = random.below(items.length)
  const row = items[at]
  const next = items[at + 1]
  if (row === undefined) return undefined
  const span = spanAt(scene.nodes, row)
  if (next !== undefined && isSwappable(scene, row) && isSwappable(scene, next) && random.next() < 0.6) {
    const after = spanAt(scene.nodes, next)
    const between = scene.text.slice(span.end, after.start)
    return replaceIn(scene, { start: span.start, end: after.end }, textAt(scene, next) + between + textAt(scene, row))
  }
  if (next !== undefined) return replaceIn(scene, { start: span.start, end: scene.nodes.start[next] ?? span.end }, "")
  const before = items[at - 1]
  return replaceIn(scene, {
    start: before === undefined ? span.start : scene.nodes.end[before] ?? span.start,
    end: span.end
  }, "")
}
