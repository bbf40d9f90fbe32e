/** Another operator, or a number one off. */
import { isNumber } from "../../../services/cuts/node-roles.ts"
import {
  isUnder,
  type Mutation,
  namedChildren,
  parentOf,
  replaceIn,
  rowsInside,
  type Scene,
  spanAt,
  textAt,
  typeAt
} from "./scene.ts"

const operatorSwaps: Readonly<Record<string, ReadonlyArray<string>>> = {
  "+": ["-"],
  "-": ["+"],
  "*": ["/", "+"],
  "/": ["*"],
  "%": ["/"],
  "<": ["<=", ">"],
  "<=": ["<", ">="],
  ">": [">=", "<"],
  ">=": [">", "<="],
  "==": ["!="],
  "!=": ["=="],
  "===": ["!=="],
  "!==": ["==="],
  "&&": ["||"],
  "||": ["&&"],
  "??": ["||", "?:"],
  "and": ["or"],
  "or": ["and"],
  "+=": ["-="],
  "-=": ["+="],
  "*=": ["/="],
  "++": ["--"],
  "--": ["++"],
  "<<": [">>"],
  ">>": ["<<"],
  "&": ["|"],
  "|": ["&"],
  "is": ["is not"],
  "is not": ["is"],
  "in": ["not in"],
  "not in": ["in"],
  "..": ["..="],
  "..=": [".."],
  "-eq": ["-ne"],
  "-ne": ["-eq"],
  "-lt": ["-le"],
  "-gt": ["-ge"],
  "-z": ["-n"],
  "-n": ["-z"]
}

/** Nodes whose operator stands between two values, or changes one. */
const operations =
  /binary|comparison|boolean_operator|assign|update|inc_statement|dec_statement|range|fix_unary|unary_expression/

/** Proposes it. */
export const swapOperator: Mutation = (scene, random) => {
  const operators = rowsInside(scene, (_, row) => scene.nodes.isLeaf[row] === 1 && isOperator(scene, row))
  const numbers = rowsInside(
    scene,
    (type, row) => scene.nodes.isLeaf[row] === 1 && isNumber(type) && /^(?:0|[1-9]\d{0,8})$/.test(textAt(scene, row))
  )
  const site = random.pick([...operators, ...numbers])
  if (site === undefined) return undefined
  const replacement = operators.includes(site)
    ? random.pick(swapsFor(scene.language, textAt(scene, site)))
    : String(Math.max(0, Number(textAt(scene, site)) + (random.next() < 0.5 ? 1 : -1)))
  return replacement === undefined ? undefined : replaceIn(scene, spanAt(scene.nodes, site), replacement)
}

/** What PHP mixes up with a default for null is not what JavaScript does. */
const swapsFor = (language: string, operator: string): ReadonlyArray<string> => {
  const swaps = operatorSwaps[operator] ?? []
  return operator === "??" ? swaps.filter((swap) => (swap === "?:") === (language === "php")) : swaps
}

/** Whether a text stands on one side of an operator, from which nobody would subtract. */
const joinsText = (scene: Scene, row: number): boolean =>
  namedChildren(scene, parentOf(scene, row)).some((side) =>
    /string|template/.test(typeAt(scene, side)) ||
    (typeAt(scene, side).startsWith("binary") &&
      namedChildren(scene, side).some((part) => /string|template/.test(typeAt(scene, part))))
  )

const isOperator = (scene: Scene, row: number): boolean => {
  const { nodes, text } = scene
  const type = typeAt(scene, row)
  const operator = textAt(scene, row)
  if ((type !== operator && type !== "test_operator") || !Object.hasOwn(operatorSwaps, operator)) return false
  const parent = parentOf(scene, row)
  if (!scene.hasGrammar) {
    return /\s/.test(text[(nodes.start[row] ?? 0) - 1] ?? "") && /\s/.test(text[nodes.end[row] ?? 0] ?? "")
  }
  if (!operations.test(typeAt(scene, parent)) || isUnder(scene, parent, 5, typePlace)) return false
  if (/^\+=?$/.test(operator) && joinsText(scene, row)) return false
  const isUnary = (nodes.start[parent] ?? 0) === (nodes.start[row] ?? 0) && operator.length === 1
  return !isUnary && !(typeAt(scene, parent) === "unary_expression" && !/^(?:\+\+|--|-z|-n)$/.test(operator))
}

/** A sign between types is no operator of values. */
const typePlace = /^(?:type|type_annotation|union_type|intersection_type|named_type|type_arguments|function_type)$/
