/** Lexemes as a tree of brackets, and how a row of them is cut into parts. */
import type { Lexeme } from "./lexemes.ts"

/** A lexeme, or a pair of brackets with what is in it; `isOpen` where the piece ends before the pair does. */
export type CodeNode =
  | { readonly kind: "leaf"; readonly lexeme: Lexeme }
  | { readonly kind: "group"; readonly open: string; readonly nodes: ReadonlyArray<CodeNode>; readonly isOpen: boolean }

const closers: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" }

/** Puts lexemes between brackets into groups. A bracket without its other half stays a leaf, or an open group. */
export const bracketsOf = (lexemes: ReadonlyArray<Lexeme>): ReadonlyArray<CodeNode> => {
  const stack: Array<{ readonly open: string; readonly nodes: Array<CodeNode> }> = [{ open: "", nodes: [] }]
  const top = () => stack[stack.length - 1]?.nodes ?? []
  for (const lexeme of lexemes) {
    const isMark = lexeme.kind === "mark"
    if (isMark && Object.hasOwn(closers, lexeme.text)) stack.push({ open: lexeme.text, nodes: [] })
    else if (isMark && closers[stack[stack.length - 1]?.open ?? ""] === lexeme.text) {
      const done = stack.pop()
      if (done !== undefined) top().push({ kind: "group", ...done, isOpen: false })
    } else top().push({ kind: "leaf", lexeme })
  }
  while (stack.length > 1) {
    const done = stack.pop()
    if (done !== undefined) top().push({ kind: "group", ...done, isOpen: true })
  }
  return top()
}

/** Whether a node is the mark, or one of the marks. */
export const isMark = (node: CodeNode | undefined, ...marks: ReadonlyArray<string>): boolean =>
  node?.kind === "leaf" && node.lexeme.kind === "mark" && marks.includes(node.lexeme.text)

/** Whether a node is the word, or one of the words. */
export const isWord = (node: CodeNode | undefined, ...words: ReadonlyArray<string>): boolean =>
  node?.kind === "leaf" && node.lexeme.kind === "word" && words.includes(node.lexeme.text)

/** Whether a node is a pair of these brackets. */
export const isGroup = (
  node: CodeNode | undefined,
  open: string
): node is Extract<CodeNode, { readonly kind: "group" }> => node?.kind === "group" && node.open === open

/** Cuts nodes at those that `isCut` accepts, which are in no part. */
export const partsBetween = (
  nodes: ReadonlyArray<CodeNode>,
  isCut: (node: CodeNode, index: number) => boolean
): ReadonlyArray<ReadonlyArray<CodeNode>> => {
  const parts: Array<Array<CodeNode>> = [[]]
  for (const [index, node] of nodes.entries()) {
    if (isCut(node, index)) parts.push([])
    else parts[parts.length - 1]?.push(node)
  }
  return parts
}

/** Cuts nodes into statements: at semicolons, and at ends of lines where no operator carries on. */
export const statementsOf = (nodes: ReadonlyArray<CodeNode>): ReadonlyArray<ReadonlyArray<CodeNode>> => {
  const statements = partsBetween(nodes, (node, index) => {
    if (isMark(node, ";")) return true
    if (!isLineEnd(node)) return false
    let before = index - 1
    let after = index + 1
    while (isLineEnd(nodes[before])) before--
    while (isLineEnd(nodes[after])) after++
    // Texts that follow one another are one, in brackets that may be outside of the piece.
    if (isText(nodes[before]) && isText(nodes[after])) return false
    return !carriesOn(nodes[before]) && !isCarriedOn(nodes[after])
  })
  return statements.map(withoutEnds).filter((statement) => statement.length > 0)
}

/** Whether a node is a text of a program, and no directive. */
const isText = (node: CodeNode | undefined): boolean =>
  node?.kind === "leaf" && node.lexeme.kind === "text" && /^\w*:/.test(node.lexeme.text)

/** Whether a node is the end of a line that may end a statement. */
export const isLineEnd = (node: CodeNode | undefined): boolean => node?.kind === "leaf" && node.lexeme.kind === "end"

/** Takes the ends of lines out. */
export const withoutEnds = (nodes: ReadonlyArray<CodeNode>): ReadonlyArray<CodeNode> =>
  nodes.filter((node) => !isLineEnd(node))

const carriesOn = (node: CodeNode | undefined): boolean =>
  node?.kind === "leaf" && node.lexeme.kind === "mark" && !/^(?:[)\]}:;]|\+\+|--)$/.test(node.lexeme.text)

const isCarriedOn = (node: CodeNode | undefined): boolean =>
  node?.kind === "leaf" && node.lexeme.kind === "mark" &&
  /^(?:\.|\?\.|->|\?->|::|&&|\|\||\?\??|:|,|[-+*/%|&<>=]=?|==|!=)$/.test(node.lexeme.text)
