/** A condition turned round, as somebody who writes the language would write it. */
import type { Random } from "../../../services/text/random.ts"
import { isWithin } from "../../../services/text/span.ts"
import {
  childRows,
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

/** Proposes it. */
export const negateCondition: Mutation = (scene, random) => {
  const site = random.pick(rowsInside(scene, (_, row) => isCondition(scene, row)))
  if (site === undefined) return undefined
  const other = scene.language === "ruby" ? otherKeyword(scene, site) : undefined
  if (other !== undefined) return replaceIn(scene, spanAt(scene.nodes, other.row), other.keyword)
  const negated = negationOf(scene, site, random)
  return negated === undefined ? undefined : replaceIn(scene, spanAt(scene.nodes, site), negated)
}

/** Whether a node decides between two ways, or stands in the brackets of one that does. */
const isCondition = (scene: Scene, row: number): boolean => {
  const parent = parentOf(scene, row)
  if (brackets.test(typeAt(scene, row)) && namedChildren(scene, row).length === 1) return false
  return decides(scene, row) ||
    (brackets.test(typeAt(scene, parent)) && namedChildren(scene, parent)[0] === row && decides(scene, parent))
}

const brackets = /^parenthesized|^condition_clause$/

/** The conditions of loops that count do not count: no such loop would run. */
const decides = (scene: Scene, row: number): boolean => {
  const { nodes, text } = scene
  const parent = parentOf(scene, row)
  const type = typeAt(scene, parent)
  if (nodes.isNamed[row] === 0) return false
  // The grammar of Python gives the parts of a choice no names.
  if (type === "conditional_expression" && scene.language === "python") return namedChildren(scene, parent)[1] === row
  if (nodes.field[row] !== "condition" || /^for|for_|preproc/.test(type)) return false
  // A choice that gives its own condition back.
  return !/^\s*\?:/.test(text.slice(nodes.end[row] ?? 0, (nodes.end[row] ?? 0) + 12))
}

const opposites: Readonly<Record<string, string>> = {
  "==": "!=",
  "!=": "==",
  "===": "!==",
  "!==": "===",
  "<>": "==",
  "<": ">=",
  ">=": "<",
  ">": "<=",
  "<=": ">",
  "=~": "!~",
  "!~": "=~",
  "is": "is not",
  "is not": "is",
  "in": "not in",
  "not in": "in",
  "=": "!=",
  "-eq": "-ne",
  "-ne": "-eq",
  "-lt": "-ge",
  "-ge": "-lt",
  "-gt": "-le",
  "-le": "-gt",
  "-z": "-n",
  "-n": "-z"
}

const otherWords: Readonly<Record<string, string>> = { true: "false", false: "true", True: "False", False: "True" }

/** Methods that are each other's opposite, at the end of what is asked. */
const otherMethods: Readonly<Record<string, ReadonlyArray<readonly [string, string]>>> = {
  rust: [[".is_some()", ".is_none()"], [".is_ok()", ".is_err()"]],
  ruby: [[".any?", ".none?"], [".present?", ".blank?"]]
}

/** Returns a text that is true where the node is false; undefined where the language has none that reads well. */
const negationOf = (scene: Scene, row: number, random: Random): string | undefined => {
  const type = typeAt(scene, row)
  const text = textAt(scene, row)
  const inner = namedChildren(scene, row)
  const [only] = inner
  const within = (part: number, replacement: string): string =>
    text.slice(0, (scene.nodes.start[part] ?? 0) - (scene.nodes.start[row] ?? 0)) + replacement +
    text.slice((scene.nodes.end[part] ?? 0) - (scene.nodes.start[row] ?? 0))
  if (/^let_|declaration$/.test(type) || !isSeenWhole(scene, row)) return undefined
  if (brackets.test(type) && inner.length === 1 && only !== undefined) {
    const negated = negationOf(scene, only, random)
    return negated === undefined ? undefined : within(only, negated)
  }
  if (Object.hasOwn(otherWords, text)) return otherWords[text]
  if (scene.language === "bash") return negationInShell(text)
  const operand = negated(scene, row)
  if (operand !== undefined) return operand
  const operator = childRows(scene, row).find((child) =>
    scene.nodes.isNamed[child] === 0 && isOperatorText(textAt(scene, child))
  )
  if (operator !== undefined && inner.length === 2) {
    const mark = textAt(scene, operator)
    if (/^(?:&&|\|\||and|or)$/.test(mark)) {
      // One side turned round is the likelier mistake, and needs no brackets.
      const side = inner[random.below(2)]
      const turned = side === undefined ? undefined : negationOf(scene, side, random)
      return side === undefined || turned === undefined ? undefined : within(side, turned)
    }
    if (mark !== "in" || scene.language === "python") {
      const other = opposites[mark]
      if (other !== undefined) return within(operator, other)
    }
  }
  for (const [one, two] of otherMethods[scene.language] ?? []) {
    if (text.endsWith(one)) return text.slice(0, -one.length) + two
    if (text.endsWith(two)) return text.slice(0, -two.length) + one
  }
  if (scene.language === "c-sharp" && type.startsWith("is_")) {
    return / is not /.test(text) ? text.replace(" is not ", " is ") : text.replace(" is ", " is not ")
  }
  return withNot(scene, type, text)
}

/** Whether the scene has all children of a row: those that lie further away than nodes are read are missing. */
const isSeenWhole = (scene: Scene, row: number): boolean => {
  const { nodes } = scene
  const last = childRows(scene, row).at(-1)
  return nodes.isLeaf[row] === 1 || (last !== undefined && nodes.end[last] === nodes.end[row])
}

const isOperatorText = (text: string): boolean => Object.hasOwn(opposites, text) || /^(?:&&|\|\||and|or)$/.test(text)

/** What a negation negates, without brackets that it no longer needs; undefined where a node is none. */
const negated = (scene: Scene, row: number): string | undefined => {
  const [sign] = childRows(scene, row)
  if (sign === undefined || !/^(?:!|not)$/.test(textAt(scene, sign)) || scene.nodes.isNamed[sign] === 1) {
    return undefined
  }
  const [operand] = namedChildren(scene, row)
  if (operand === undefined) return undefined
  const [inside] = namedChildren(scene, operand)
  return typeAt(scene, operand).startsWith("parenthesized") && inside !== undefined
    ? textAt(scene, inside)
    : textAt(scene, operand)
}

const withNot = ({ language, text: file }: Scene, type: string, text: string): string => {
  if (language === "python") {
    return /^(?:named_expression|conditional_expression|lambda)$/.test(type)
      ? `not (${text})`
      : `not ${text}`
  }
  // Frameworks of PHP set their negations apart.
  const not = language === "php" && /[(&|] ?! [$\w]/.test(file) ? "! " : "!"
  const isWhole = !/\s/.test(text.replace(/\((?:[^()]|\([^()]*\))*\)|\[[^\]]*\]|"[^"]*"|'[^']*'/g, "")) ||
    /call|invocation|identifier|member|subscript|selector|field_expression|attribute/.test(type)
  return isWhole || (language === "php" && / instanceof /.test(text)) ? not + text : `${not}(${text})`
}

const negationInShell = (text: string): string => {
  if (/^!\s+/.test(text)) return text.replace(/^!\s+/, "")
  const test = /^(\[\[?\s+)([^]*?)(\s+\]\]?)$/.exec(text)
  if (test === null) return `! ${text}`
  const [, open = "", inner = "", close = ""] = test
  if (/^!\s+/.test(inner)) return open + inner.replace(/^!\s+/, "") + close
  const operator = /(?<=^|\s)(?:-eq|-ne|-lt|-ge|-gt|-le|-z|-n|==|!=|=|=~)(?=\s)/.exec(inner)
  const other = opposites[operator?.[0] ?? ""]
  if (operator === null || other === undefined || other === "!~" || /&&|\|\|/.test(inner)) {
    return `${open}! ${inner}${close}`
  }
  return open + inner.slice(0, operator.index) + other + inner.slice(operator.index + operator[0].length) + close
}

/** Ruby turns a condition round by its keyword, where nothing else hangs on it. */
const otherKeyword = (scene: Scene, site: number) => {
  const parent = parentOf(scene, site)
  if (!/^(?:if|unless)(?:_modifier)?$/.test(typeAt(scene, parent))) return undefined
  const children = childRows(scene, parent)
  if (children.some((row) => typeAt(scene, row).startsWith("els"))) return undefined
  const isCompared = childRows(scene, site).some((row) => Object.hasOwn(opposites, textAt(scene, row)))
  const row = children.find((child) => /^(?:if|unless)$/.test(textAt(scene, child)))
  if (isCompared || row === undefined || !isWithin(spanAt(scene.nodes, row), scene.middle)) return undefined
  return { row, keyword: textAt(scene, row) === "if" ? "unless" : "if" }
}
