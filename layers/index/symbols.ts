/** The names that a file defines, with their signatures, read off the outline of its syntax tree. */
import type { SyntaxNodes } from "../../services/Parser.ts"
import type { Definitions, SymbolKind } from "./definitions.ts"
import { withoutComments } from "./lexis.ts"

export interface SymbolFacts {
  readonly name: string
  readonly kind: SymbolKind
  /** Place, among the symbols of the file, of the type or module that holds it, or -1. */
  readonly container: number
  /**
   * Name of the type or object that it is a member of, which may be declared elsewhere: that of its container, or what a
   * Go method, a Rust implementation, a C++ function or a JavaScript assignment names. "" for none.
   */
  readonly owner: string
  /** UTF-16 offset of its first unit, not counting decorators, and its line, from 1. */
  readonly start: number
  readonly line: number
  /** Whether there is code below the signature. */
  readonly hasBody: boolean
  /** The text from its start to its body, without comments and with white space collapsed. */
  readonly signature: string
  /** For a type, the names of the types that it is made from. */
  readonly bases: ReadonlyArray<string>
  /** UTF-16 offset of the end of its code. */
  readonly end: number
}

/** UTF-16 units; a longer signature is cut, and ends with "…". */
const longestSignature = 200
/** What a value is made of says less than its name and type. */
const longestValue = 120

/** Returns the symbols of a file in the order of their places. */
export const symbolsOf = (
  text: string,
  language: string,
  nodes: SyntaxNodes,
  definitions: Definitions
): ReadonlyArray<SymbolFacts> => {
  const symbols: Array<SymbolFacts> = []
  /** The symbol that a node defines, by the row of the node. */
  const defined = new Map<number, number>()
  const children = childrenOf(nodes)
  let line = 1
  let counted = 0
  for (let row = 0; row < nodes.count; row++) {
    const kind = nodes.isNamed[row] === 1 ? definitions.kinds.get(nodes.type[row] ?? "") : undefined
    if (kind === undefined) continue
    const name = nameOf(text, nodes, children, row)
    if (name === undefined) continue
    const start = startOf(nodes, children, row)
    const body = bodyOf(nodes, children, row)
    // A new name for something of another module is not a definition.
    if (
      kind === "value" &&
      /=\s*(?:await\s+)?(?:require|import)\s*\(/.test(
        text.slice(start, Math.min(nodes.end[row] ?? start, start + longestSignature))
      )
    ) continue
    // In C, "struct node *next" names a type that is defined elsewhere; in JavaScript, "exports" does not name a value.
    if ((body === undefined && (nodes.type[row] ?? "").endsWith("_specifier")) || name === "exports") continue
    const end = endOf(nodes, children, row, start, body)
    for (; counted < start; counted++) if (text.charCodeAt(counted) === 10) line++
    const written = collapse(
      withoutComments(text, language, start, Math.min(end, start + 4 * longestSignature)),
      kind === "value" ? longestValue : longestSignature
    )
    // In Go, the types of a group stand behind one word.
    const signature = nodes.type[row] === "type_spec" && !/^type\b/.test(written) ? `type ${written}` : written
    const receiver = receiverOf(text, nodes, children, row)
    const container = containerOf(nodes, defined, symbols, row) ??
      (receiver === undefined ? -1 : symbols.findIndex((symbol) => symbol.kind === "type" && symbol.name === receiver))
    const place = symbols.push({
      name,
      kind,
      container,
      owner: receiver ?? ownerIn(symbols[container], nodes.type[row] ?? "", signature),
      start,
      line: start < counted ? line - countLineEnds(text, start, counted) : line,
      hasBody: body !== undefined,
      signature,
      bases: kind === "type" ? basesOf(nodes.type[row] ?? "", signature, name) : [],
      end: nodes.end[row] ?? end
    }) - 1
    defined.set(row, place)
  }
  return symbols
}

type Children = ReadonlyMap<number, ReadonlyArray<number>>

const childrenOf = (nodes: SyntaxNodes): Children => {
  const children = new Map<number, Array<number>>()
  for (let row = 1; row < nodes.count; row++) {
    const parent = nodes.parent[row] ?? -1
    const known = children.get(parent)
    if (known === undefined) children.set(parent, [row])
    else known.push(row)
  }
  return children
}

const identifierType = /identifier$|^name$|^constant$|^variable_name$|^word$|^type_identifier$/
const nameFields: ReadonlyArray<string> = ["name", "left", "declarator", "property", "type"]

/** Returns the name that a node defines: the field that holds it, followed down to a leaf. */
const nameOf = (text: string, nodes: SyntaxNodes, children: Children, row: number): string | undefined => {
  let at = row
  for (let depth = 0; depth < 8; depth++) {
    const below = children.get(at) ?? []
    const next = nextTowardsName(nodes, below, at === row)
    if (next === undefined) {
      if (at === row || below.length > 0 && !identifierType.test(nodes.type[at] ?? "")) return undefined
      const name = text.slice(nodes.start[at] ?? 0, nodes.end[at] ?? 0)
      const plain = name.replace(/^[$#@*&\s]+/, "")
      return /^[\p{L}_][\p{L}\p{N}_?!$]*$/u.test(plain) ? plain : undefined
    }
    at = next
  }
  return undefined
}

const nextTowardsName = (nodes: SyntaxNodes, below: ReadonlyArray<number>, isFirst: boolean): number | undefined => {
  for (const field of nameFields) {
    if (field === "type" && !(isFirst && nodes.type[nodes.parent[below[0] ?? -1] ?? -1] === "impl_item")) continue
    const found = below.find((child) => nodes.field[child] === field)
    if (found !== undefined) return found
  }
  const element = below.find((child) => /_element$|_declarator$|^variable_declaration$/.test(nodes.type[child] ?? ""))
  if (element !== undefined) return element
  return below.find((child) => identifierType.test(nodes.type[child] ?? ""))
}

const isAttribute = /^(?:attribute_list|attribute|decorator|annotation|marker_annotation|comment)$/

/** Returns where the signature starts: behind attributes and decorators, at "export" or "const" where there is one. */
const startOf = (nodes: SyntaxNodes, children: Children, row: number): number => {
  const first = (children.get(row) ?? []).find((child) => !isAttribute.test(nodes.type[child] ?? ""))
  const own = first === undefined ? nodes.start[row] ?? 0 : nodes.start[first] ?? 0
  let at = row
  let start = own
  for (let above = nodes.parent[at] ?? -1; above > 0; above = nodes.parent[at] ?? -1) {
    const type = nodes.type[above] ?? ""
    if (
      !/^(?:export_statement|lexical_declaration|variable_declaration|template_declaration|type_declaration)$/.test(
        type
      )
    ) {
      break
    }
    const siblings = children.get(above) ?? []
    if (siblings.some((child) => nodes.type[child] === "(")) break
    const isFirst = siblings.find((child) =>
      nodes.isNamed[child] === 1 && !isAttribute.test(nodes.type[child] ?? "")
    ) === at
    if (!isFirst) break
    start = nodes.start[above] ?? start
    at = above
  }
  return start
}

/** Returns where the signature ends: at the body, or at a comment before it. */
const endOf = (
  nodes: SyntaxNodes,
  children: Children,
  row: number,
  start: number,
  body: number | undefined
): number => {
  const end = body === undefined ? nodes.end[row] ?? start : nodes.start[body] ?? start
  const comment = (children.get(row) ?? []).find((child) =>
    nodes.type[child] === "comment" && (nodes.start[child] ?? 0) > start
  )
  return comment === undefined ? end : Math.min(end, nodes.start[comment] ?? end)
}

const bodyTypes =
  /^(?:block|statement_block|class_body|interface_body|object_type|enum_body|declaration_list|body_statement|compound_statement|field_declaration_list|enumerator_list|enum_declaration_list|enum_member_declaration_list|struct_type|interface_type|accessor_list|enum_variant_list|annotation_type_body|ordered_field_declaration_list)$/

/** Returns the row of the body of a definition: its own, or that of the function that the name is given. */
const bodyOf = (nodes: SyntaxNodes, children: Children, row: number): number | undefined => {
  let at = row
  for (let depth = 0; depth < 3; depth++) {
    const below = children.get(at) ?? []
    const body = below.find((child) => nodes.field[child] === "body" || bodyTypes.test(nodes.type[child] ?? ""))
    if (body !== undefined) {
      if (!/^(?:struct_type|interface_type)$/.test(nodes.type[body] ?? "")) return body
      return (children.get(body) ?? []).find((child) => nodes.start[child] !== nodes.start[body]) ?? body
    }
    const value = below.find((child) => /^(?:value|right)$/.test(nodes.field[child] ?? ""))
    if (value === undefined || !children.has(value)) return undefined
    at = value
  }
  return undefined
}

/** Returns the nearest type or module around; functions and values hold nothing that can be named from elsewhere. */
const containerOf = (
  nodes: SyntaxNodes,
  defined: ReadonlyMap<number, number>,
  symbols: ReadonlyArray<SymbolFacts>,
  row: number
): number | undefined => {
  for (let above = nodes.parent[row] ?? -1; above > 0; above = nodes.parent[above] ?? -1) {
    const symbol = defined.get(above)
    const kind = symbols[symbol ?? -1]?.kind
    if (kind === "type" || kind === "module") return symbol
  }
  return undefined
}

/** Returns the name of the type of a Go method, which stands outside its type. */
const receiverOf = (text: string, nodes: SyntaxNodes, children: Children, row: number): string | undefined => {
  const receiver = (children.get(row) ?? []).find((child) => nodes.field[child] === "receiver")
  return receiver === undefined
    ? undefined
    : /(\w+)\s*(?:\[[^\]]*\])?\s*\)$/.exec(text.slice(nodes.start[receiver], nodes.end[receiver]))?.[1]
}

/** Returns whose member a definition is: its container's, or that of what stands before its name. */
const ownerIn = (container: SymbolFacts | undefined, nodeType: string, signature: string): string => {
  if (container?.kind === "type") return container.name
  if (container?.kind === "module" && /\bimpl\b/.test(container.signature)) return implemented(container)
  if (nodeType === "assignment_expression") {
    return /^([\w$]+(?:\.[\w$]+)*)\.[\w$]+\s*=/.exec(signature)?.[1]?.replace(/\.prototype$/, "").split(".").at(-1) ??
      ""
  }
  return nodeType === "function_definition" ? /(\w+)(?:<[^()]*>)?::~?\w+\s*\(/.exec(signature)?.[1] ?? "" : ""
}

/** Returns the type that a Rust implementation is for: the name of the symbol may be that of the trait. */
const implemented = ({ name, signature }: SymbolFacts): string =>
  /\bfor\s+(?:&(?:'\w+\s+)?(?:mut\s+)?)?(?:\w+::)*(\w+)/.exec(signature)?.[1] ?? name

/** Returns a signature on one line, cut where it is too long, without what only opens its body. */
export const collapse = (signature: string, longest = longestSignature): string => {
  const spaced = (/[^\S ]|  /.test(signature) ? signature.replace(/\s+/g, " ") : signature).trim()
  const opener = spaced.endsWith("=>") ? 2 : spaced.endsWith("=") || spaced.endsWith("{") ? 1 : 0
  const flat = opener === 0 ? spaced : spaced.slice(0, -opener).trimEnd()
  return flat.length <= longest ? flat : `${flat.slice(0, longest - 1)}…`
}

const countLineEnds = (text: string, start: number, end: number): number => {
  let count = 0
  for (let index = start; index < end; index++) if (text.charCodeAt(index) === 10) count++
  return count
}

/** Returns the names behind that of the type in its signature: what it extends, implements, embeds or derives from. */
export const basesOf = (nodeType: string, signature: string, name: string): ReadonlyArray<string> => {
  const at = signature.indexOf(name)
  if (at === -1 && nodeType !== "impl_item") return []
  const tail = signature.slice(at + name.length)
  if (!/^\s*(?:<[^>]*>)?\s*(?:\(|:|<|extends\b|implements\b|final\b)/.test(tail)) return []
  const names = tail.replace(/\b(?:extends|implements|public|private|protected|virtual|with|where|metaclass)\b/g, " ")
    .match(/[\p{L}_\\][\p{L}\p{N}_\\.]*/gu)
  return names === null ? [] : [...new Set(names)]
}
