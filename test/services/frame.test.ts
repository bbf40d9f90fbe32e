import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TreeSitterParser from "../../layers/parser/TreeSitterParser.ts"
import { frameAround } from "../../services/cuts/frame.ts"
import { windowAround } from "../../services/cuts/window.ts"
import { Parser } from "../../services/Parser.ts"
import { longLanguages, longSource } from "../support/long-sources.ts"
import { sources } from "../support/sources.ts"

const cases = longLanguages.map((language) => [language] as const)

describe("a frame", () => {
  it.effect("holds what stands around a middle, and nearly always parses with it", () =>
    Effect.gen(function*() {
      for (const [language, text] of Object.entries(sources)) {
        const parser = yield* (yield* Parser).open(language)
        const tree = parser.parse(text)
        const nodes = tree.nodes({ start: 0, end: text.length })
        let framed = 0
        let sound = 0
        for (let row = 1; row < nodes.count; row++) {
          const middle = { start: nodes.start[row] ?? 0, end: nodes.end[row] ?? 0 }
          const frame = frameAround(text, nodes, middle, language, (start, end) => text.slice(start, end))
          if (frame === undefined) continue
          framed++
          const whole = frame.before + text.slice(middle.start, middle.end) + frame.after
          if (parser.errorsIn(whole) === 0) sound++
        }
        assert.isAbove(framed, nodes.count / 2, language)
        // The colon behind "public" in C++ stands beside its word, and is nothing without it.
        assert.isAbove(sound, framed * 0.95, language)
        tree.release()
      }
    }).pipe(Effect.provide(TreeSitterParser.layer)))

  it.effect.each(cases)("%s: does not grow with the file", ([language]) =>
    Effect.gen(function*() {
      const parser = yield* (yield* Parser).open(language)
      const lengths = [10, 1000].map((count) => {
        const text = longSource(language, count)
        const start = text.indexOf("cut", text.length / 2)
        const middle = { start, end: start + 3 }
        const tree = parser.parse(text)
        const nodes = tree.nodes({ start: start - 500, end: start + 500 })
        const frame = frameAround(text, nodes, middle, language, (from, to) => text.slice(from, to))
        tree.release()
        assert.isDefined(frame)
        return (frame?.before.length ?? 0) + (frame?.after.length ?? 0)
      })
      // The numbers in the names of the functions have more digits.
      assert.isBelow(Math.abs((lengths[0] ?? 0) - (lengths[1] ?? 0)), 10)
    }).pipe(Effect.provide(TreeSitterParser.layer)))

  it.effect("has no middle that takes a brace of what it stands in", () =>
    Effect.gen(function*() {
      const parser = yield* (yield* Parser).open("typescript")
      const text = "interface Item { name: string; size?: number }\n\nfunction f() {\n  return 1\n}\n".repeat(40)
      const tree = parser.parse(text)
      const nodes = tree.nodes({ start: 0, end: text.length })
      const middle = { start: text.indexOf("name"), end: text.indexOf("}") + 1 }
      const frame = frameAround(text, nodes, middle, "typescript", (from, to) => text.slice(from, to))
      assert.strictEqual(frame?.before, "interface Item { ")
      tree.release()
    }).pipe(Effect.provide(TreeSitterParser.layer)))
})

describe("a window", () => {
  it.effect.each(cases)(
    "%s: shows the nodes of the whole file at a cost that does not grow with it",
    ([language]) =>
      Effect.gen(function*() {
        const parser = yield* (yield* Parser).open(language)
        const shown = [50, 1000].map((count) => {
          const text = longSource(language, count)
          const start = text.indexOf("cut", text.length / 2)
          const span = { start: start - 200, end: start + 300 }
          const parts = windowAround(text, [span], language) ?? []
          assert.isAbove(parts.length, 0)
          const window = parser.parseParts(text, parts)
          const whole = parser.parse(text)
          assert.strictEqual(window.errorCount(), 0)
          const [seen, all] = [window.nodes(span), whole.nodes(span)]
          assert.deepStrictEqual(seen.type, all.type)
          assert.deepStrictEqual(seen.parent, all.parent)
          assert.deepStrictEqual(seen.field, all.field)
          for (let row = 0; row < all.count; row++) {
            // What holds the window is shown with as much of it as the window has.
            const [start = 0, end = 0] = [all.start[row], all.end[row]]
            if (start < span.start || end > span.end) continue
            assert.deepStrictEqual([seen.start[row], seen.end[row]], [start, end], all.type[row])
          }
          window.release()
          whole.release()
          return parts.reduce((sum, part) => sum + part.end - part.start, 0)
        })
        assert.isBelow(Math.abs((shown[0] ?? 0) - (shown[1] ?? 0)), 100)
      }).pipe(Effect.provide(TreeSitterParser.layer))
  )

  it("is not guessed where prose would be a program, or where it is most of the file", () => {
    const text = longSource("python", 20)
    const whole = { start: 0, end: text.length }
    assert.isUndefined(windowAround(text, [{ start: 200, end: 300 }], "ruby"))
    assert.isUndefined(windowAround(text, [whole], "python"))
  })
})
