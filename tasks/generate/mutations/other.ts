/** A middle of the same kind and type from elsewhere in the file, moved to this indentation. */
import { firstStartingAt } from "../../../services/cuts/nodes-near.ts"
import { lengthOf, type Span, startOfLine } from "../../../services/text/span.ts"
import { type Mutation, parentOf, type Scene, typeAt } from "./scene.ts"

/** Proposes it. */
export const takeOther: Mutation = (scene, random) => {
  const length = lengthOf(scene.middle)
  const wanted = placeOf(scene, scene.middle)
  const likely = scene.others.filter((other) => lengthOf(other) >= length / 2 && lengthOf(other) <= length * 2)
    .filter((other) => placeOf(scene, other) === wanted)
  const other = random.pick(likely)
  if (other === undefined) return undefined
  const text = scene.text.slice(other.start, other.end)
  const from = indentAt(scene.text, other.start)
  const to = indentAt(scene.text, scene.middle.start)
  return from === to ?
    text :
    text.split("\n").map((line, index) => index > 0 && line.startsWith(from) ? to + line.slice(from.length) : line)
      .join("\n")
}

/** What a span is to its surroundings: the type and the field of its node or, of no node, the sign before it. */
const placeOf = (scene: Scene, span: Span): string => {
  const { nodes } = scene
  for (let row = firstStartingAt(nodes, span.start); nodes.start[row] === span.start; row++) {
    if (nodes.end[row] === span.end) {
      const field = nodes.field[row] ?? ""
      return `${typeAt(scene, row)} ${field} ${field === "" ? "" : typeAt(scene, parentOf(scene, row))}`
    }
  }
  return scene.text.slice(Math.max(0, span.start - 12), span.start).trimEnd().slice(-1)
}

const indentAt = (text: string, offset: number): string =>
  /^[ \t]*/.exec(text.slice(startOfLine(text, offset), offset))?.[0] ?? ""
