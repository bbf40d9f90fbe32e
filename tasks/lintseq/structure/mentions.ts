/** Reads what every name of a program does where it stands: defines, refers, belongs to something, calls something. */
import type { SyntaxNodes } from "../../../services/Parser.ts"
import { classAround, functionAround, type Scope, type Use } from "./scopes.ts"
import type { Shape } from "./shape.ts"

/** A member of something, as in "a.b"; `ofSelf` where the something is the method's own object. */
export interface MemberUse extends Use {
  readonly ofSelf: boolean
}

export interface Mentions {
  readonly scopes: ReadonlyArray<Scope>
  /** `isWrite` where something is only put into what the name stands for. */
  readonly uses: ReadonlyArray<Use & { readonly isWrite: boolean }>
  readonly memberUses: ReadonlyArray<MemberUse>
  /** Atoms that define a member, by its name; by class scope and name; and of those what the class declares itself. */
  readonly members: ReadonlyMap<string, ReadonlyArray<number>>
  readonly ownMembers: ReadonlyMap<string, ReadonlyArray<number>>
  readonly declaredMembers: ReadonlyMap<string, ReadonlyArray<number>>
  /** Constructors by the name of their class, and the uses of class names that call them. */
  readonly constructors: ReadonlyMap<string, ReadonlyArray<number>>
  readonly constructions: ReadonlyArray<Use>
  /** Calls of a constructor as a member, as of the base class. */
  readonly superCalls: ReadonlyArray<Use>
  /** Names and members that are called for the sake of what the call gives back. */
  readonly results: ReadonlyArray<MemberUse>
  /** Overloads, which say what a function takes, and the atoms of functions with a body; by scope and name. */
  readonly overloads: ReadonlyArray<Use>
  readonly bodies: ReadonlyMap<string, ReadonlyArray<number>>
  /** Atoms that give a value back, by the scope of their function. */
  readonly returns: ReadonlyMap<number, ReadonlyArray<number>>
  /** Function scopes by the atom and name of their definition. */
  readonly functionScopes: ReadonlyMap<string, number>
}

/** The key of a table by scope, or atom, and name. */
export const keyOf = (number: number, name: string): string => `${number} ${name}`

const push = <K, V>(map: Map<K, Array<V>>, key: K, value: V): void => {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}

export const readMentions = (
  source: string,
  nodes: SyntaxNodes,
  shape: Shape,
  atomOfRow: (row: number) => number
): Mentions => {
  const { count, end, field, isNamed, parent: above, start, type } = nodes
  const scopes: Array<Scope> = [{ parent: -1, kind: "function", row: 0, names: new Map() }]
  const scopeOfRow = new Int32Array(count)
  const uses: Array<Use & { readonly isWrite: boolean }> = []
  const memberUses: Array<MemberUse> = []
  const members = new Map<string, Array<number>>()
  const ownMembers = new Map<string, Array<number>>()
  const declaredMembers = new Map<string, Array<number>>()
  const constructors = new Map<string, Array<number>>()
  const constructions: Array<Use> = []
  const superCalls: Array<Use> = []
  const results: Array<MemberUse> = []
  const overloads: Array<Use> = []
  const bodies = new Map<string, Array<number>>()
  const returns = new Map<number, Array<number>>()
  const functionScopes = new Map<string, number>()
  const define = (scope: number, name: string, atom: number, offset: number): void => {
    const names = scopes[scope]?.names
    if (names !== undefined) push(names, name, { atom, offset })
  }
  const addMember = ({ atom, name, scope }: Use, isDeclared: boolean): void => {
    push(members, name, atom)
    const around = classAround(scopes, scope)
    if (around === -1) return
    push(ownMembers, keyOf(around, name), atom)
    if (isDeclared) push(declaredMembers, keyOf(around, name), atom)
  }

  for (let row = 1; row < count; row++) {
    const scope = enter(row)
    if (type[row] === "comment") readDirective(row)
    // The keyword, then what is given back.
    if (type[row] === "return_statement" && above[row + 2] === row && isNamed[row + 2] === 1) {
      push(returns, functionAround(scopes, scope), atomOfRow(row))
    }
    const name = nameAt(row)
    if (name === undefined) continue
    const use = { atom: atomOfRow(row), scope, name, offset: start[row] ?? 0 }
    if (isDefinition(row)) readDefinition(row, use)
    else if (shape.members.has(pathOf(row))) readMember(row, use)
    else readUse(row, use)
  }
  return {
    scopes,
    uses,
    memberUses,
    members,
    ownMembers,
    declaredMembers,
    constructors,
    constructions,
    superCalls,
    results,
    overloads,
    bodies,
    returns,
    functionScopes
  }

  /** Opens the scope of a node that has one. Returns the scope around the node. */
  function enter(row: number): number {
    const scope = scopeOfRow[above[row] ?? 0] ?? 0
    const kind = isNamed[row] === 1 ? shape.scopes.get(type[row] ?? "") : undefined
    scopeOfRow[row] = kind === undefined ? scope : scopes.push({ parent: scope, kind, row, names: new Map() }) - 1
    return scope
  }

  function textOf(row: number): string {
    return source.slice(start[row] ?? 0, end[row] ?? 0)
  }

  function pathOf(row: number): string {
    const up = type[above[row] ?? 0] ?? ""
    return field[row] === null ? up : `${up}.${field[row]}`
  }

  /** The name that a node is, or undefined. */
  function nameAt(row: number): string | undefined {
    const up = above[row] ?? 0
    if (isNamed[row] !== 1 || !shape.names.has(type[row] ?? "")) return undefined
    // A name inside a name, such as PHP's variable without its sign, is told once.
    if (shape.names.has(type[up] ?? "") || shape.labels.has(pathOf(row))) return undefined
    const text = textOf(row)
    if (type[row] !== "interpreted_string_literal_content") return text
    // Go's packages go by the last part of their path.
    return type[above[up] ?? 0] === "import_spec" ? text.slice(text.lastIndexOf("/") + 1) : undefined
  }

  function isDefinition(row: number): boolean {
    for (let now = row;;) {
      if (shape.definitions.has(pathOf(now))) return true
      const up = above[now] ?? 0
      if (up <= 0 || !shape.patterns.has(type[up] ?? "")) return false
      // The default of a pattern is no pattern.
      if (field[now] === "right" || field[now] === "default") return false
      now = up
    }
  }

  /** What a script's linter is told to be there. */
  function readDirective(row: number): void {
    const told = /^\/\*\s*globals?\s([^*]*)/.exec(textOf(row))?.[1]
    for (const name of told?.match(/[\w$]+/g) ?? []) define(0, name, atomOfRow(row), start[row] ?? 0)
  }

  function readDefinition(row: number, use: Use): void {
    const { atom, name, offset } = use
    const path = pathOf(row)
    let { scope } = use
    // The name of a function or class belongs to the scope around it.
    if (field[row] === "name" && shape.scopes.has(type[above[row] ?? 0] ?? "")) {
      functionScopes.set(keyOf(atom, name), scope)
      scope = scopes[scope]?.parent ?? 0
    }
    if (/^(?:function|method)_signature\.name$/.test(path)) overloads.push({ ...use, scope })
    else if (/^(?:function_declaration|method_definition)\.name$/.test(path)) push(bodies, keyOf(scope, name), atom)
    const isInClass = scopes[scope]?.kind === "class"
    const isMember = isInClass || shape.members.has(path)
    // A member without a class around it, such as Go's, is known by its owner only.
    if (isInClass || !isMember) define(scope, name, atom, offset)
    if (isMember) addMember({ ...use, scope }, true)
    if (isInClass && shape.constructors.has(name)) push(constructors, nameOfScope(scope), atom)
  }

  function readMember(row: number, use: Use): void {
    const member = { ...use, ofSelf: isOfSelf(row) }
    const access = above[row] ?? 0
    if (isAssigned(access)) {
      addMember(use, false)
      if (shape.declaresFields && member.ofSelf) memberUses.push(member)
      return
    }
    memberUses.push(member)
    if (shape.constructors.has(use.name)) superCalls.push(use)
    if (isResultUsed(access)) results.push(member)
  }

  function readUse(row: number, use: Use): void {
    const path = pathOf(row)
    const up = above[row] ?? 0
    // The key of a literal may be a field, or a name that stands for the key of a map.
    if (path === "literal_element" && field[up] === "key" && members.has(use.name)) {
      memberUses.push({ ...use, ofSelf: false })
    }
    const isWrite = field[up] === "left" && type[up] === "expression_list" &&
      type[above[up] ?? 0] === "assignment_statement"
    uses.push({ ...use, isWrite })
    if (shape.constructions.has(path)) constructions.push(use)
    if (isResultUsed(row)) results.push({ ...use, ofSelf: false })
  }

  /** The object of a member access stands right before it; its text tells. */
  function isOfSelf(row: number): boolean {
    const from = start[above[row] ?? 0] ?? 0
    let index = (start[row] ?? 0) - 1
    while (index >= from && /[\s.:>?-]/.test(source[index] ?? "")) index--
    return shape.selfNames.has(source.slice(from, index + 1))
  }

  /** Whether a member access is what an assignment gives a value to. */
  function isAssigned(access: number): boolean {
    const up = above[access] ?? 0
    if (field[access] === "left") return /^(?:reference_)?assignment/.test(type[up] ?? "")
    return shape.patterns.has(type[up] ?? "") && field[up] === "left"
  }

  function isResultUsed(callee: number): boolean {
    const call = above[callee] ?? 0
    if (field[callee] !== "function" || !/call/.test(type[call] ?? "")) return false
    return !/statement|^await/.test(type[above[call] ?? 0] ?? "")
  }

  /** The name of the function or class that opens a scope; "" where it has none. */
  function nameOfScope(scope: number): string {
    const row = scopes[scope]?.row ?? 0
    for (let child = row + 1; child < count && (start[child] ?? 0) < (end[row] ?? 0); child++) {
      if (above[child] === row && field[child] === "name") return textOf(child)
    }
    return ""
  }
}
