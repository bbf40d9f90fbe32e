/**
 * Atoms: the least sets of lines that an edit adds. Parts that share a line are one atom; each comment and blank line
 * has an owner that it comes and goes with, so that no edit consists of them alone.
 */
import type { SyntaxNodes } from "../../../services/Parser.ts"
import { ownBlanks, type Tree } from "./blanks.ts"
import { ownComments } from "./comments.ts"
import { indentOf, linesWithEnds } from "./lines.ts"
import type { Needs } from "./needs.ts"
import type { Parts } from "./parts.ts"
import type { Shape } from "./shape.ts"
import { glueLines, mergeParts, partsOnLines } from "./shared-lines.ts"
import { siblingsOf } from "./siblings.ts"

export interface Atoms {
  /** Lines with their ends; joined they are the program. */
  readonly lines: ReadonlyArray<string>
  readonly ofLine: Int32Array
  readonly ofPart: Int32Array
  /** The atom around each atom; -1 for the program and for blank lines. */
  readonly parent: Int32Array
  /** What each atom needs of the tree; the numbers past the atoms stand for no lines. */
  readonly needs: Needs
  /** How likely each atom is drawn: deeper ones more, blank lines and the program itself never. */
  readonly weights: Float64Array
}

export const atomsOf = (
  source: string,
  nodes: SyntaxNodes,
  parts: Parts,
  shape: Shape,
  glued: ReadonlyArray<readonly [first: number, last: number]> = []
): Atoms => {
  const lines = linesWithEnds(source)
  const touched = partsOnLines(source, nodes, parts, lines.length)
  const glue = glueLines(touched, glued)
  const rootOf = mergeParts(parts, [...touched.pairs, ...glue])
  const numbers = new Map<number, number>()
  const ofPart = new Int32Array(parts.count)
  for (let part = 0; part < parts.count; part++) {
    const root = rootOf(part)
    if (!numbers.has(root)) numbers.set(root, numbers.size)
    ofPart[part] = numbers.get(root) ?? 0
  }
  const parent: Array<number> = Array.from({ length: numbers.size }, () => -1)
  /** The first part of each atom, which says where it stands. */
  const head: Array<number> = Array.from({ length: numbers.size }, () => -1)
  for (let part = 0; part < parts.count; part++) {
    const atom = ofPart[part] ?? 0
    if (head[atom] === -1) {
      head[atom] = part
      const up = parts.parent[part] ?? -1
      if (up !== -1 && ofPart[up] !== atom) parent[atom] = ofPart[up] ?? -1
    }
  }
  const ofLine = new Int32Array(lines.length).fill(-1)
  for (let line = 0; line < lines.length; line++) {
    const part = touched.partOf[line] ?? -1
    if (part !== -1) ofLine[line] = ofPart[part] ?? 0
  }
  const needing: Array<number> = []
  const oneOf: Array<ReadonlyArray<number>> = []
  const need = (atom: number, choices: ReadonlyArray<number>): void => {
    if (choices.length === 0 || choices.includes(atom)) return
    needing.push(atom)
    oneOf.push(choices)
  }
  for (const [atom, up] of parent.entries()) if (up !== -1) need(atom, [up])
  const siblings = siblingsOf(parts, ofPart)
  for (const { atoms, owner } of siblings.groups) need(ofPart[owner] ?? 0, atoms)
  needClauses(nodes, parts, shape, ofPart, need)
  const owners = ownComments({ lines, ofLine, parent, head, parts, nodes, source })
  const tree: Tree = { parent, place: siblings.place, groups: siblings.groups }
  let count = numbers.size
  count = ownBlanks(lines, ofLine, owners, tree, count, need)
  const weights = weightsOf(lines, ofLine, touched.partOf, count)
  weights[0] = 0
  const parentOf = new Int32Array(count).fill(-1)
  for (const [atom, up] of parent.entries()) parentOf[atom] = up
  return { lines, ofLine, ofPart, parent: parentOf, needs: { count, needing, oneOf }, weights }
}

/** A try needs one of its handlers. */
const needClauses = (
  nodes: SyntaxNodes,
  parts: Parts,
  shape: Shape,
  ofPart: Int32Array,
  need: (atom: number, choices: ReadonlyArray<number>) => void
): void => {
  if (shape.clauseGroups.size === 0) return
  const groups = new Map<number, Array<number>>()
  for (let part = 1; part < parts.count; part++) {
    const row = parts.row[part] ?? 0
    const up = nodes.parent[row] ?? 0
    if (shape.clauseGroups.get(nodes.type[up] ?? "")?.has(nodes.type[row] ?? "") !== true) continue
    const group = groups.get(up) ?? []
    groups.set(up, group)
    group.push(ofPart[part] ?? 0)
  }
  for (const [row, atoms] of groups) need(ofPart[parts.ofRow[row] ?? 0] ?? 0, atoms)
}

/** The weight of a line is its depth (the first indent of the program is one level), and 1 at the margin. */
const weightsOf = (
  lines: ReadonlyArray<string>,
  ofLine: Int32Array,
  partOf: Int32Array,
  count: number
): Float64Array => {
  const weights = new Float64Array(count)
  let width = 0
  for (let line = 0; line < lines.length; line++) {
    if (partOf[line] === -1) continue
    const indent = indentOf(lines[line] ?? "")
    if (width === 0) width = indent
    const atom = ofLine[line] ?? 0
    if (weights[atom] === 0) weights[atom] = indent === 0 ? 1 : indent / width
  }
  return weights
}
