/** What the text of a declaration says about the type of what it declares. */
import type { SymbolFacts } from "./symbols.ts"

/** What a text says about a type: names, the likeliest first, or an expression whose value it is. */
export interface TypeText {
  /** The text of a type, such as "?Foo", "Arc<Foo>" or "Foo | None"; "" for none. */
  readonly annotation: string
  /** An expression; "" for none. */
  readonly expression: string
}

const typeOnly = (annotation: string | undefined): TypeText => ({
  annotation: annotation?.trim() ?? "",
  expression: ""
})
const valueOnly = (expression: string | undefined): TypeText => ({
  annotation: "",
  expression: expression?.trim() ?? ""
})

/**
 * Returns what a declaration says about the type of its value or, for a function, of what it returns. `doc` is the
 * documentation above it.
 */
export const typeTextOf = (language: string, { kind, name, signature }: SymbolFacts, doc: string): TypeText => {
  if (kind === "type") return typeOnly(name)
  const plain = name.replace(/[$#]/g, "\\$&")
  const at = signature.search(new RegExp(`(?<!\\w)${plain}(?![\\w$])`))
  const before = signature.slice(0, Math.max(0, at))
  const after = signature.slice(Math.max(0, at) + name.length)
  const isCalled = /^\s*(?:<[^(]*>|\[[^\]]*\])?\s*\(/.test(after)
  switch (language) {
    case "go":
      if (isCalled) return typeOnly(behindParameters(after))
      return /^\s*(?::?=)/.test(after)
        ? valueOnly(after.replace(/^\s*:?=/, ""))
        : typeOnly(after.replace(/[=`].*/s, ""))
    case "python":
      if (isCalled && kind === "function") return typeOnly(/->\s*(.+?):?$/s.exec(after)?.[1])
      return withValue(/^\s*:\s*([^=]+)/.exec(after)?.[1], after)
    case "rust":
      return typeOnly(
        isCalled ? /->\s*([^{]+?)(?:\s+where\b.*)?$/s.exec(after)?.[1] : /^\s*:\s*([^=]+)/.exec(after)?.[1]
      )
    case "php":
      return phpType(kind === "function", before, after, doc)
    case "javascript":
    case "typescript":
    case "tsx":
    case "vue":
    case "svelte": {
      const told = /@(?:returns?|type)\s*\{([^}]*)\}/.exec(doc)?.[1]
      const params = isCalled ? after : /^[^=]*=\s*(?:async\s*)?(?:function\b[^(]*)?(\(.*)/s.exec(after)?.[1]
      const isFunction = kind === "function" || isCalled || /=>|\bfunction\b/.test(after)
      const annotation = isFunction
        ? /^\s*:\s*([^={]+)/.exec(behindParameters(params ?? ""))?.[1]
        : /^[?!]?\s*:\s*([^=;]+)/.exec(after)?.[1]
      return isFunction || annotation !== undefined ? typeOnly(annotation ?? told) : withValue(told, after)
    }
    case "ruby":
      return valueOnly(/=\s*(.+)/.exec(after)?.[1])
    default:
      return typeOnly(/^(?:\s*\([^)]*\))?\s*:\s*([^={;]+)/.exec(after)?.[1] ?? before)
  }
}

const withValue = (annotation: string | undefined, after: string): TypeText => ({
  annotation: annotation?.trim() ?? "",
  expression: /(?<![=<>!])=(?![=>])\s*(.+)/s.exec(after)?.[1]?.trim() ?? ""
})

const phpType = (isFunction: boolean, before: string, after: string, doc: string): TypeText => {
  // "@method Foo bar()" and "@property Foo $bar"
  const promised = /^@(?:method|property(?:-read|-write)?)\s+(?:static\s+)?(\S+)/.exec(before)?.[1]
  if (promised !== undefined) return typeOnly(promised)
  if (isFunction) return typeOnly(/\)\s*:\s*([^{]+)$/.exec(after)?.[1] ?? /@return\s+(\S+)/.exec(doc)?.[1])
  const declared = before.replace(/\b(?:public|protected|private|static|readonly|final|var|const)\b|\$/g, "").trim()
  return {
    annotation: declared === "" ? /@var\s+(\S+)/.exec(doc)?.[1] ?? "" : declared,
    expression: /^\s*=\s*(.+)/.exec(after)?.[1] ?? ""
  }
}

/** Returns the text behind the bracket that closes the first one. */
const behindParameters = (text: string): string => {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "(") depth++
    else if (text[at] === ")" && --depth === 0) return text.slice(at + 1)
  }
  return ""
}

/** Returns the documentation that ends right above an offset, without its declaration; "" for none. */
export const docAbove = (text: string, offset: number): string => {
  const before = text.slice(Math.max(0, offset - 2000), offset).trimEnd()
  if (!before.endsWith("*/")) return ""
  const open = before.lastIndexOf("/**")
  return open === -1 ? "" : before.slice(open)
}

/** Types that stand for what they hold: members are those of what is inside. */
const transparent = new Set(
  ("Optional Option Arc Rc Box Ref RefMut Cow Pin Annotated Final ClassVar Readonly Required Partial Promise Awaitable " +
    "Coroutine Future Task Result unique_ptr shared_ptr weak_ptr std optional Union Type type typing t Nullable Lazy " +
    "NonNullable Awaited").split(" ")
)

/** Words of types that name none. */
const wordsOfTypes = new Set(
  ("public private protected internal static final abstract readonly const var let val mut dyn impl ref out in func fn " +
    "async override virtual sealed extern unsafe volatile transient synchronized native default new struct class enum " +
    "interface union unsigned signed long short int char bool boolean void float double byte string str number any object " +
    "unknown never null undefined None nil mixed array callable iterable true false error inline constexpr explicit " +
    "friend typename template mutable extends super keyof typeof infer is asserts export declare function def").split(
      " "
    )
)

/** A name in the text of a type. */
export interface NamedType {
  readonly name: string
  /** Whether it is an element of a container of another type: something has to be taken out first. */
  readonly isElement: boolean
}

/** Returns the names in the text of a type, from left to right, without those that merely stand for what they hold. */
export const namesInType = (annotation: string): ReadonlyArray<NamedType> => {
  const names: Array<NamedType> = []
  const isList = /^\s*(?:[*&?]\s*)?\[\]|^\s*map\[|\[\]\s*(?:\||$)/.test(annotation)
  let opaque = 0
  let depth = 0
  let last = ""
  for (
    const match of annotation.matchAll(
      /[\p{L}_$@\\][\p{L}\p{N}_$\\]*(?:(?:\.|::|\\)[\p{L}_$][\p{L}\p{N}_$]*)*|[<>[\]]/gu
    )
  ) {
    const [found] = match
    if (found === "<" || found === "[") {
      depth++
      if (last !== "" && !transparent.has(last) && opaque === 0) opaque = depth
      continue
    }
    if (found === ">" || found === "]") {
      if (depth === opaque) opaque = 0
      depth = Math.max(0, depth - 1)
      continue
    }
    const name = found.slice(Math.max(found.lastIndexOf("\\"), found.lastIndexOf("."), found.lastIndexOf(":")) + 1)
    last = name
    const opens = /^\s*[<[]/.test(annotation.slice(match.index + found.length))
    if (wordsOfTypes.has(name) || (opens && transparent.has(name))) continue
    names.push({ name, isElement: isList || opaque > 0 })
  }
  return names
}
