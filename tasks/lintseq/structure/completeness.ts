/** What has to be complete: cases of which one must fit, values told by their place, types that name their parameters. */
import type { SyntaxNodes } from "../../../services/Parser.ts"
import type { NameNeed } from "./needs.ts"
import type { Shape } from "./shape.ts"

/** Finds the needs of what is refused while a part of it is missing. */
export const completenessNeeds = (
  source: string,
  nodes: SyntaxNodes,
  shape: Shape,
  atomOfRow: (row: number) => number
): ReadonlyArray<NameNeed> => {
  const { count, end, field, isNamed, parent: above, start, type } = nodes
  const needs: Array<NameNeed> = []
  const need = (atom: number, on: number): void => {
    if (atom !== on) needs.push({ name: "complete", isWrite: false, atom, oneOf: [on] })
  }
  const textOf = (row: number): string => source.slice(start[row] ?? 0, end[row] ?? 0)
  const childrenOf = (outer: number): ReadonlyArray<number> => {
    const rows: Array<number> = []
    for (let row = outer + 1; row < count && (start[row] ?? 0) < (end[outer] ?? 0); row++) {
      if (above[row] === outer) rows.push(row)
    }
    return rows
  }
  const variants = new Map<string, Array<number>>()
  if (shape.variants.size > 0) {
    for (let row = 1; row < count; row++) {
      if (!shape.variants.has(`${type[above[row] ?? 0] ?? ""}.${field[row] ?? ""}`)) continue
      variants.set(textOf(row), [...variants.get(textOf(row)) ?? [], atomOfRow(row)])
    }
  }
  /** Go's fields by the name of their type. */
  const fields = new Map<string, Array<number>>()
  for (let row = 1; row < count; row++) {
    if (isNamed[row] !== 1) continue
    const kind = type[row] ?? ""
    const cases = shape.exhaustive.get(kind)
    if (cases !== undefined) readCases(row, cases)
    if (kind === "const_spec") readConstant(row)
    if (kind === "case_statement") readLabel(row)
    if (kind === "type_spec") readFields(row)
    if (kind === "type_parameters") readParameters(row)
  }
  for (let row = 1; row < count; row++) if (type[row] === "composite_literal") readLiteral(row)
  return needs

  /** One of the cases must fit: the one for all else, or each; a case of a value comes with the value. */
  function readCases(list: number, kind: string): void {
    // A switch that is a statement may leave values out.
    const around = above[list] ?? 0
    if (type[above[around] ?? 0] === "expression_statement" && kind === "switch_rule") return
    const arms = childrenOf(list).filter((row) => type[row] === kind)
    const all = arms.find((row) => shape.catchAll.test(textOf(row)))
    if (all !== undefined) return need(atomOfRow(list), atomOfRow(all))
    for (const arm of arms) {
      const pattern = childrenOf(arm)[0] ?? arm
      const values = (textOf(pattern).match(/\w+/g) ?? []).flatMap((name) => variants.get(name) ?? [])
      if (values.length === 0) need(atomOfRow(list), atomOfRow(arm))
      for (const value of values) need(value, atomOfRow(arm))
    }
  }

  /** A constant without a value goes on from the one before it. */
  function readConstant(row: number): void {
    if (childrenOf(row).some((child) => field[child] === "value")) return
    let before = row - 1
    while (before > (above[row] ?? 0) && !(type[before] === "const_spec" && above[before] === above[row])) before--
    if (type[before] === "const_spec") need(atomOfRow(row), atomOfRow(before))
  }

  /** A label of C has to stand before something: where it is alone, before the next one. */
  function readLabel(row: number): void {
    if (childrenOf(row).some((child) => isNamed[child] === 1 && field[child] !== "value")) return
    const next = childrenOf(above[row] ?? 0).find((sibling) => sibling > row && isNamed[sibling] === 1)
    if (next !== undefined) need(atomOfRow(row), atomOfRow(next))
  }

  function readFields(row: number): void {
    const [name, ...rest] = childrenOf(row)
    const struct = rest.find((child) => type[child] === "struct_type")
    if (name === undefined || struct === undefined) return
    const list = childrenOf(struct).find((child) => type[child] === "field_declaration_list")
    if (list === undefined) return
    fields.set(textOf(name), childrenOf(list).filter((child) => type[child] === "field_declaration").map(atomOfRow))
  }

  /** Values without names are told by their place among the fields. */
  function readLiteral(row: number): void {
    const [name, body] = childrenOf(row)
    if (name === undefined || body === undefined) return
    const hasPlaces = childrenOf(body).some((child) => type[child] === "literal_element")
    if (hasPlaces) { for (const one of fields.get(textOf(name)) ?? []) need(atomOfRow(row), one) }
  }

  /** Rust refuses a type that does not use a parameter of its own. */
  function readParameters(row: number): void {
    const item = above[row] ?? 0
    if (!/^(?:struct|enum|union)_item$/.test(type[item] ?? "")) return
    const body = childrenOf(item).find((child) => field[child] === "body")
    if (body === undefined) return
    const parts = childrenOf(body).filter((child) => isNamed[child] === 1)
    for (const parameter of childrenOf(row)) {
      const name = /'?\w+/.exec(textOf(parameter))?.[0]
      if (name === undefined || textOf(parameter).startsWith("const ")) continue
      const word = new RegExp(`${name.startsWith("'") ? "" : "\\b"}${name}\\b`)
      const using = parts.filter((part) => word.test(textOf(part))).map(atomOfRow)
      if (using.length > 0 && !using.includes(atomOfRow(item))) {
        needs.push({ name: "complete", isWrite: false, atom: atomOfRow(item), oneOf: using })
      }
    }
  }
}
