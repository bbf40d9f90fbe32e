/** Which part stands on each line, and which parts share one: those are one for an edit, which adds whole lines. */
import type { SyntaxNodes } from "../../../services/Parser.ts"
import { lineAt, lineStartsOf } from "../../../services/text/span.ts"
import type { Parts } from "./parts.ts"

export interface Touched {
  /** A part with code on each line; -1 for none. */
  readonly partOf: Int32Array
  /** Parts that share a line, two by two. */
  readonly pairs: ReadonlyArray<readonly [number, number]>
}

export const partsOnLines = (source: string, nodes: SyntaxNodes, parts: Parts, lineCount: number): Touched => {
  const starts = lineStartsOf(source)
  const partOf = new Int32Array(lineCount).fill(-1)
  const pairs: Array<readonly [number, number]> = []
  let line = 0
  for (let row = 0; row < nodes.count; row++) {
    const part = parts.ofLeaf[row] ?? -1
    if (part === -1) continue
    const start = nodes.start[row] ?? 0
    let end = nodes.end[row] ?? 0
    // A token may hold the end of its line; it does not touch the next one.
    while (end > start + 1 && (source[end - 1] === "\n" || source[end - 1] === "\r")) end--
    if (start < (starts[line] ?? 0)) line = lineAt(starts, start)
    while (line + 1 < starts.length && (starts[line + 1] ?? 0) <= start) line++
    if (source.charCodeAt(start) === 10) continue
    for (let at = line; at < lineCount && (starts[at] ?? 0) < end; at++) {
      const other = partOf[at] ?? -1
      if (other === -1) partOf[at] = part
      else if (other !== part) pairs.push([other, part])
    }
  }
  return { partOf, pairs }
}

/** Gives lines that come and go as one to a part that stands on them. Returns the parts that are one for it. */
export const glueLines = (
  { partOf }: Touched,
  glued: ReadonlyArray<readonly [first: number, last: number]>
): ReadonlyArray<readonly [number, number]> =>
  glued.flatMap(([first, last]) => {
    const parts = [...new Set(partOf.subarray(first, last + 1))].filter((part) => part !== -1)
    const [one = 0] = parts
    for (let line = first; line <= last; line++) if (partOf[line] === -1) partOf[line] = one
    return parts.map((part) => [one, part] as const)
  })

/** Joins parts that share lines, and what lies between them in the tree. Returns the way to each one's first. */
export const mergeParts = (parts: Parts, pairs: ReadonlyArray<readonly [number, number]>) => {
  const first = Int32Array.from({ length: parts.count }, (_, part) => part)
  const rootOf = (part: number): number => {
    let root = part
    while (first[root] !== root) root = first[root] ?? root
    for (let now = part; first[now] !== root;) {
      const next = first[now] ?? root
      first[now] = root
      now = next
    }
    return root
  }
  const join = (a: number, b: number): void => {
    const [low, high] = [rootOf(a), rootOf(b)].sort((x, y) => x - y)
    first[high ?? 0] = low ?? 0
  }
  for (const [a, b] of pairs) {
    if (rootOf(a) === rootOf(b)) continue
    // Parts are numbered in pre-order: climbing from the later one reaches the common ancestor first.
    let low = Math.min(a, b)
    let high = Math.max(a, b)
    const isAround = (outer: number, inner: number): boolean => {
      let now = inner
      while (now > outer) now = parts.parent[now] ?? -1
      return now === outer
    }
    if (isAround(low, high)) {
      for (; high !== low; high = parts.parent[high] ?? low) join(high, low)
      continue
    }
    join(low, high)
    for (let up = parts.parent[high] ?? 0; !isAround(up, low); up = parts.parent[up] ?? 0) join(up, high)
    const top = high
    for (let up = parts.parent[low] ?? 0; !isAround(up, top); up = parts.parent[up] ?? 0) join(up, low)
  }
  return rootOf
}
