/**
 * What a piece of code is, apart from how it is written: two pieces of one form differ in quotes, brackets, commas,
 * comments, the order of imports or of a comparison's sides, and in nothing that a program would do otherwise.
 */
import {
  bracketsOf,
  type CodeNode,
  isGroup,
  isLineEnd,
  isMark,
  isWord,
  partsBetween,
  statementsOf,
  withoutEnds
} from "./brackets.ts"
import { expressionOf, type Inner, opposite, written } from "./expressions.ts"
import { importsOf, isImport } from "./imports.ts"
import { leadingWords, lexemesOf, type Writing, writingOf } from "./lexemes.ts"
import { spelledAlike } from "./spellings.ts"

/** Where a piece stands: its language, and whether it lies in a list of imports, whose order means nothing. */
export interface FormPlace {
  readonly language: string
  readonly isImported: boolean
}

/** Returns a text that is equal for pieces of one form. Linear in the piece, but for how deep its brackets nest. */
export const formOf = (text: string, { isImported, language }: FormPlace): string => {
  const writing = writingOf(language)
  const nodes = bracketsOf(spelledAlike(lexemesOf(text, writing), writing.language))
  if (depthOf(nodes) > deepest) return text
  if (isImported) {
    const parts = partsBetween(nodes, (node) => isMark(node, ",", ";") || isLineEnd(node))
    return [...new Set(parts.map((part) => bodyOf(part, writing)).filter((part) => part !== ""))].sort().join(" ; ")
  }
  return bodyOf(nodes, writing)
}

/** Deeper pieces are compared as they are written. */
const deepest = 60

const depthOf = (nodes: ReadonlyArray<CodeNode>): number => {
  let depth = 0
  let level: ReadonlyArray<CodeNode> = nodes
  while (level.length > 0 && depth <= deepest) {
    level = level.flatMap((node) => (node.kind === "group" ? node.nodes : []))
    depth++
  }
  return depth
}

/** The statements of a file or a block. Imports that follow one another are sorted, each once. */
const bodyOf = (nodes: ReadonlyArray<CodeNode>, writing: Writing): string => {
  const texts: Array<string> = []
  let imports: Array<string> = []
  const flush = () => {
    texts.push(...new Set(imports.sort()))
    imports = []
  }
  const statements = statementsOf(nodes)
  for (const statement of statements) {
    if (statements.length > 1 && isIdle(statement, writing)) continue
    if (isImport(statement)) imports.push(...importsOf(statement, (part) => statementOf(part, writing)))
    else {
      flush()
      texts.push(statementOf(statement, writing))
    }
  }
  flush()
  return texts.filter((text) => text !== "").join(" ; ")
}

/** Whether a statement does nothing that its place would show: a docstring, or a switch for the reader of the file. */
const isIdle = (statement: ReadonlyArray<CodeNode>, { language }: Writing): boolean => {
  if (isWord(statement[0], "from") && isWord(statement[1], "__future__")) return true
  if (isWord(statement[0], "declare") && statement.length === 2 && language === "php") return true
  const isText = statement.every((node) => node.kind === "leaf" && node.lexeme.kind === "text")
  if (!isText) return false
  const [first] = statement
  if (language === "javascript") {
    return first?.kind === "leaf" && /^:use (?:strict|client|server)$/.test(first.lexeme.text)
  }
  return language === "python"
}

/** Marks that end an expression. A colon and a question mark belong to a choice, a pair or a type. */
const separators = [",", ":", "?", "=", ":=", "=>", "+=", "-=", "*=", "/=", "%=", "|=", "&=", "??=", "||=", "&&=", "<-"]

const isSeparator = (node: CodeNode): boolean =>
  isMark(node, ...separators) || isMark(node, ")", "]", "}") || isGroup(node, "{") ||
  (node.kind === "leaf" && node.lexeme.kind === "word" && leadingWords.has(node.lexeme.text) && !isWord(node, "new"))

const innerOf = (writing: Writing): Inner => ({
  body: (nodes) => bodyOf(nodes, writing),
  part: (nodes) => partOf(nodes, writing)
})

const statementOf = (statement: ReadonlyArray<CodeNode>, writing: Writing): string => {
  const nodes = withoutEmptyBrackets(withoutEnds(statement))
  return stepOf(nodes, writing) ?? partOf(nodes, writing)
}

/** Expressions and the words and marks between them. */
const partOf = (part: ReadonlyArray<CodeNode>, writing: Writing): string => {
  const nodes = withoutEmptyBrackets(withoutEnds(part))
  const texts: Array<string> = []
  let run: Array<CodeNode> = []
  let isTurned = false
  const flush = () => {
    const expression = expressionOf(run, writing, innerOf(writing))
    texts.push(written(isTurned ? opposite(expression) : expression))
    run = []
    isTurned = false
  }
  for (const [index, node] of nodes.entries()) {
    const last = nodes[index - 1]
    if (!isSeparator(node)) {
      // The brackets of a header are no part of the statement behind it.
      if (isWord(nodes[index - 2], "if", "while", "for", "switch", "catch") && isGroup(last, "(")) flush()
      run.push(node)
      continue
    }
    flush()
    if (node.kind === "group") texts.push(blockOf(node, last, writing))
    else if (isWord(node, "unless", "until")) {
      texts.push(isWord(node, "unless") ? "if" : "while")
      isTurned = true
    } else texts.push(node.lexeme.text)
  }
  flush()
  const kept = texts.filter((text) => text !== "")
  // A comma behind the last part of a list.
  while (kept.length > 1 && kept[kept.length - 1] === ",") kept.pop()
  return pairsOf(kept, writing).join(" ")
}

/** Go writes any type in two ways, and Python a class that has no base. */
const withoutEmptyBrackets = (nodes: ReadonlyArray<CodeNode>): ReadonlyArray<CodeNode> =>
  nodes.flatMap((node, index): ReadonlyArray<CodeNode> => {
    if (isEmpty(node, "{") && isWord(nodes[index - 1], "interface")) return []
    if (isEmpty(node, "(") && isWord(nodes[index - 2], "class")) return []
    const isAny = isWord(node, "interface") && isEmpty(nodes[index + 1], "{")
    return isAny ? [{ kind: "leaf", lexeme: { kind: "word", text: "any" } }] : [node]
  })

const isEmpty = (node: CodeNode | undefined, open: string): boolean =>
  isGroup(node, open) && !node.isOpen && withoutEnds(node.nodes).length === 0

/** One more or one less, which has three spellings as a statement. */
const stepOf = (nodes: ReadonlyArray<CodeNode>, writing: Writing): string | undefined => {
  const write = (part: ReadonlyArray<CodeNode>) => written(expressionOf(part, writing, innerOf(writing)))
  for (const [mark, sign] of [["++", "+"], ["--", "-"]] as const) {
    if (nodes.length < 2) return undefined
    if (isMark(nodes[nodes.length - 1], mark)) return `${write(nodes.slice(0, -1))} ${sign}= 1`
    if (isMark(nodes[0], mark)) return `${write(nodes.slice(1))} ${sign}= 1`
  }
  const at = nodes.findIndex((node) => isMark(node, "="))
  const target = nodes.slice(0, at)
  const value = nodes.slice(at + 1)
  const operator = value[target.length]
  if (at < 1 || operator?.kind !== "leaf" || !isMark(operator, "+", "-", "*", "/", "%", "|", "&")) return undefined
  if (target.some(isSeparator) || value.some(isSeparator)) return undefined
  const rest = value.slice(target.length + 1)
  if (write(value.slice(0, target.length)) !== write(target) || rest.length !== 1) return undefined
  return `${write(target)} ${operator.lexeme.text}= ${write(rest)}`
}

const controlWords = ["else", "do"]

/** A block. Around a single statement that something decides on, its brackets change nothing. */
const blockOf = (
  group: Extract<CodeNode, { readonly kind: "group" }>,
  before: CodeNode | undefined,
  writing: Writing
): string => {
  const body = bodyOf(group.nodes, writing)
  const isDecided = isGroup(before, "(") || isWord(before, ...controlWords)
  const isBare = isDecided && !group.isOpen && statementsOf(group.nodes).length === 1 &&
    withBareBlocks.has(writing.language)
  return isBare && !declares(group.nodes) ? body : `{ ${body} ${group.isOpen ? "…" : "}"}`
}

const withBareBlocks = new Set(["javascript", "java", "c", "cpp", "c-sharp", "php"])

const declares = (nodes: ReadonlyArray<CodeNode>): boolean => isWord(withoutEnds(nodes)[0], "var", "class", "function")

/** The pairs of an object: a name needs no quotes, and none at all where it is its own value. */
const pairsOf = (texts: ReadonlyArray<string>, { language }: Writing): ReadonlyArray<string> => {
  if (language !== "javascript") return texts
  const named = texts.map((text, index) =>
    texts[index + 1] === ":" ? text.replace(/^:(?=[A-Za-z_$][\w$]*$)/, "") : text
  )
  const kept: Array<string> = []
  for (let index = 0; index < named.length; index++) {
    const text = named[index] ?? ""
    const isKey = /^[A-Za-z_$][\w$]*$/.test(text) && (index === 0 || named[index - 1] === ",")
    const isOwnValue = isKey && named[index + 1] === ":" && named[index + 2] === text &&
      (index + 3 === named.length || named[index + 3] === ",")
    kept.push(text)
    if (isOwnValue) index += 2
  }
  return kept
}
