/**
 * The parts of a program: the pieces of its syntax that can come and go by themselves, as a tree. A part owns tokens,
 * not lines; parts that share a line are one for an edit, which adds lines.
 */
import type { SyntaxNodes } from "../../../services/Parser.ts"
import type { Shape } from "./shape.ts"

export interface Parts {
  readonly count: number
  /** Row of the node that each part is; part 0 is the program. */
  readonly row: ReadonlyArray<number>
  /** The part around each part; -1 for the program. */
  readonly parent: ReadonlyArray<number>
  /** The container that holds each part, by row; -1 for the program and for clauses. */
  readonly container: ReadonlyArray<number>
  /** For each node its innermost part. */
  readonly ofRow: Int32Array
  /** For each leaf the part that its text moves with; -1 where it has no text, or only a comment's. */
  readonly ofLeaf: Int32Array
}

/** Tokens that end the part before them. */
const separators = new Set([",", ";", "\n"])

export const partsOf = (nodes: SyntaxNodes, shape: Shape, source: string): Parts => {
  const { count, end, field, isLeaf, isNamed, parent: above, start, type } = nodes
  const row: Array<number> = [0]
  const parent: Array<number> = [-1]
  const container: Array<number> = [-1]
  const ofRow = new Int32Array(count)
  const ofLeaf = new Int32Array(count).fill(-1)
  const isLeading = new Uint8Array(count)
  /** The last part that each container has so far. */
  const latest = new Map<number, number>()
  /** Clauses that begin on the line of the brace before them: they take that one and leave their own last one. */
  const swapped = new Map<number, number>()
  let lastLeaf = -1
  let elseRow = -1
  /** Conditions of a preprocessor whose branches stand in for each other: neither may lack what the other has. */
  const conditions = new Set<number>()
  for (let index = 1; index < count; index++) {
    const up = above[index] ?? 0
    if (field[index] === "alternative" && type[up]?.startsWith("preproc_") === true) conditions.add(up)
  }
  const isContainer = (index: number): boolean => shape.containers.has(type[index] ?? "") && !conditions.has(index)
  const add = (index: number, holder: number): number => {
    row.push(index)
    parent.push(ofRow[above[index] ?? 0] ?? 0)
    container.push(holder)
    return row.length - 1
  }
  for (let index = 1; index < count; index++) {
    const up = above[index] ?? 0
    const kind = type[index] ?? ""
    const own = ofRow[up] ?? 0
    const leads = shape.leading.has(kind) && (kind.endsWith("comment") || isContainer(up))
    isLeading[index] = isLeading[up] === 1 || leads ? 1 : 0
    const isClause = isNamed[index] === 1 &&
      (shape.clauses.has(kind) || (shape.hasBareElse && field[index] === "alternative"))
    if (isClause) {
      const clause = add(index, isContainer(up) ? up : -1)
      ofRow[index] = clause
      // Where the grammar leaves the "else" outside of what it opens, the clause begins with it.
      const hasElse = elseRow !== -1 && above[elseRow] === up
      if (hasElse) ofLeaf[elseRow] = clause
      const brace = hasElse ? previousOf(ofLeaf, elseRow) : lastLeaf
      if (isBraceBefore(brace, start[hasElse ? elseRow : index] ?? 0)) {
        swapped.set(clause, end[index] ?? 0)
        ofLeaf[brace] = clause
      }
    } else if (
      isNamed[index] === 1 && isLeading[index] === 0 && kind !== "heredoc_body" &&
      isContainer(up) &&
      !isFixed(shape, kind, field[index] ?? null) && !(up === 0 && row.length === 1 && isDocstring(nodes, index))
    ) {
      ofRow[index] = add(index, up)
      latest.set(up, ofRow[index] ?? 0)
    } else {
      // The text of a heredoc stands behind the statement that it is part of.
      ofRow[index] = kind === "heredoc_body" ? latest.get(up) ?? own : own
    }
    if (isLeaf[index] !== 1 || start[index] === end[index] || isLeading[index] === 1) continue
    const part = ofRow[index] ?? 0
    if (separators.has(kind) && latest.has(up)) ofLeaf[index] = latest.get(up) ?? part
    else ofLeaf[index] = closing(part, index)
    if (kind === "else") elseRow = index
    lastLeaf = index
  }
  return { count: row.length, row, parent, container, ofRow, ofLeaf }

  /** The part of a token: a clause that took the brace before it leaves its own to what is around it. */
  function closing(part: number, index: number): number {
    let now = part
    while (swapped.get(now) === end[index] && type[index] === "}") now = parent[now] ?? 0
    return now
  }

  function isBraceBefore(brace: number, offset: number): boolean {
    if (brace < 0 || type[brace] !== "}") return false
    return !source.slice(end[brace] ?? 0, offset).includes("\n")
  }
}

const isFixed = (shape: Shape, kind: string, field: string | null): boolean =>
  shape.fixed.has(kind) || (field !== null && fixedFields.has(field))

/** Whether a statement is a text and nothing else: what a file says of itself comes with its first code. */
const isDocstring = ({ parent, type }: SyntaxNodes, index: number): boolean =>
  type[index] === "expression_statement" && type[index + 1] === "string" && parent[index + 1] === index

/** Fields of containers whose content says what the container is. */
const fixedFields = new Set(["value", "condition", "name", "pattern", "superclass", "type", "communication"])

/** The leaf before another one. */
const previousOf = (ofLeaf: Int32Array, index: number): number => {
  for (let row = index - 1; row > 0; row--) if (ofLeaf[row] !== -1) return row
  return -1
}
