/** What a function that has a result needs, so that it gives one. */
import type { SyntaxNodes } from "../../../services/Parser.ts"
import type { NameNeed } from "./needs.ts"
import type { Parts } from "./parts.ts"
import type { Shape } from "./shape.ts"

const noResult = /^(?::\s*)?(?:void|any|never|undefined|unknown)$/

/**
 * A function that has a result needs the last statement of its body, which gives it; where that has blocks and clauses
 * of its own, each of them, and what each of them ends with.
 */
export const resultNeeds = (
  source: string,
  nodes: SyntaxNodes,
  shape: Shape,
  parts: Parts,
  ofPart: Int32Array
): ReadonlyArray<NameNeed> => {
  const withResult = new Set<number>()
  for (let row = 1; row < nodes.count; row++) {
    const up = nodes.parent[row] ?? 0
    if (nodes.field[row] === null || !shape.results.has(`${nodes.type[up] ?? ""}.${nodes.field[row]}`)) continue
    if (!noResult.test(source.slice(nodes.start[row] ?? 0, nodes.end[row] ?? 0))) withResult.add(up)
  }
  /** For each part the last part of each container right below it, and its clauses. */
  const ends = new Map<number, Map<number, number>>()
  const first: Array<readonly [part: number, last: number]> = []
  for (let part = 1; part < parts.count; part++) {
    const container = parts.container[part] ?? -1
    const owner = parts.parent[part] ?? 0
    const of = ends.get(owner) ?? new Map<number, number>()
    ends.set(owner, of)
    // A clause ends its owner as much as a block does.
    of.set(container === -1 || isClauseOf(nodes, shape, parts.row[part] ?? 0) ? -1 - part : container, part)
  }
  for (const [owner, of] of ends) {
    for (const [container, last] of of) {
      if (container < 0) continue
      // The body, or the list of statements in it.
      const body = nodes.parent[container] ?? 0
      if (withResult.has(body) || withResult.has(nodes.parent[body] ?? 0)) first.push([owner, last])
    }
  }
  const needs: Array<NameNeed> = []
  const seen = new Set<number>()
  const need = (owner: number, last: number): void => {
    needs.push({ name: "result", isWrite: false, atom: ofPart[owner] ?? 0, oneOf: [ofPart[last] ?? 0] })
    if (seen.has(last)) return
    seen.add(last)
    for (const end of ends.get(last)?.values() ?? []) need(last, end)
  }
  for (const [owner, last] of first) need(owner, last)
  return needs
}

const isClauseOf = (nodes: SyntaxNodes, shape: Shape, row: number): boolean =>
  shape.clauses.has(nodes.type[row] ?? "") || /case|arm|switch_(?:block|section)/.test(nodes.type[row] ?? "")
