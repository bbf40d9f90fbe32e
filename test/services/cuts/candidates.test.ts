import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TreeSitterParser from "../../../layers/parser/TreeSitterParser.ts"
import { drawCharacters, lineCandidates, syntaxCandidates } from "../../../services/cuts/candidates.ts"
import { nodesNear } from "../../../services/cuts/nodes-near.ts"
import { chooseCuts } from "../../../services/cuts/choose.ts"
import { Parser } from "../../../services/Parser.ts"
import { randomOf } from "../../../services/text/random.ts"
import { countLines, isInsideIdentifier, isOverlapping } from "../../../services/text/span.ts"
import { sources } from "../../support/sources.ts"

const limits = { maxLines: 30, maxChars: 700 }

describe("syntaxCandidates", () => {
  it.effect("finds all kinds in every language, within the limits and on word borders", () =>
    Effect.gen(function*() {
      const parser = yield* Parser
      for (const [language, text] of Object.entries(sources)) {
        const tree = (yield* parser.open(language)).parse(text)
        const nodes = tree.nodes({ start: 0, end: text.length })
        const candidates = syntaxCandidates({ text, nodes, focus: null, limits })
        for (const kind of ["block", "statement", "expression", "siblings", "line-end"] as const) {
          assert.isAbove(candidates.get(kind)?.length ?? 0, 0, `${language} ${kind}`)
        }
        const seen = new Set<string>()
        for (const { span } of [...candidates.values()].flat()) {
          const middle = text.slice(span.start, span.end)
          assert.strictEqual(middle, middle.trim())
          assert.isAtMost(countLines(middle), limits.maxLines)
          assert.isAtMost(middle.length, limits.maxChars)
          assert.isFalse(isInsideIdentifier(text, span.start), `${language} ${middle}`)
          assert.isFalse(isInsideIdentifier(text, span.end), `${language} ${middle}`)
          assert.isFalse(seen.has(`${span.start}-${span.end}`))
          seen.add(`${span.start}-${span.end}`)
        }
        tree.release()
      }
    }).pipe(Effect.provide(TreeSitterParser.layer)))

  it.effect("with a focus every cut shares text with it, and none is lost", () =>
    Effect.gen(function*() {
      const text = sources["go"] ?? ""
      const tree = (yield* (yield* Parser).open("go")).parse(text)
      const nodes = tree.nodes({ start: 0, end: text.length })
      const start = text.indexOf("fmt.Println")
      const focus = [{ start, end: start + 20 }]
      const spansOf = (some: ReturnType<typeof syntaxCandidates>) =>
        [...some.values()].flat().map(({ span }) => `${span.start}-${span.end}`).sort()
      const all = syntaxCandidates({ text, nodes, focus: null, limits })
      const expected = [...all.values()].flat().filter(({ span }) => isOverlapping(span, focus[0] ?? span))
      const found = syntaxCandidates({ text, nodes, focus, limits })
      assert.deepStrictEqual(spansOf(found), expected.map(({ span }) => `${span.start}-${span.end}`).sort())
      assert.isAbove(expected.length, 3)
      tree.release()
    }).pipe(Effect.provide(TreeSitterParser.layer)))
})

it.effect("nodesNear gives the nodes that reach into a span, as the parser would", () =>
  Effect.gen(function*() {
    const parser = yield* Parser
    for (const [language, text] of Object.entries(sources)) {
      const tree = (yield* parser.open(language)).parse(text)
      const whole = tree.nodes({ start: 0, end: text.length })
      for (let start = 0; start < text.length; start += 3) {
        const span = { start, end: Math.min(text.length, start + 40) }
        const describe = (nodes: typeof whole) =>
          Array.from({ length: nodes.count }, (_, row) => {
            const parent = nodes.parent[row] ?? -1
            return `${nodes.type[row]} ${nodes.start[row]}-${nodes.end[row]} in ${nodes.type[parent]} ${
              nodes.start[parent]
            }`
          }).filter((_, row) => row === 0 || (nodes.end[row] ?? 0) > span.start)
        assert.deepStrictEqual(describe(nodesNear(whole, span)), describe(tree.nodes(span)), `${language} ${start}`)
      }
      tree.release()
    }
  }).pipe(Effect.provide(TreeSitterParser.layer)))

it("lineCandidates takes whole lines, never blank, up to eight", () => {
  const text = "one\n\n  two\r\nthree\n\nfour"
  const cuts = lineCandidates({ text, focus: null, limits }).get("lines") ?? []
  assert.include(cuts.map(({ span }) => text.slice(span.start, span.end)), "two\r\nthree")
  for (const { span } of cuts) assert.match(text.slice(span.start, span.end), /^\S[^]*\S$|^\S$/)
})

it("drawCharacters stays in the text and keeps characters whole", () => {
  const text = "a🙂b\r\n".repeat(200)
  const random = randomOf("characters")
  let drawn = 0
  for (let index = 0; index < 500; index++) {
    const cut = drawCharacters({ text, focus: null, limits }, random)
    if (cut === undefined) continue
    drawn++
    const middle = text.slice(cut.span.start, cut.span.end)
    assert.strictEqual(Buffer.from(middle).toString(), middle)
    assert.isAtMost(middle.length, limits.maxChars)
  }
  assert.isAbove(drawn, 100)
})

it.effect("chooseCuts repeats itself, takes no cut twice, and keeps apart what it can", () =>
  Effect.gen(function*() {
    const text = (sources["python"] ?? "").repeat(10)
    const tree = (yield* (yield* Parser).open("python")).parse(text)
    const nodes = tree.nodes({ start: 0, end: text.length })
    const candidates = syntaxCandidates({ text, nodes, focus: null, limits })
    const choose = (count: number) => chooseCuts({ candidates, focus: null, count, random: randomOf("choose") })
    assert.deepStrictEqual(choose(20), choose(20))
    const three = choose(3)
    for (const [index, cut] of three.entries()) {
      for (const other of three.slice(index + 1)) assert.isFalse(isOverlapping(cut.span, other.span))
    }
    const many = choose(100)
    assert.strictEqual(new Set(many).size, many.length)
    tree.release()
  }).pipe(Effect.provide(TreeSitterParser.layer)))
