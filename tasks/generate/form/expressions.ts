/** The form of an expression: brackets that change nothing are gone, and comparisons stand in one order. */
import { type CodeNode, isGroup, isMark, isWord, partsBetween, withoutEnds } from "./brackets.ts"
import { leadingWords, type Writing } from "./lexemes.ts"

/** An operator with its operands; a `plain` one is a text of lexemes. */
export interface Expression {
  readonly operator: string
  readonly parts: ReadonlyArray<string>
}

/** Writes what stands in brackets: statements, or one part of a list. */
export interface Inner {
  readonly body: (nodes: ReadonlyArray<CodeNode>) => string
  readonly part: (nodes: ReadonlyArray<CodeNode>) => string
}

const plain = (text: string): Expression => ({ operator: "plain", parts: [text] })

/** Writes an expression, so that equal ones are written alike. */
export const written = ({ operator, parts }: Expression): string =>
  operator === "plain" ? parts[0] ?? "" : `<${operator} ${parts.join(" , ")}>`

const opposites: Readonly<Record<string, string>> = { eq: "ne", ne: "eq", in: "not in", "not in": "in" }

/** Turns the truth of an expression round. */
export const opposite = (expression: Expression): Expression => {
  const { operator, parts } = expression
  const other = opposites[operator]
  if (other !== undefined) return { operator: other, parts }
  const [left = "", right = ""] = parts
  if (operator === "lt") return { operator: "le", parts: [right, left] }
  if (operator === "le") return { operator: "lt", parts: [right, left] }
  if (operator === "not") return plain(left)
  return { operator: "not", parts: [written(expression)] }
}

const comparisons: Readonly<Record<string, string>> = {
  "==": "eq",
  "!=": "ne",
  "<": "lt",
  "<=": "le",
  ">": "gt",
  ">=": "ge",
  in: "in",
  "not in": "not in"
}

const isComparison = (node: CodeNode): boolean =>
  node.kind === "leaf" && node.lexeme.kind === "mark" && Object.hasOwn(comparisons, node.lexeme.text)

const arithmetic: ReadonlyArray<ReadonlyArray<string>> = [
  ["|"],
  ["^"],
  ["&"],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "//", "%"]
]

/** Returns the form of the nodes of one expression; the loosest operator is looked for first. */
export const expressionOf = (nodes: ReadonlyArray<CodeNode>, writing: Writing, inner: Inner): Expression => {
  const [first] = nodes
  if (first === undefined) return plain("")
  const again = (part: ReadonlyArray<CodeNode>) => expressionOf(part, writing, inner)
  if (nodes.length === 1 && isGroup(first, "(") && isSingle(first)) return again(withoutEnds(first.nodes))
  // Most parts of a program are names and calls.
  if (!nodes.some(mayOperate)) return plain(chainOf(nodes, writing, inner))
  for (const [mark, operator] of [["||", "or"], ["&&", "and"], ["??", "??"]] as const) {
    const parts = partsBetween(nodes, (node) => isMark(node, mark))
    if (parts.length > 1) return { operator, parts: parts.map((part) => written(again(part))) }
  }
  const isLooseNot = writing.language === "python"
  if (isLooseNot && isMark(first, "!")) return opposite(again(nodes.slice(1)))
  const compared = nodes.filter(isComparison)
  if (compared.length === 1) return comparisonOf(nodes, again)
  if (isMark(first, "!")) return opposite(again(nodes.slice(1)))
  if (isWord(first, "is_null") && nodes.length === 2 && isGroup(nodes[1], "(")) {
    return { operator: "eq", parts: [written(again(nodes[1].nodes)), "null"].sort() }
  }
  for (const marks of arithmetic) {
    const parts: Array<Array<CodeNode>> = [[]]
    const between: Array<string> = []
    for (const [index, node] of nodes.entries()) {
      const isBinary = index > 0 && isMark(node, ...marks) && endsOperand(nodes[index - 1])
      if (isBinary && node.kind === "leaf") {
        between.push(node.lexeme.text)
        parts.push([])
      } else parts[parts.length - 1]?.push(node)
    }
    if (between.length === 0) continue
    const texts = parts.map((part) => written(again(part)))
    if (marks[0] === "|" && texts.some((text) => text === "None")) return { operator: "|", parts: texts.sort() }
    return { operator: between.join(" "), parts: texts }
  }
  return plain(chainOf(nodes, writing, inner))
}

/** Whether an operator that matters to form may be before a node or in its place. */
const mayOperate = (node: CodeNode): boolean =>
  node.kind === "leaf" && (node.lexeme.kind === "mark" ? node.lexeme.text !== "." : node.lexeme.text === "is_null")

const comparisonOf = (
  nodes: ReadonlyArray<CodeNode>,
  again: (part: ReadonlyArray<CodeNode>) => Expression
): Expression => {
  const at = nodes.findIndex(isComparison)
  const node = nodes[at]
  const mark = node?.kind === "leaf" ? node.lexeme.text : ""
  const left = written(again(nodes.slice(0, at)))
  const right = written(again(nodes.slice(at + 1)))
  const operator = comparisons[mark] ?? mark
  if (operator === "gt") return { operator: "lt", parts: [right, left] }
  if (operator === "ge") return { operator: "le", parts: [right, left] }
  return { operator, parts: operator === "eq" || operator === "ne" ? [left, right].sort() : [left, right] }
}

/** Whether brackets hold one expression, and no list, header or nothing. */
const isSingle = (group: Extract<CodeNode, { readonly kind: "group" }>): boolean =>
  !group.isOpen && withoutEnds(group.nodes).length > 0 && !group.nodes.some((node) => isMark(node, ",", ";"))

/** Whether a node may be the last one of an operand, so that a mark behind it stands between two. */
const endsOperand = (node: CodeNode | undefined): boolean => {
  if (node === undefined) return false
  if (node.kind === "group") return true
  const { kind, text } = node.lexeme
  return kind === "number" || kind === "text" || (kind === "word" && !leadingWords.has(text))
}

/** Names, calls, members and whatever has no structure of its own. */
const chainOf = (nodes: ReadonlyArray<CodeNode>, writing: Writing, inner: Inner): string => {
  const words: Array<string> = []
  const isJavascript = writing.language === "javascript"
  for (const [index, node] of nodes.entries()) {
    if (node.kind === "leaf") {
      const last = nodes[index - 1]
      // Texts that follow one another are one in the languages where they may.
      if (node.lexeme.kind === "text" && last?.kind === "leaf" && last.lexeme.kind === "text") {
        const [, head = "", content = ""] = /^(\w*:)([^]*)$/.exec(node.lexeme.text) ?? []
        const before = words[words.length - 1] ?? ""
        if (head === ":" && /^f?:/.test(before)) {
          words[words.length - 1] = before + content
          continue
        }
      }
      words.push(node.lexeme.text)
      continue
    }
    const isCall = node.open === "(" && endsOperand(nodes[index - 1]) && !isMark(nodes[index - 1], "=>")
    const list = listOf(node, writing, inner, isCall ? wordOf(nodes[index - 1]) : undefined)
    const member = isJavascript && node.open === "[" && index > 0 ? /^:([A-Za-z_$][\w$]*)$/.exec(list) : null
    if (member !== null) words.push(".", member[1] ?? "")
    else if (node.open === "[" && isWord(nodes[index - 1], "optional", "union") && writing.language === "python") {
      const parts = list.split(" , ")
      const all = isWord(nodes[index - 1], "optional") ? [...parts, "None"] : parts
      words[words.length - 1] = written({ operator: "|", parts: all.includes("None") ? all.sort() : all })
    } else if (node.open === "(" && isCall && list === "" && !node.isOpen && callsAnyway(nodes, index, writing)) {
      continue
    } else if (node.open === "(" && isCall && writing.language === "ruby" && index === nodes.length - 1) {
      words.push(list)
    } else if (node.open === "(" && !isCall && isSingle(node) && !list.startsWith("<")) words.push(list)
    else words.push(node.open, list, node.isOpen ? "…" : "|")
  }
  return words.filter((word) => word !== "").join(" ")
}

/** Whether empty brackets behind a name may as well be left out. */
const callsAnyway = (nodes: ReadonlyArray<CodeNode>, at: number, { language }: Writing): boolean => {
  if (language === "ruby") return true
  const isMade = isWord(nodes[at - 2], "new") || nodes.slice(0, at).some((node) => isWord(node, "new"))
  return isMade && (language === "javascript" || language === "php")
}

/** The parts of a pair of brackets; a comma behind the last one does not count. */
const listOf = (
  group: Extract<CodeNode, { readonly kind: "group" }>,
  writing: Writing,
  inner: Inner,
  called?: string
): string => {
  if (group.open === "{" || group.nodes.some((node) => isMark(node, ";"))) return inner.body(group.nodes)
  const nodes = withoutEnds(group.nodes)
  const parts = partsBetween(nodes, (node) => isMark(node, ","))
  const last = parts[parts.length - 1]
  const isTuple = parts.length === 2 && last?.length === 0 && group.open === "("
  const isMarked = isTuple && (writing.language === "python" || writing.language === "rust")
  const kept = last !== undefined && last.length === 0 && parts.length > 1 && !isMarked ? parts.slice(0, -1) : parts
  const texts = kept.map(inner.part)
  if (called !== undefined && symmetric.test(called)) return texts.sort().join(" , ")
  if (called === undefined || !withNamedArguments.has(writing.language)) return texts.join(" , ")
  const isNamed = (text: string) => /^[A-Za-z_]\w* [:=] /.test(text)
  return [...texts.filter((text) => !isNamed(text)), ...texts.filter(isNamed).sort()].join(" , ")
}

const wordOf = (node: CodeNode | undefined): string | undefined =>
  node?.kind === "leaf" && node.lexeme.kind === "word" ? node.lexeme.text : undefined

/** Calls that compare their arguments, so that either may come first. */
const symmetric = /^(?:assert_?)?(?:is_?)?(?:not_?)?(?:strict_?|deep_?|loosely_?)*(?:equals?|same|eq|ne|isclose)$/i

/** Where the arguments that are named may stand in any order. */
const withNamedArguments = new Set(["python", "php", "c-sharp", "kotlin", "ruby"])
