/** The functions and classes at the top of a file, each with its own lines. */
import type { SyntaxNodes } from "../../../services/Parser.ts"
import { lineAt, lineStartsOf } from "../../../services/text/span.ts"
import type { Shape } from "./shape.ts"

export interface TopDefinition {
  readonly name: string
  /** Its lines with the comments right above it. */
  readonly text: string
}

export const topDefinitions = (source: string, nodes: SyntaxNodes, shape: Shape): ReadonlyArray<TopDefinition> => {
  const { count, end, field, parent, start, type } = nodes
  const starts = lineStartsOf(source)
  const found: Array<TopDefinition> = []
  /** First line of the comments that stand right above the next node; -1 for none. */
  let leading = -1
  let leadingEnd = -1
  for (let row = 1; row < count; row++) {
    if (parent[row] !== 0) continue
    const first = lineAt(starts, start[row] ?? 0)
    const last = lineAt(starts, Math.max(start[row] ?? 0, (end[row] ?? 0) - 1))
    if (shape.leading.has(type[row] ?? "")) {
      if (leading === -1 || leadingEnd + 1 < first) leading = first
      leadingEnd = last
      continue
    }
    const name = nameOf(row)
    if (name !== undefined) {
      const from = leading !== -1 && leadingEnd + 1 === first ? leading : first
      found.push({ name, text: source.slice(starts[from] ?? 0, starts[last + 1] ?? source.length) })
    }
    leading = -1
  }
  return found

  /** The name of a definition, which an export or a decorator may stand around. */
  function nameOf(top: number): string | undefined {
    for (let row = top; row < count && (start[row] ?? 0) < (end[top] ?? 0); row++) {
      if (field[row] !== "name") continue
      const around = parent[row] ?? 0
      const isNear = around === top || parent[around] === top
      return isNear && shape.scopes.has(type[around] ?? "") && shape.scopes.get(type[around] ?? "") !== "block"
        ? source.slice(start[row] ?? 0, end[row] ?? 0)
        : undefined
    }
    return undefined
  }
}
