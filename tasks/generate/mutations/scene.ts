/** The place that a mutation works on, and what all of them ask of it. */
import { isName } from "../../../services/cuts/node-roles.ts"
import { firstStartingAt } from "../../../services/cuts/nodes-near.ts"
import type { SyntaxNodes } from "../../../services/Parser.ts"
import type { Random } from "../../../services/text/random.ts"
import type { Span } from "../../../services/text/span.ts"

/** What a mutation may look at. Offsets count in `text`. */
export interface Scene {
  readonly text: string
  readonly language: string
  readonly middle: Span
  /** Nodes of the middle and of its surroundings. */
  readonly nodes: SyntaxNodes
  /** Whether the nodes come from a grammar; else they are lines and lexemes. */
  readonly hasGrammar: boolean
  /** Middles of the same kind elsewhere in the file. */
  readonly others: ReadonlyArray<Span>
}

/** Proposes another middle, or undefined where the scene offers no place for it. */
export type Mutation = (scene: Scene, random: Random) => string | undefined

/** Replaces a part of the middle; `part` lies within it. */
export const replaceIn = ({ middle, text }: Scene, part: Span, replacement: string): string =>
  text.slice(middle.start, part.start) + replacement + text.slice(part.end, middle.end)

export const spanAt = (nodes: SyntaxNodes, row: number): Span => ({
  start: nodes.start[row] ?? 0,
  end: nodes.end[row] ?? 0
})

export const textAt = (scene: Scene, row: number): string =>
  scene.text.slice(scene.nodes.start[row] ?? 0, scene.nodes.end[row] ?? 0)

/** The type of a row, "" for none. */
export const typeAt = ({ nodes }: Pick<Scene, "nodes">, row: number): string => nodes.type[row] ?? ""

/** The row of the parent, -1 for the root and for none. */
export const parentOf = ({ nodes }: Pick<Scene, "nodes">, row: number): number => nodes.parent[row] ?? -1

/** Rows inside the middle for which `isWanted` holds of the type. */
export const rowsInside = (
  scene: Scene,
  isWanted: (type: string, row: number) => boolean
): ReadonlyArray<number> => {
  const { middle, nodes } = scene
  const rows: Array<number> = []
  const isWhole = nodes.start[0] === middle.start && nodes.end[0] === middle.end
  const first = isWhole ? 0 : firstStartingAt(nodes, middle.start)
  for (let row = first; row < nodes.count && (nodes.start[row] ?? 0) <= middle.end; row++) {
    if ((nodes.end[row] ?? 0) <= middle.end && isWanted(nodes.type[row] ?? "", row)) rows.push(row)
  }
  return rows
}

/** Rows of the children of a row, in order. */
export const childRows = ({ nodes }: Pick<Scene, "nodes">, parent: number): ReadonlyArray<number> => {
  const rows: Array<number> = []
  const end = nodes.end[parent] ?? 0
  for (let row = parent + 1; row < nodes.count && (nodes.start[row] ?? 0) <= end; row++) {
    if (nodes.parent[row] === parent) rows.push(row)
  }
  return rows
}

/** Rows of the children that the grammar names. */
export const namedChildren = (scene: Pick<Scene, "nodes">, parent: number): ReadonlyArray<number> =>
  childRows(scene, parent).filter((row) => scene.nodes.isNamed[row] === 1 && !typeAt(scene, row).includes("comment"))

/** Whether a row or one of the rows above it, so many levels up, is of a type. */
export const isUnder = (scene: Pick<Scene, "nodes">, row: number, levels: number, type: RegExp): boolean => {
  for (let at = row, level = 0; at >= 0 && level <= levels; at = parentOf(scene, at), level++) {
    if (type.test(typeAt(scene, at))) return true
  }
  return false
}

/** Whether a row is a leaf that names something. */
export const isNameLeaf = ({ nodes }: Pick<Scene, "nodes">, row: number): boolean =>
  nodes.isLeaf[row] === 1 && isName(nodes.type[row] ?? "")

/** The first name in a row, which may be itself; undefined for none. */
export const firstName = (scene: Scene, top: number): number | undefined => {
  const end = scene.nodes.end[top] ?? 0
  for (let row = top; row < scene.nodes.count && (scene.nodes.start[row] ?? 0) < end; row++) {
    if (isNameLeaf(scene, row)) return row
  }
  return undefined
}

/** Whether a text has a name in it, as a word of its own. */
export const mentions = (text: string, name: string): boolean => {
  if (name === "") return false
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    if (!/[\p{L}\p{N}_]/u.test(text[at - 1] ?? "") && !/[\p{L}\p{N}_]/u.test(text[at + name.length] ?? "")) return true
  }
  return false
}
