/** Statements that import something: their order means nothing, nor does it matter how many stand in one. */
import { type CodeNode, isGroup, isLineEnd, isMark, isWord, partsBetween, withoutEnds } from "./brackets.ts"

/** Whether a statement only makes names of other files known. */
export const isImport = (statement: ReadonlyArray<CodeNode>): boolean => {
  const [first] = statement
  if (isWord(first, "import", "use", "using", "require", "require_relative", "include", "extern")) return true
  if (isWord(first, "from")) return statement.some((node) => isWord(node, "import"))
  if (first?.kind === "leaf" && /^# ?(?:include|import)\b/.test(first.lexeme.text)) return true
  // const fs = require("fs"), alone in its statement.
  const at = statement.findIndex((node) => isMark(node, "="))
  return isWord(first, "var") && at > 0 && isWord(statement[at + 1], "require") && isGroup(statement[at + 2], "(") &&
    statement.slice(at + 3).every((node, index) => index % 2 === 0 ? isMark(node, ".") : !isMark(node, ","))
}

/** Returns what a statement imports, one by one. */
export const importsOf = (
  statement: ReadonlyArray<CodeNode>,
  write: (nodes: ReadonlyArray<CodeNode>) => string
): ReadonlyArray<string> => {
  const from = statement.findIndex((node) => isWord(node, "import"))
  if (isWord(statement[0], "from") && from > 0) {
    const head = write(statement.slice(0, from + 1))
    const rest = statement.slice(from + 1)
    const [only] = rest
    const names = rest.length === 1 && isGroup(only, "(") ? only.nodes : rest
    return listed(names).map((part) => `${head} ${write(part)}`)
  }
  const [first, second] = statement
  if (isWord(first, "import") && isGroup(second, "(")) {
    const parts = partsBetween(second.nodes, (node) => isMark(node, ";") || isLineEnd(node))
    return parts.filter((part) => part.length > 0).map((part) => `import ${write(part)}`)
  }
  const braces = statement.findIndex((node) => isGroup(node, "{"))
  const group = statement[braces]
  if (isGroup(group, "{")) {
    const names = listed(group.nodes).map(write).sort().join(" , ")
    return [`${write(statement.slice(0, braces))} { ${names} } ${write(statement.slice(braces + 1))}`]
  }
  return [write(statement)]
}

const listed = (nodes: ReadonlyArray<CodeNode>): ReadonlyArray<ReadonlyArray<CodeNode>> =>
  partsBetween(withoutEnds(nodes), (node) => isMark(node, ",")).filter((part) => part.length > 0)
