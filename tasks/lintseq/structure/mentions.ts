/** Reads what every name of a program does where it stands: defines, refers, belongs to something, calls something. */
import type { SyntaxNodes } from "../../../services/Parser.ts"
import { nodeRoles } from "./node-roles.ts"
import { classAround, type Definition, functionAround, type Scope, type Use } from "./scopes.ts"
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
  /** What the body of a macro names. */
  readonly bodyUses: ReadonlyArray<Use>
  /** What a definition stands for elsewhere in the file, such as what an import brings in. */
  readonly sources: ReadonlyArray<Use>
  /** Places that call the constructor of a class that the class around them is built on. */
  readonly baseCalls: ReadonlyArray<Omit<Use, "name">>
  /** Atoms that bring in names which they do not tell. */
  readonly wildcards: ReadonlyArray<number>
  /** The names that each class keeps to, by its scope. */
  readonly supers: ReadonlyMap<number, ReadonlyArray<string>>
  /** What each class declares itself, by its scope and name. */
  readonly definedMembers: ReadonlyMap<number, ReadonlyMap<string, ReadonlyArray<Definition>>>
  /** The names of classes, by their scopes. */
  readonly classNames: ReadonlyMap<number, string>
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
  const roles = nodeRoles(source, nodes, shape)
  const { isForward, nameAt, pathOf, textOf } = roles
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
  const bodyUses: Array<Use> = []
  const sources: Array<Use> = []
  const baseCalls: Array<Omit<Use, "name">> = []
  const wildcards: Array<number> = []
  const supers = new Map<number, Array<string>>()
  const definedMembers = new Map<number, Map<string, Array<Definition>>>()
  const define = (scope: number, name: string, definition: Definition): void => {
    const names = scopes[scope]?.names
    if (names !== undefined) push(names, name, definition)
  }
  const addMember = ({ atom, name: said, offset, scope }: Use, row: number, isDeclared: boolean): void => {
    // PHP declares with a sign what it uses without one.
    const name = said.startsWith("$") ? said.slice(1) : said
    push(members, name, atom)
    const around = classAround(scopes, scope)
    if (around === -1) return
    push(ownMembers, keyOf(around, name), atom)
    if (!isDeclared) return
    push(declaredMembers, keyOf(around, name), atom)
    const own = definedMembers.get(around) ?? new Map<string, Array<Definition>>()
    definedMembers.set(around, own)
    push(own, name, { atom, offset, row, isForward: false })
  }

  for (let row = 1; row < count; row++) {
    const scope = enter(row)
    if (type[row] === "comment") readDirective(row)
    // The keyword, then what is given back.
    if (type[row] === "return_statement" && above[row + 2] === row && isNamed[row + 2] === 1) {
      push(returns, functionAround(scopes, scope), atomOfRow(row))
    }
    if (shape.wildcards.get(type[row] ?? "")?.test(textOf(row)) === true) wildcards.push(atomOfRow(row))
    if (shape.declaredFirst && roles.isLibraryWord(row)) {
      uses.push({ atom: atomOfRow(row), scope: 0, name: textOf(row), offset: start[row] ?? 0, isWrite: false })
    }
    if (type[row] === "preproc_arg") readMacroBody(row, scope)
    if (type[row] === "enum_constant") {
      constructions.push({ atom: atomOfRow(row), scope, name: nameOfScope(scope), offset: start[row] ?? 0 })
    }
    if (roles.callsBase(row)) baseCalls.push({ atom: atomOfRow(row), scope, offset: start[row] ?? 0 })
    const name = nameAt(row)
    if (name === undefined) continue
    const use = { atom: atomOfRow(row), scope, name, offset: start[row] ?? 0 }
    readSuper(row, use)
    if (roles.isDefinition(row)) readDefinition(row, use)
    else if (roles.isValueInPattern(row)) memberUses.push({ ...use, ofSelf: false })
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
    bodyUses,
    sources,
    baseCalls,
    wildcards,
    supers,
    definedMembers,
    classNames: new Map(
      scopes.flatMap(({ kind }, scope) => {
        const name = kind === "class" ? nameOfScope(scope) : ""
        return name === "" ? [] : [[scope, name] as const]
      })
    ),
    functionScopes
  }

  /** Opens the scope of a node that has one. Returns the scope around the node. */
  function enter(row: number): number {
    const scope = scopeOfRow[above[row] ?? 0] ?? 0
    const kind = isNamed[row] === 1 ? shape.scopes.get(type[row] ?? "") : undefined
    scopeOfRow[row] = kind === undefined ? scope : scopes.push({ parent: scope, kind, row, names: new Map() }) - 1
    return scope
  }

  function readMacroBody(row: number, scope: number): void {
    for (const { 0: name, index } of textOf(row).matchAll(/[A-Za-z_]\w*/g)) {
      bodyUses.push({ atom: atomOfRow(row), scope, name, offset: (start[row] ?? 0) + index })
    }
  }

  /** Notes what a class keeps to: names between its own and its body. */
  function readSuper(row: number, { name, scope }: Use): void {
    if (scopes[scope]?.kind !== "class") return
    const outer = scopes[scope]?.row ?? 0
    for (let now = row; now > outer; now = above[now] ?? 0) {
      if (shape.supers.has(pathOf(now))) return push(supers, scope, name)
      if (/argument/.test(type[now] ?? "")) return
    }
  }

  /** The scope that the name of a function belongs to where it stands in a declarator, as in C. */
  function scopeOfDeclarator(row: number, scope: number): number {
    const outer = scopes[scope]?.row ?? 0
    if (type[outer] !== "function_definition") return scope
    for (let now = row; now !== outer; now = above[now] ?? 0) {
      if (field[now] !== "declarator" && field[now] !== "name" && type[above[now] ?? 0] !== "reference_declarator") {
        return scope
      }
    }
    return scopes[scope]?.parent ?? 0
  }

  /** What a script's linter is told to be there. */
  function readDirective(row: number): void {
    const told = /^\/\*\s*globals?\s([^*]*)/.exec(textOf(row))?.[1]
    for (const name of told?.match(/[\w$]+/g) ?? []) {
      define(0, name, { atom: atomOfRow(row), offset: start[row] ?? 0, row, isForward: false })
    }
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
    if (shape.declaredFirst) scope = scopeOfDeclarator(row, scope)
    const isBrought = /^(?:qualified_|scoped_|use_)/.test(path)
    if (isBrought) sources.push(use)
    if (/^(?:function|method)_signature\.name$/.test(path)) overloads.push({ ...use, scope })
    else if (/^(?:function_declaration|method_definition)\.name$/.test(path)) push(bodies, keyOf(scope, name), atom)
    const isInClass = scopes[scope]?.kind === "class"
    const isMember = isInClass || (shape.members.has(path) && !isBrought)
    // A member without a class around it, such as Go's, is known by its owner only.
    if (isInClass || !isMember) define(scope, name, { atom, offset, row, isForward: isForward(row) })
    if (isMember || roles.isFieldToo(row)) addMember({ ...use, scope }, row, true)
    const isConstructor = shape.constructors.has(name) || path === "constructor_declaration.name" ||
      (path === "function_declarator.declarator" && name === nameOfScope(scope))
    const own = shape.isChecked && isMember ? classAround(scopes, scope) : isInClass ? scope : -1
    if (own !== -1 && isConstructor) push(constructors, nameOfScope(own), atom)
  }

  function readMember(row: number, use: Use): void {
    const member = { ...use, ofSelf: roles.isOfSelf(row) }
    const access = above[row] ?? 0
    if (roles.isAssigned(access) && shape.addsFields) {
      addMember(use, row, false)
      if (shape.declaresFields && member.ofSelf) memberUses.push(member)
      return
    }
    memberUses.push(member)
    if (shape.constructors.has(use.name)) superCalls.push(use)
    if (roles.isResultUsed(access)) results.push(member)
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
    if (path === "shorthand_field_initializer") memberUses.push({ ...use, ofSelf: false })
    if (shape.constructions.has(path)) constructions.push(use)
    if (roles.isResultUsed(row)) results.push({ ...use, ofSelf: false })
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
