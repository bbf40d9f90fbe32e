import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { grammarLanguages } from "../../layers/parser/grammars.ts"
import * as MemoryParser from "../../layers/parser/MemoryParser.ts"
import * as TreeSitterParser from "../../layers/parser/TreeSitterParser.ts"
import { lineDiff } from "../../services/text/diff.ts"
import { orGivenUp, Parser } from "../../services/Parser.ts"
import { randomOf } from "../../services/text/random.ts"
import { checkSpans, parserContract, rowsOf } from "../contract/Parser.ts"
import { pythonModule } from "../support/repository.ts"
import { sources } from "../support/sources.ts"

parserContract("MemoryParser", MemoryParser.layer, {
  language: "braces",
  source: "a = 1;\nb { c = d + 2; { e; } }\nf;\n",
  broken: "a = 1;\nb { c = d + 2;\nf;\n",
  edited: "a = 1;\nb { c = 22; { e; } }\ng;\n"
})

parserContract("TreeSitterParser", TreeSitterParser.layer, {
  language: "javascript",
  source: "const a = 1\nfunction f(x) {\n  return x ? `é ${a}` : g.get(a)\n}\n",
  broken: "const a = \nfunction f(x) {\n  return x ?\n",
  edited: "const b = 1\nfunction f(x) {\n  if (b) return 2\n}\n"
})

describe("TreeSitterParser", () => {
  it.effect("gives a text up whose errors take it too long, and reads the next one", () =>
    Effect.gen(function*() {
      const parser = yield* Effect.flatMap(Parser, (all) => all.open("javascript"))
      assert.strictEqual(orGivenUp(() => parser.parse("case a:\n".repeat(20_000)).errorCount()), "parser gave up")
      assert.strictEqual(orGivenUp(() => parser.parse("const a = 1\n").errorCount()), 0)
    }).pipe(Effect.provide(TreeSitterParser.layerWithin(1000))))

  it.effect("parses a source of every language it claims without an error", () =>
    Effect.gen(function*() {
      const parser = yield* Parser
      for (const language of grammarLanguages) {
        const source = sources[language]
        assert.isDefined(source, language)
        const tree = (yield* parser.open(language)).parse(source ?? "")
        assert.strictEqual(tree.errorCount(), 0, language)
        checkSpans(tree)
      }
    }).pipe(Effect.provide(TreeSitterParser.layer)))

  it.effect("re-parses random edits of non-ASCII text as a fresh parse would", () =>
    Effect.gen(function*() {
      const parser = yield* (yield* Parser).open("python")
      const random = randomOf("edits")
      let text = `# ünï🙂\n${pythonModule(6)}`
      let tree = parser.parse(text)
      for (let step = 0; step < 60; step++) {
        const lines = text.split("\n")
        const at = random.below(lines.length)
        const change = random.pick(["    é = '漢字'", "def (:", "", "    return [", "x = 1\ny = 2"]) ?? ""
        lines.splice(at, random.below(3), change)
        const next = lines.join("\n")
        const edited = tree.edit(next, lineDiff(text, next))
        const fresh = parser.parse(next)
        const all = { start: 0, end: next.length }
        assert.deepStrictEqual(rowsOf(edited.nodes(all)), rowsOf(fresh.nodes(all)), `step ${step}`)
        assert.strictEqual(edited.errorCount(), fresh.errorCount())
        fresh.release()
        tree.release()
        tree = edited
        text = next
      }
      tree.release()
    }).pipe(Effect.provide(TreeSitterParser.layer)))

  it.effect("walks a tree that is deeper than the stack", () =>
    Effect.gen(function*() {
      const parser = yield* (yield* Parser).open("javascript")
      const source = `x = ${"[".repeat(20_000)}${"]".repeat(20_000)}\n`
      const tree = parser.parse(source)
      assert.isAbove(tree.nodes({ start: 0, end: source.length }).count, 40_000)
      tree.release()
      const broken = parser.parse("[".repeat(20_000))
      assert.isAbove(broken.errorCount(), 0)
      broken.release()
    }).pipe(Effect.provide(TreeSitterParser.layer)))
})
