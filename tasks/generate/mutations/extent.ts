/** A middle that stops too early, or runs on into what stands behind it. */
import { lengthOf } from "../../../services/text/span.ts"
import { type Mutation, rowsInside, typeAt } from "./scene.ts"
import { statementsInside } from "./statements.ts"

/** The least share of the middle that an early stop keeps. */
const leastKept = 0.2

/** The middle up to the end of one of its statements or parts. */
export const stopEarly: Mutation = (scene, random) => {
  const { middle, nodes, text } = scene
  const ends = new Set<number>()
  for (const group of statementsInside(scene)) for (const row of group) ends.add(nodes.end[row] ?? 0)
  if (ends.size < 2) {
    for (const row of rowsInside(scene, (_, row) => nodes.isNamed[row] === 1)) {
      if (nodes.start[row] === middle.start) ends.add(nodes.end[row] ?? 0)
    }
  }
  const least = middle.start + lengthOf(middle) * leastKept
  const end = random.pick([...ends].filter((end) => end < middle.end && end >= least))
  return end === undefined ? undefined : text.slice(middle.start, end)
}

/** The middle and then what the suffix says anyway. */
export const runOn: Mutation = (scene, random) => {
  const { middle, nodes, text } = scene
  const ends: Array<number> = []
  for (let row = 0; row < nodes.count; row++) {
    const parent = nodes.parent[row] ?? -1
    if (parent < 0 || nodes.isNamed[row] === 0 || (nodes.start[row] ?? 0) < middle.end) continue
    if (typeAt(scene, row).includes("comment")) continue
    const isNear = (nodes.start[parent] ?? 0) <= middle.start && (nodes.end[parent] ?? 0) >= middle.end
    if (isNear) ends.push(nodes.end[row] ?? 0)
  }
  const end = random.pick(ends.slice(0, 2))
  return end === undefined ? undefined : text.slice(middle.start, end)
}
