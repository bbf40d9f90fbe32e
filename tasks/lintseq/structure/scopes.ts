/** The scopes of a program: which atoms define a name where, and which of them a use may mean. */
import type { SyntaxNodes } from "../../../services/Parser.ts"
import type { Shape } from "./shape.ts"

export interface Scope {
  readonly parent: number
  readonly kind: "function" | "block" | "class"
  /** Row of the node that opens it. */
  readonly row: number
  /** Atoms that define each name, in order. */
  readonly names: Map<string, Array<Definition>>
}

export interface Definition {
  readonly atom: number
  readonly offset: number
  /** Row of the name in the tree. */
  readonly row: number
  /** Whether it only says that there is such a thing, as C's "struct a;" does. */
  readonly isForward: boolean
}

/** One name that refers to something. */
export interface Use {
  readonly atom: number
  readonly scope: number
  readonly name: string
  readonly offset: number
}

export type Scopes = ReadonlyArray<Scope>

export const functionAround = (scopes: Scopes, scope: number): number => {
  let now = scope
  while (now > 0 && scopes[now]?.kind !== "function") now = scopes[now]?.parent ?? 0
  return now
}

/** The innermost scope around a place. */
export const scopeAt = (scopes: Scopes, { end, start }: SyntaxNodes, offset: number): number => {
  let found = 0
  for (const [scope, { row }] of scopes.entries()) {
    if ((start[row] ?? 0) <= offset && offset < (end[row] ?? 0)) found = scope
  }
  return found
}

/** Returns -1 outside of classes. */
export const classAround = (scopes: Scopes, scope: number): number => {
  let now = scope
  while (now !== -1 && scopes[now]?.kind !== "class") now = scopes[now]?.parent ?? -1
  return now
}

/** "x = x + 1" does not define the x that it needs, as long as something else does. */
export const othersFirst = (atom: number, definitions: ReadonlyArray<number>): ReadonlyArray<number> => {
  const others = definitions.filter((definition) => definition !== atom)
  return others.length > 0 ? others : definitions
}

/** The definitions above a place, whole ones if there are any; all where none is above. */
const atomsAbove = (found: ReadonlyArray<Definition>, offset: number): ReadonlyArray<number> => {
  const above = found.filter((definition) => definition.offset <= offset)
  const known = above.length > 0 ? above : found
  const whole = known.filter(({ isForward }) => !isForward)
  return (whole.length > 0 ? whole : known).map(({ atom }) => atom)
}

/** Returns what tells the atoms that a use may mean, each as good as the others; none for what the file lacks. */
export const resolverOf = (scopes: Scopes, shape: Shape): (use: Use) => ReadonlyArray<number> => {
  const everywhere = new Map<string, Array<{ readonly definition: Definition; readonly inside: number }>>()
  for (const [scope, { names }] of scopes.entries()) {
    const inside = functionAround(scopes, scope)
    for (const [name, list] of names) {
      const known = everywhere.get(name) ?? []
      everywhere.set(name, known)
      for (const definition of list) known.push({ definition, inside })
    }
  }
  /** Whether the names of a function may be seen from a scope: where types are checked, no other function sees them. */
  const isSeen = (inside: number, from: number): boolean => {
    if (!shape.isChecked || inside === 0) return true
    let now = from
    while (now > inside) now = scopes[now]?.parent ?? 0
    return now === inside
  }
  return (use) => {
    let crossed = false
    for (let now = use.scope; now !== -1; now = scopes[now]?.parent ?? -1) {
      const scope = scopes[now]
      if (scope === undefined) break
      const isHidden = scope.kind === "class" && crossed && !shape.seesMembers
      const found = isHidden ? undefined : scope.names.get(use.name)
      if (found !== undefined && shape.declaredFirst && scope.kind !== "class") {
        return othersFirst(use.atom, atomsAbove(found, use.offset))
      }
      if (found !== undefined && crossed) return found.map(({ atom }) => atom)
      if (found !== undefined) {
        // In its own function a use means what stands above it, where anything does.
        const before = found.filter(({ offset }) => offset <= use.offset)
        const isLater = before.length === 0 && shape.inOrder && now !== 0 && scope.kind !== "class"
        if (!isLater) return othersFirst(use.atom, (before.length > 0 ? before : found).map(({ atom }) => atom))
      }
      if (scope.kind === "function") crossed = true
    }
    // A name that is hoisted out of its block, or one that another function sets: any definition of the file.
    const anywhere = (everywhere.get(use.name) ?? []).flatMap(({ definition, inside }) =>
      isSeen(inside, use.scope) ? [definition] : []
    )
    return shape.declaredFirst ? atomsAbove(anywhere, use.offset) : anywhere.map(({ atom }) => atom)
  }
}
