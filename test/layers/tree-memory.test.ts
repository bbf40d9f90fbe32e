/** What is read from tree-sitter's memory is what its own cursor gives. */
import { assert, describe, it } from "@effect/vitest"
import { Language, Parser as TreeSitter, type Tree, type TreeCursor } from "web-tree-sitter"
import { grammarFile, grammarLanguages } from "../../layers/parser/grammars.ts"
import { collectNodes, countErrors, startTreeSitter } from "../../layers/parser/tree-memory.ts"
import type { Grammar } from "../../layers/parser/columns.ts"
import { randomOf } from "../../services/text/random.ts"
import { rowsOf } from "../contract/Parser.ts"
import { sources } from "../support/sources.ts"

const grammarOf = (language: Language): Grammar => ({
  types: Array.from({ length: language.nodeTypeCount }, (_, id) => language.nodeTypeForId(id) ?? "ERROR"),
  isNamed: Uint8Array.from({ length: language.nodeTypeCount }, (_, id) => (language.nodeTypeIsNamed(id) ? 1 : 0)),
  fields: Array.from({ length: language.fieldCount + 1 }, (_, id) => id === 0 ? null : language.fieldNameForId(id))
})

type Row = readonly [string, number, number, number, number, number, number, string | null]

/** The rows of a tree and its errors, asked of the cursor node by node. */
const walk = (tree: Tree): { readonly rows: ReadonlyArray<Row>; readonly errors: number } => {
  const rows: Array<Row> = []
  let errors = 0
  const visit = (cursor: TreeCursor, parent: number): void => {
    const { endIndex, isError, isMissing, isNamed, startIndex, type } = cursor.currentNode
    const isBroken = isError || isMissing
    if (isBroken) errors++
    const row = rows.length
    const field = cursor.currentFieldName
    rows.push([type, startIndex, endIndex, parent, isNamed ? 1 : 0, isBroken ? 1 : 0, 1, field])
    // A token that the grammar does not name is its own text.
    if (!isNamed || !cursor.gotoFirstChild()) return
    rows[row] = [type, startIndex, endIndex, parent, isNamed ? 1 : 0, isBroken ? 1 : 0, 0, field]
    do visit(cursor, row)
    while (cursor.gotoNextSibling())
    cursor.gotoParent()
  }
  const cursor = tree.walk()
  visit(cursor, -1)
  cursor.delete()
  return { rows, errors }
}

/** A text with random pieces taken out, doubled or swapped for marks: most of them break it. */
const spoilt = (text: string, seed: number): string => {
  const random = randomOf("spoilt", seed)
  let result = text
  for (let change = 0; change < 3; change++) {
    const start = random.below(result.length)
    const end = Math.min(result.length, start + random.below(20))
    const piece = random.pick(["", "(", "}", "\"", "é🙂", result.slice(start, end).repeat(2), "\n    "]) ?? ""
    result = result.slice(0, start) + piece + result.slice(end)
  }
  return result
}

describe("nodes and errors read from memory", () => {
  it.each([...grammarLanguages])("%s: are those of the cursor", async (name) => {
    await startTreeSitter()
    const language = await Language.load(grammarFile(name) ?? "")
    const grammar = grammarOf(language)
    const parser = new TreeSitter()
    parser.setLanguage(language)
    const source = sources[name] ?? ""
    const texts = [source, source.repeat(30), ...Array.from({ length: 60 }, (_, seed) => spoilt(source, seed))]
    for (const text of texts) {
      const tree = parser.parse(text)
      if (tree === null) throw new Error("no tree")
      const { errors, rows } = walk(tree)
      const nodes = collectNodes(tree, { start: 0, end: text.length }, grammar)
      assert.deepStrictEqual(rowsOf(nodes), rows.map((row) => [...row]), text)
      assert.strictEqual(countErrors(tree), errors, text)
      tree.delete()
    }
    parser.delete()
  })
})
