import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TreeSitterParser from "../../../layers/parser/TreeSitterParser.ts"
import { ancestorsAt, spanAround } from "../../../services/next-edit/ancestors.ts"
import { Parser } from "../../../services/Parser.ts"
import { lineDiff } from "../../../services/text/diff.ts"
import { makeRecentTrees } from "../../../services/text/recent-trees.ts"

const code = "import os\n\n\nclass Box:\n    def add(self, one):\n        self.all.append(one)\n        return one"

const parser = Effect.flatMap(Parser, ({ open }) => open("python")).pipe(Effect.provide(TreeSitterParser.layer))

describe("the syntax around a cursor", () => {
  it.effect("is what holds it, the innermost first, also where a node ends there", () =>
    Effect.gen(function*() {
      const tree = (yield* parser).parse(code)
      const at = (cursor: number) =>
        ancestorsAt(tree.nodes(spanAround(cursor)), cursor).map(({ end, start }) => code.slice(start, end))
      const inner = at(code.indexOf(".append"))
      assert.deepStrictEqual(inner.slice(0, 3), ["all", "self.all", "self.all.append"])
      assert.deepStrictEqual(at(code.length).slice(0, 2), ["one", "return one"])
      assert.include(at(code.length), code.slice(code.indexOf("def add")))
      assert.strictEqual(at(code.length).at(-1), code)
    }))

  it.effect("is the same from the whole tree, from a part of it, and from a tree that followed the typing", () =>
    Effect.gen(function*() {
      const opened = yield* parser
      const trees = makeRecentTrees(lineDiff)
      const following = trees.parserOf("box.py", "python", opened)
      for (let length = 0; length <= code.length; length++) {
        const text = `${code.slice(0, length)}\n${code}`
        const whole = opened.parse(text)
        for (const cursor of [length, Math.floor(length / 2), text.length]) {
          const spans = ancestorsAt(whole.nodes({ start: 0, end: text.length }), cursor)
          assert.deepStrictEqual(ancestorsAt(whole.nodes(spanAround(cursor)), cursor), spans)
          assert.deepStrictEqual(ancestorsAt(following.parse(text).nodes(spanAround(cursor)), cursor), spans)
          for (const [place, { end, start }] of spans.entries()) {
            assert.isTrue(start <= cursor && cursor <= end)
            assert.isTrue(place === 0 || (spans[place - 1]?.end ?? 0) - (spans[place - 1]?.start ?? 0) <= end - start)
          }
        }
        whole.release()
      }
    }))
})
