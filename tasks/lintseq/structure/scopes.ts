/** The scopes of a program: which atoms define a name where, and which of them a use may mean. */
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

/** Returns what tells the atoms that a use may mean, each as good as the others; none for what the file lacks. */
export const resolverOf = (scopes: Scopes, shape: Shape): (use: Use) => ReadonlyArray<number> => {
  const everywhere = new Map<string, Array<number>>()
  for (const { names } of scopes) {
    for (const [name, list] of names) {
      const known = everywhere.get(name) ?? []
      everywhere.set(name, known)
      for (const { atom } of list) known.push(atom)
    }
  }
  return (use) => {
    let crossed = false
    for (let now = use.scope; now !== -1; now = scopes[now]?.parent ?? -1) {
      const scope = scopes[now]
      if (scope === undefined) break
      const isHidden = scope.kind === "class" && crossed && !shape.seesMembers
      const found = isHidden ? undefined : scope.names.get(use.name)
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
    return everywhere.get(use.name) ?? []
  }
}
