/** What a node of a syntax tree is where names are concerned: a name, a definition, a member of something, a call. */
import type { SyntaxNodes } from "../../../services/Parser.ts"
import type { Shape } from "./shape.ts"

/** Fields of patterns with names that are used, not defined. */
const notPatterns: ReadonlySet<string> = new Set(["right", "default", "default_value", "path", "scope", "type", "size"])

/** Returns what tells of each row of a tree what it is; none of it depends on what was asked before. */
export const nodeRoles = (source: string, nodes: SyntaxNodes, shape: Shape) => {
  const { count, end, field, isNamed, parent: above, start, type } = nodes
  return {
    callsBase,
    isAssigned,
    isDefinition,
    isDotted,
    isFieldToo,
    isForward,
    isLibraryWord,
    isOfSelf,
    isResultUsed,
    isSpecifier,
    isValueInPattern,
    nameAt,
    pathOf,
    textOf
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
    // "enum a b" declares b.
    if (isDotted(row) || (isSpecifier(row) && field[above[row] ?? 0] === "type" && isForward(row))) return false
    for (let now = row;;) {
      // "using namespace a" defines nothing by that name.
      if (shape.definitions.has(pathOf(now))) return now !== row || pathOf(now) !== "using_declaration"
      const up = above[now] ?? 0
      if (up <= 0 || !shape.patterns.has(type[up] ?? "")) return false
      // The default of a pattern is no pattern, nor is its type.
      if (notPatterns.has(field[now] ?? "")) return false
      now = up
    }
  }

  /** Whether a name is part of a dotted one that a case compares with: the first is used, the others are members. */
  function isDotted(row: number): boolean {
    const up = above[row] ?? 0
    return type[up] === "dotted_name" && type[above[up] ?? 0] === "case_pattern" && textOf(up).includes(".")
  }

  function isValueInPattern(row: number): boolean {
    return isDotted(row) && start[row] !== start[above[row] ?? 0]
  }

  /** Whether a word looks like one of the language but is a header's, as "bool" and "size_t" are in C. */
  function isLibraryWord(row: number): boolean {
    if (/^(?:true|false|null)$/.test(type[row] ?? "")) return isNamed[row] === 1
    return type[row] === "primitive_type" && !/^(?:int|char|float|double|void|long|short)$/.test(textOf(row))
  }

  function callsBase(row: number): boolean {
    return /^(?:explicit_constructor_invocation|constructor_initializer)$/.test(type[row] ?? "") ||
      (type[row] === "super" && pathOf(row) === "call_expression.function")
  }

  /** Whether a parameter of a constructor is a field as well. */
  function isFieldToo(row: number): boolean {
    const up = above[row] ?? 0
    return type[up] === "property_promotion_parameter" ||
      (type[up] === "required_parameter" &&
        /^(?:accessibility_modifier|readonly|override_modifier)$/.test(type[up + 1] ?? ""))
  }

  function isSpecifier(row: number): boolean {
    return shape.declaredFirst && field[row] === "name" && type[above[row] ?? 0]?.endsWith("_specifier") === true
  }

  /** Whether a type is named without being told, where its body stands elsewhere. */
  function isForward(row: number): boolean {
    const up = above[row] ?? 0
    if (!isSpecifier(row)) return false
    for (let child = row + 1; child < count && (start[child] ?? 0) < (end[up] ?? 0); child++) {
      if (above[child] === up && field[child] === "body") return false
    }
    return true
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
}
