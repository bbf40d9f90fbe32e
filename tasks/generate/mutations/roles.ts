/** What a name does where it stands: names of one role may stand for one another, and look right. */
import type { SyntaxNodes } from "../../../services/Parser.ts"
import { childRows, isUnder, namedChildren, parentOf, type Scene, textAt, typeAt } from "./scene.ts"

/** The part that a name plays. `module` is a variable that a whole file or package hides behind. */
export type Role =
  | "variable"
  | "module"
  | "call"
  | "method"
  | "attribute"
  | "type"
  | "keyword"
  | "key"
  | "parameter"
  | "definition"
  | "imported name"
  | "imported module"
  | "other"

const imports = /import|^use_|use_declaration|using_directive|preproc_include|^namespace_use/
const calls = /^(?:call|call_expression|function_call_expression|invocation_expression|decorator)$/
const methodCalls =
  /^(?:method_invocation|member_call_expression|nullsafe_member_call_expression|scoped_call_expression|call)$/
const members = /member|attribute|selector|field_expression|field_access|scoped|qualified|class_constant_access/
const definitions =
  /definition|declaration|declarator|signature$|_item$|_spec$|^(?:class|module|method|singleton_method|enum_constant|enumerator)$/
const typePlaces =
  /^(?:type|named_type|type_annotation|generic_type|base_list|base_clause|class_interface_clause|class_heritage|superclass|super_interfaces|union_type|optional_type|type_arguments|type_list|type_argument_list)$/
const nestedTypePlaces = /^(?:type|named_type|type_annotation|type_arguments|type_argument_list)$/

/** Returns the role of a name. `modules` are the names that the file gives to what it imports as a whole. */
export const roleOf = (scene: Scene, row: number, modules: ReadonlySet<string>): Role => {
  const roles = knownRoles.get(scene.nodes) ?? []
  if (roles.length === 0) knownRoles.set(scene.nodes, roles)
  return roles[row] ??= roleAt(scene, row, modules)
}

/** Several middles are cut among the same nodes, and each is looked at more than once. */
const knownRoles = new WeakMap<SyntaxNodes, Array<Role>>()

const roleAt = (scene: Scene, row: number, modules: ReadonlySet<string>): Role => {
  const parent = parentOf(scene, row)
  const above = parentOf(scene, parent)
  const own = typeAt(scene, row)
  const type = typeAt(scene, parent)
  const field = scene.nodes.field[row]
  // The class body of PHP takes traits with the word of imports.
  if (scene.language === "php" && type === "use_declaration") return "type"
  if (isUnder(scene, parent, 4, imports)) return importRoleOf(scene, row, parent)
  if (scene.language === "rust") {
    // What an attribute says is for the compiler, and what a macro is given has no structure but its marks.
    if (isUnder(scene, parent, 8, /^(?:inner_)?attribute_item$/)) return "other"
    if (type === "token_tree") return tokenRoleOf(scene, row)
    if (field === "path") return /^\p{Lu}/u.test(textAt(scene, row)) ? "type" : "other"
  }
  if (own === "statement_identifier" || own === "namespace_identifier" || own === "package_identifier") {
    return own === "package_identifier" && type === "selector_expression" ? "module" : "other"
  }
  if (isUnder(scene, parent, 2, /namespace|package/) || isUnder(scene, parent, 6, /^module_declaration$/)) {
    return "other"
  }
  if (isKeyword(type, field)) return "keyword"
  if (isKey(scene, row, parent)) return "key"
  if (field === "object" && members.test(type)) {
    if (scene.language === "java" && packageHeads.test(textAt(scene, row))) return "other"
    return modules.has(textAt(scene, row)) ? "module" : "variable"
  }
  if (own === "type_identifier" || typePlaces.test(type) || isUnder(scene, parent, 3, nestedTypePlaces)) return "type"
  if (field === "type" || field === "returns" || field === "constructor" || field === "superclass") return "type"
  if (type === "object_creation_expression" || (field === "scope" && own !== "identifier")) return "type"
  if (type === "argument_list" && typeAt(scene, above) === "class_definition") return "type"
  if (type === "class_constant_access_expression" && childRows(scene, parent)[0] === row) return "type"
  if (isParameter(scene, row, parent, above)) return "parameter"
  if (calls.test(type) && (field === "function" || type === "decorator")) return "call"
  if (type === "macro_invocation") return field === "macro" ? "call" : "other"
  if (methodCalls.test(type) && (field === "name" || field === "method")) {
    return hasOwner(scene, row, parent)
      ? "method"
      : "call"
  }
  if (members.test(type) && hasOwner(scene, row, parent)) {
    return scene.nodes.field[parent] === "function" && calls.test(typeAt(scene, above)) ? "method" : "attribute"
  }
  if (field === "name" && definitions.test(type)) return "definition"
  if (type === "function_declarator" && field === "declarator") return "definition"
  if (type === "variable_name" && definitions.test(typeAt(scene, above))) return "definition"
  if (scene.language === "python" && pythonTypes.test(textAt(scene, row))) return "type"
  return modules.has(textAt(scene, row)) ? "module" : "variable"
}

/** Types that Python names like variables. */
const pythonTypes = /^(?:bool|bytes|dict|float|frozenset|int|list|object|set|str|tuple|type)$/

/** What the names of Java's packages begin with, where a class is named in full. */
const packageHeads = /^(?:com|org|net|io|edu|java|javax|jakarta)$/

/** The role of a name that is given to a macro, by the marks beside it. */
const tokenRoleOf = ({ nodes, text }: Scene, row: number): Role => {
  const before = text.slice(Math.max(0, (nodes.start[row] ?? 0) - 2), nodes.start[row])
  const after = text.slice(nodes.end[row], (nodes.end[row] ?? 0) + 2)
  if (before === "::" || after === "::" || after.startsWith("!")) return "other"
  const isCalled = after.startsWith("(")
  if (before.endsWith(".") && before !== "..") return isCalled ? "method" : "attribute"
  return isCalled ? "call" : "variable"
}

/** In an import a name is what is taken, or a part of the way to it; the name that it is given here is free. */
const importRoleOf = (scene: Scene, row: number, parent: number): Role => {
  const type = typeAt(scene, parent)
  const field = scene.nodes.field[row]
  if (field === "alias" || type === "import_clause" || type === "namespace_import" || type === "import_spec") {
    return "other"
  }
  if (isUnder(scene, parent, 2, /^future_import_statement$/)) return "other"
  const isPath = scene.nodes.field[parent] === "module_name" || isUnder(scene, parent, 1, /^relative_import$/)
  const isLast = scene.nodes.end[row] === scene.nodes.end[parent]
  if (scene.language === "python") return isPath || !isFrom(scene, parent) ? "imported module" : "imported name"
  return type === "namespace_name" || !isLast ? "imported module" : "imported name"
}

const isFrom = (scene: Scene, row: number): boolean => isUnder(scene, row, 3, /import_from/)

const isKeyword = (parentType: string, field: string | null | undefined): boolean =>
  (parentType === "keyword_argument" && field === "name") || (parentType === "argument" && field === "name") ||
  parentType === "name_colon"

const isKey = (scene: Scene, row: number, parent: number): boolean => {
  const type = typeAt(scene, parent)
  if (type === "pair") return scene.nodes.field[row] === "key"
  if (type === "field_initializer") return scene.nodes.field[row] !== "value"
  if (type === "field_designator") return true
  const above = parentOf(scene, parent)
  return type === "literal_element" && typeAt(scene, above) === "keyed_element" && childRows(scene, above)[0] === parent
}

const isParameter = (scene: Scene, row: number, parent: number, above: number): boolean => {
  const type = typeAt(scene, parent)
  if (/parameters$|^typed_parameter$/.test(type)) return true
  if (/parameter/.test(type)) return scene.nodes.field[row] !== "value" && scene.nodes.field[row] !== "type"
  if (type === "variable_name" && /parameter/.test(typeAt(scene, above))) return true
  return /declarator|pattern/.test(type) && /parameter/.test(typeAt(scene, above))
}

/** Whether something stands before a name in its member or call, so that the name belongs to it. */
const hasOwner = (scene: Scene, row: number, parent: number): boolean =>
  (scene.nodes.start[row] ?? 0) > (scene.nodes.start[parent] ?? 0)

/** What a member belongs to, as text with its dot or arrow; "" for a name that belongs to nothing. */
export const ownerOf = (scene: Scene, row: number): string => {
  const start = scene.nodes.start[parentOf(scene, row)] ?? 0
  return scene.text.slice(start, scene.nodes.start[row] ?? 0).replace(/\s+/g, "")
}

/** What a name is reached through, where it is reached through something: a package, an object, a path. */
export const qualifierOf = (scene: Scene, row: number): string => {
  const type = typeAt(scene, parentOf(scene, row))
  return members.test(type) || methodCalls.test(type) || /^namespace_name$|nested_|dotted_name/.test(type)
    ? ownerOf(scene, row)
    : ""
}

/** How many arguments the call has in which a name is called; undefined where it is not. */
export const arityOf = (scene: Scene, row: number): number | undefined => {
  let at = row
  for (let level = 0; level < 3 && at >= 0; level++, at = parentOf(scene, at)) {
    const list = childRows(scene, at).find((child) => /^arguments?$|argument_list$/.test(typeAt(scene, child)))
    if (list !== undefined) return namedChildren(scene, list).length
  }
  return undefined
}

let lastText = ""
let lastModules: ReadonlySet<string> = new Set()

/** Returns the names under which a file knows other files as a whole, by what its import lines say. */
export const modulesOf = ({ language, text }: Scene): ReadonlySet<string> => {
  if (lastText === text) return lastModules
  const names = new Set<string>()
  if (language === "go") {
    for (const [, alias, path = ""] of text.matchAll(/^\s*(?:import\s+)?(?:([\w.]+)[ \t]+)?"([\w./~-]+)"\s*$/gm)) {
      names.add(alias ?? path.replace(/\/v\d+$|\.v\d+$/, "").replace(/^.*\//, ""))
    }
  } else if (language === "python") {
    for (const [, list = ""] of text.matchAll(/^\s*import\s+([\w., ]+)/gm)) {
      for (const part of list.split(",")) names.add(/(\w+)\s*$/.exec(part.replace(/\..*?(?=\s+as|$)/, ""))?.[1] ?? "")
    }
  } else if (/^(?:javascript|typescript|tsx)$/.test(language)) {
    for (const [, name = ""] of text.matchAll(/(?:\b(?:var|let|const)\s+|^\s*,\s*)(\w+)\s*=\s*require\(/gm)) {
      names.add(name)
    }
    for (const [, name = ""] of text.matchAll(/^\s*import\s+(?:\*\s+as\s+)?(\w+)\s*(?:,[^;]*?)?\s+from\b/gm)) {
      names.add(name)
    }
  }
  lastText = text
  lastModules = names
  return names
}

/** Returns the types that the nodes tell of names: by a declaration, or by the literal that is assigned. */
export const typesOf = (scene: Scene): ReadonlyMap<string, string> => {
  const known = knownTypes.get(scene.nodes) ?? typesIn(scene)
  knownTypes.set(scene.nodes, known)
  return known
}

const knownTypes = new WeakMap<SyntaxNodes, ReadonlyMap<string, string>>()

const typesIn = (scene: Scene): ReadonlyMap<string, string> => {
  const { nodes } = scene
  const types = new Map<string, string>()
  const learn = (named: number, type: string) => {
    const name = scene.nodes.isLeaf[named] === 1
      ? textAt(scene, named)
      : /[\p{L}_][\p{L}\p{N}_]*/u.exec(textAt(scene, named))?.[0]
    if (name !== undefined && !types.has(name)) types.set(name, type)
  }
  for (let row = 1; row < nodes.count; row++) {
    const parent = parentOf(scene, row)
    const field = nodes.field[row]
    if (field === "type") {
      const type = textAt(scene, row).replace(/^[:\s]+/, "").replace(/\s+/g, " ")
      if (type.length > 80 || type === "var" || type === "auto") continue
      for (const sibling of childRows(scene, parent)) {
        const isNamed = /^(?:name|pattern|declarator|left)$/.test(nodes.field[sibling] ?? "") ||
          (typeAt(scene, parent) === "typed_parameter" && sibling !== row && typeAt(scene, sibling) === "identifier")
        if (isNamed) learn(sibling, type)
      }
    } else if ((field === "right" || field === "value") && /assign|declarator|short_var/.test(typeAt(scene, parent))) {
      const literal = literalKind(typeAt(scene, nodes.type[row] === "expression_list" ? row + 1 : row))
      const [target] = namedChildren(scene, parent)
      if (literal !== undefined && target !== undefined && !textAt(scene, target).includes(",")) learn(target, literal)
    }
  }
  return types
}

const literalKind = (type: string): string | undefined =>
  /string/.test(type)
    ? "text"
    : /integer|float|number|int_literal/.test(type)
    ? "number"
    : /^(?:true|false|boolean)/.test(type)
    ? "truth"
    : /^(?:list|array)/.test(type)
    ? "list"
    : /^(?:dictionary|object|hash)$/.test(type)
    ? "table"
    : undefined
