/**
 * Which atoms need which for the sake of names: a use needs one of its definitions to stand. Names are resolved by
 * scope, members by the class around them or by their name; what the file does not define needs nothing.
 */
import type { SyntaxNodes } from "../../../services/Parser.ts"
import type { Shape } from "./shape.ts"

/** "Atom `atom` needs one of `oneOf`", for the sake of `name`. */
export interface NameNeed {
  readonly name: string
  /** Whether the atom only puts something into what the name stands for. */
  readonly isWrite?: boolean
  readonly atom: number
  readonly oneOf: ReadonlyArray<number>
}

interface Scope {
  readonly parent: number
  readonly kind: "function" | "block" | "class"
  /** Atoms that define each name, with the offset of the definition, in order. */
  readonly names: Map<string, Array<Definition>>
}

interface Definition {
  readonly atom: number
  readonly offset: number
}

interface Use {
  readonly atom: number
  readonly scope: number
  readonly name: string
  readonly offset: number
  readonly isWrite?: boolean
}

/** What members of built-in types are called in loose languages: such a name says nothing of a class of the file. */
const commonMembers = new Set(
  ("add append clear close copy count decode delete encode extend filter find format get has index insert items join " +
    "keys length log map open pop push read remove replace reverse send set size sort split start stop strip update " +
    "values write name id type data value key next").split(" ")
)

/** Finds what the names of a program need. `atomOfRow` gives the atom of each node. */
export const namesOf = (
  source: string,
  nodes: SyntaxNodes,
  shape: Shape,
  atomOfRow: (row: number) => number
): ReadonlyArray<NameNeed> => {
  const { count, end, field, isNamed, parent: above, start, type } = nodes
  const scopes: Array<Scope> = [{ parent: -1, kind: "function", names: new Map() }]
  const scopeOfRow = new Int32Array(count)
  const scopeRows: Array<number> = [0]
  const members = new Map<string, Array<number>>()
  const membersOfScope = new Map<number, Map<string, Array<number>>>()
  /** The same, of what the class declares only. */
  const declaredOfScope = new Map<number, Map<string, Array<number>>>()
  const constructorOf = new Map<string, Array<number>>()
  const uses: Array<Use> = []
  const memberUses: Array<Use & { readonly ofSelf: boolean }> = []
  const constructed: Array<{ readonly atom: number; readonly name: string }> = []
  const superCalls: Array<{ readonly atom: number; readonly scope: number }> = []
  const results: Array<Use & { readonly ofSelf: boolean }> = []
  /** Overloads, which say what a function takes, and the atoms of functions with a body, by scope and name. */
  const overloads: Array<{ readonly atom: number; readonly key: string }> = []
  const bodies = new Map<string, Array<number>>()
  /** Atoms that give a value back, by the scope of their function. */
  const returns = new Map<number, Array<number>>()
  /** Function scopes by the atom and name of their definition. */
  const functionOf = new Map<string, number>()
  const pathOf = (row: number): string =>
    field[row] === null ? type[above[row] ?? 0] ?? "" : `${type[above[row] ?? 0] ?? ""}.${field[row]}`
  const isDefinition = (row: number): boolean => {
    let now = row
    for (;;) {
      if (shape.definitions.has(pathOf(now))) return true
      const up = above[now] ?? 0
      const kind = type[up] ?? ""
      if (up <= 0 || !shape.patterns.has(kind)) return false
      // The default of a pattern, or the value of a pair, is no pattern.
      if (field[now] === "right" || field[now] === "default") return false
      now = up
    }
  }
  const functionAround = (scope: number): number => {
    let now = scope
    while (now > 0 && scopes[now]?.kind !== "function") now = scopes[now]?.parent ?? 0
    return now
  }
  const classAround = (scope: number): number => {
    let now = scope
    while (now !== -1 && scopes[now]?.kind !== "class") now = scopes[now]?.parent ?? -1
    return now
  }
  const push = <K, V>(map: Map<K, Array<V>>, key: K, value: V): void => {
    const list = map.get(key)
    if (list === undefined) map.set(key, [value])
    else list.push(value)
  }
  const addMember = (name: string, atom: number, scope: number, isDeclared: boolean): void => {
    push(members, name, atom)
    const around = classAround(scope)
    if (around === -1) return
    for (const table of isDeclared ? [membersOfScope, declaredOfScope] : [membersOfScope]) {
      const own = table.get(around) ?? new Map<string, Array<number>>()
      table.set(around, own)
      push(own, name, atom)
    }
  }
  const selfBefore = (row: number): boolean => {
    // The object of a member access stands right before it; its text tells.
    const up = above[row] ?? 0
    let index = (start[row] ?? 0) - 1
    const from = start[up] ?? 0
    while (index >= from && /[\s.:>?-]/.test(source[index] ?? "")) index--
    return shape.selfNames.has(source.slice(from, index + 1))
  }
  for (let row = 1; row < count; row++) {
    const up = above[row] ?? 0
    const kind = type[row] ?? ""
    let scope = scopeOfRow[up] ?? 0
    const opens = isNamed[row] === 1 ? shape.scopes.get(kind) : undefined
    if (opens !== undefined) {
      scopes.push({ parent: scope, kind: opens, names: new Map() })
      scopeRows.push(row)
      scopeOfRow[row] = scopes.length - 1
    } else scopeOfRow[row] = scope
    // The keyword, then what is given back.
    if (kind === "return_statement" && above[row + 2] === row && isNamed[row + 2] === 1) {
      push(returns, functionAround(scope), atomOfRow(row))
    }
    if (kind === "comment") {
      // What a script's linter is told to be there.
      const told = /^\/\*\s*globals?\s([^*]*)/.exec(source.slice(start[row] ?? 0, end[row] ?? 0))?.[1]
      for (const name of told?.match(/[\w$]+/g) ?? []) {
        push(scopes[0]?.names ?? new Map<string, Array<Definition>>(), name, {
          atom: atomOfRow(row),
          offset: start[row] ?? 0
        })
      }
    }
    if (isNamed[row] !== 1 || !shape.names.has(kind)) continue
    // A name inside a name, such as PHP's variable without its sign, is told once.
    if (shape.names.has(type[up] ?? "")) continue
    const path = pathOf(row)
    if (shape.labels.has(path)) continue
    let name = source.slice(start[row] ?? 0, end[row] ?? 0)
    if (kind === "interpreted_string_literal_content") {
      if (type[above[up] ?? 0] !== "import_spec") continue
      name = name.slice(name.lastIndexOf("/") + 1)
    }
    const atom = atomOfRow(row)
    const offset = start[row] ?? 0
    const isMember = shape.members.has(path)
    const defines = isDefinition(row)
    // The name of a function or class belongs to the scope around it.
    if (defines && field[row] === "name" && shape.scopes.has(type[up] ?? "")) {
      functionOf.set(`${atom} ${name}`, scope)
      scope = scopes[scope]?.parent ?? 0
    }
    if (defines) {
      const key = `${scope} ${name}`
      if (/^(?:function|method)_signature\.name$/.test(path)) overloads.push({ atom, key })
      else if (/^(?:function_declaration|method_definition)\.name$/.test(path)) push(bodies, key, atom)
      const around = scopes[scope]?.kind === "class"
      // A member without a class around it, such as Go's, is known by its owner only.
      if (around || !isMember) {
        push(scopes[scope]?.names ?? new Map<string, Array<Definition>>(), name, { atom, offset })
      }
      if (around || isMember) addMember(name, atom, scope, true)
      if (around && shape.constructors.has(name)) push(constructorOf, classNameOf(scope), atom)
      continue
    }
    if (isMember) {
      const ofSelf = selfBefore(row)
      if (isAssigned(up)) {
        addMember(name, atom, scope, false)
        if (shape.declaresFields && ofSelf) memberUses.push({ atom, scope, name, offset, ofSelf })
      } else {
        memberUses.push({ atom, scope, name, offset, ofSelf })
        if (shape.constructors.has(name)) superCalls.push({ atom, scope })
        if (isResultUsed(up)) results.push({ atom, scope, name, offset, ofSelf })
      }
      continue
    }
    // The key of a literal may be a field, or a name that stands for the key of a map.
    if (path === "literal_element" && field[up] === "key" && members.has(name)) {
      memberUses.push({ atom, scope, name, offset, ofSelf: false })
    }
    uses.push({ atom, scope, name, offset, isWrite: isWritten(row) })
    if (shape.constructions.has(path)) constructed.push({ atom, name })
    if (isResultUsed(row)) results.push({ atom, scope, name, offset, ofSelf: false })
  }
  const needs: Array<NameNeed> = []
  const told = new Set<string>()
  const tell = (atom: number, oneOf: ReadonlyArray<number>, what: string, isWrite = false): void => {
    if (oneOf.length === 0 || oneOf.includes(atom)) return
    const key = `${atom} ${oneOf.length} ${oneOf[oneOf.length - 1] ?? 0} ${what} ${isWrite}`
    if (told.has(key)) return
    told.add(key)
    needs.push({ name: what, atom, oneOf: [...new Set(oneOf)], isWrite })
  }
  const everywhere = new Map<string, Array<Definition>>()
  for (const scope of scopes) {
    for (const [name, list] of scope.names) for (const definition of list) push(everywhere, name, definition)
  }
  for (const use of uses) tell(use.atom, definitionsFor(use), use.name, use.isWrite)
  for (const use of memberUses) {
    tell(use.atom, othersFirst(use.atom, membersFor(use)), use.name)
  }
  for (const { atom, name } of constructed) tell(atom, constructorOf.get(name) ?? [], `new ${name}`)
  // A constructor that calls the one of its base class does so from the start.
  for (const { atom, scope } of superCalls) {
    const around = functionAround(scope)
    const header = around === 0 ? undefined : atomOfRow(scopeRows[around] ?? 0)
    if (header !== undefined && isConstructor(around)) tell(header, [atom], "super")
  }
  for (const { atom, key } of overloads) tell(atom, bodies.get(key) ?? [], `body of ${key}`)
  // Whoever takes the result of a function of the file needs it to give one.
  for (const use of results) {
    const definitions = scopeDefinitions(use)
    const given = definitions.flatMap((atom) => returns.get(functionOf.get(`${atom} ${use.name}`) ?? -1) ?? [])
    if (definitions.length > 0) tell(use.atom, given, `result of ${use.name}`)
  }
  return needs

  function membersFor(use: Use & { readonly ofSelf: boolean }): ReadonlyArray<number> {
    const around = use.ofSelf ? classAround(use.scope) : -1
    const declared = shape.declaresFields ? declaredOfScope.get(around)?.get(use.name) : undefined
    if (declared !== undefined) return declared
    const own = membersOfScope.get(around)?.get(use.name)
    if (own !== undefined) return own
    return use.ofSelf || (!shape.inOrder && commonMembers.has(use.name)) ? [] : members.get(use.name) ?? []
  }

  function scopeDefinitions(use: Use & { readonly ofSelf: boolean }): ReadonlyArray<number> {
    const found = definitionsFor(use)
    return found.length > 0 ? found : membersFor(use)
  }

  /** "x = x + 1" does not define the x that it needs, as long as something else does. */
  function othersFirst(atom: number, definitions: ReadonlyArray<number>): ReadonlyArray<number> {
    const others = definitions.filter((definition) => definition !== atom)
    return others.length > 0 ? others : definitions
  }

  function isConstructor(scope: number): boolean {
    const row = scopeRows[scope] ?? 0
    for (let child = row + 1; child < count && (start[child] ?? 0) < (end[row] ?? 0); child++) {
      if (above[child] === row && field[child] === "name") {
        return shape.constructors.has(source.slice(start[child] ?? 0, end[child] ?? 0))
      }
    }
    return false
  }

  /** Whether a name or a member access is called for the sake of what the call gives back. */
  function isResultUsed(callee: number): boolean {
    const call = above[callee] ?? 0
    if (field[callee] !== "function" || !/call/.test(type[call] ?? "")) return false
    return !/statement|^await/.test(type[above[call] ?? 0] ?? "")
  }

  function classNameOf(scope: number): string {
    const row = scopeRows[scope] ?? 0
    for (let child = row + 1; child < count && (start[child] ?? 0) < (end[row] ?? 0); child++) {
      if (above[child] === row && field[child] === "name") return source.slice(start[child] ?? 0, end[child] ?? 0)
    }
    return ""
  }

  /** Whether a name is all that stands on the left of an assignment, alone or in a list. */
  function isWritten(row: number): boolean {
    const up = above[row] ?? 0
    return field[up] === "left" && type[up] === "expression_list" && type[above[up] ?? 0] === "assignment_statement"
  }

  /** Whether a member access is what an assignment gives a value to. */
  function isAssigned(access: number): boolean {
    if (field[access] === "left") return /^(?:reference_)?assignment/.test(type[above[access] ?? 0] ?? "")
    const up = above[access] ?? 0
    return shape.patterns.has(type[up] ?? "") && field[up] === "left"
  }

  function definitionsFor(use: Use): ReadonlyArray<number> {
    let crossed = false
    for (let now = use.scope; now !== -1; now = scopes[now]?.parent ?? -1) {
      const scope = scopes[now]
      if (scope === undefined) break
      const isHidden = scope.kind === "class" && crossed && !shape.seesMembers
      const found = isHidden ? undefined : scope.names.get(use.name)
      if (found !== undefined) {
        if (crossed) return found.map(({ atom }) => atom)
        const before = found.filter(({ offset }) => offset <= use.offset)
        if (before.length === 0 && shape.inOrder && now !== 0 && scope.kind !== "class") continue
        return othersFirst(use.atom, (before.length > 0 ? before : found).map(({ atom }) => atom))
      }
      if (scope.kind === "function") crossed = true
    }
    // A name that is hoisted out of its block, or one that another function sets: any definition of the file.
    return (everywhere.get(use.name) ?? []).map(({ atom }) => atom)
  }
}
