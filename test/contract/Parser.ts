/** What every Parser layer must answer, over sources in a language that the layer knows. */
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { Parser, type SyntaxNodes, type SyntaxTree } from "../../services/Parser.ts"

export interface ParserSample {
  readonly language: string
  readonly source: string
  /** A source with an error in it. */
  readonly broken: string
  /** Another version of the source, and the span of it that differs. */
  readonly edited: string
}

/** Columns as plain data, to compare trees by. */
export const rowsOf = (nodes: SyntaxNodes) =>
  Array.from({ length: nodes.count }, (_, row) => [
    nodes.type[row],
    nodes.start[row],
    nodes.end[row],
    nodes.parent[row],
    nodes.isNamed[row],
    nodes.isBroken[row],
    nodes.isLeaf[row],
    nodes.field[row]
  ])

/** Checks every short span of a tree against the whole tree, and releases it. A node that ends at the span touches it. */
export const checkSpans = (tree: SyntaxTree): void => {
  const { source } = tree
  const whole = rowsOf(tree.nodes({ start: 0, end: source.length }))
  for (let start = 0; start < source.length; start++) {
    const span = { start, end: Math.min(source.length, start + start % 9) }
    const shown = new Map<number, number>()
    const expected = whole.flatMap((row, index) => {
      const [type, from, to, parent, ...rest] = row
      const above = parent === -1 ? -1 : shown.get(Number(parent))
      // A child that ends where the span starts may be stepped over; nothing depends on it.
      const isTouching = Number(from) <= span.end && (Number(to) > span.start || index === 0)
      if (above === undefined || !isTouching) return []
      shown.set(index, shown.size)
      return [[type, from, to, above, ...rest]]
    })
    const found = rowsOf(tree.nodes(span)).filter(([, , to], index) => Number(to) > span.start || index === 0)
    const numbersLeftOut = (rows: ReadonlyArray<ReadonlyArray<unknown>>) =>
      rows.map(([type, from, to, , ...rest]) => [type, from, to, ...rest])
    assert.deepStrictEqual(numbersLeftOut(found), numbersLeftOut(expected), `${span.start}-${span.end}`)
  }
  tree.release()
}

export const parserContract = (name: string, layer: Layer.Layer<Parser>, sample: ParserSample) => {
  const open = Effect.flatMap(Parser, (parser) => parser.open(sample.language))
  const all = { start: 0, end: Number.MAX_SAFE_INTEGER }

  it.effect(`${name}: an outline holds what all nodes hold, without the children of nodes that are not entered`, () =>
    Effect.gen(function*() {
      const tree = (yield* open).parse(sample.source)
      const whole = tree.nodes(all)
      assert.deepStrictEqual(rowsOf(tree.outline(() => true)), rowsOf(whole))
      const types = new Set(whole.type)
      for (const closed of types) {
        const shown: Array<number> = []
        const place = new Map([[-1, -1]])
        for (let row = 0; row < whole.count; row++) {
          const above = whole.parent[row] ?? -1
          const isOpen = place.has(above) && (above <= 0 || whole.type[above] !== closed)
          if (isOpen) place.set(row, shown.push(row) - 1)
        }
        const outline = tree.outline((type) => type !== closed)
        assert.deepStrictEqual(
          Array.from(
            { length: outline.count },
            (_, row) => [outline.start[row], outline.end[row], outline.parent[row]]
          ),
          shown.map((row) => [whole.start[row], whole.end[row], place.get(whole.parent[row] ?? -1)])
        )
      }
      tree.release()
    }).pipe(Effect.provide(layer)))

  it.effect(`${name}: parents hold their children and stand before them`, () =>
    Effect.gen(function*() {
      const tree = (yield* open).parse(sample.source)
      const nodes = tree.nodes(all)
      assert.isAbove(nodes.count, 5)
      assert.strictEqual(nodes.parent[0], -1)
      for (let row = 1; row < nodes.count; row++) {
        const parent = nodes.parent[row] ?? row
        assert.isBelow(parent, row)
        assert.isAtLeast(nodes.start[row] ?? -1, nodes.start[parent] ?? 0)
        assert.isAtMost(nodes.end[row] ?? -1, nodes.end[parent] ?? 0)
      }
      assert.strictEqual(tree.errorCount(), 0)
      tree.release()
    }).pipe(Effect.provide(layer)))

  it.effect(`${name}: nodes of a span are those of the whole tree that touch it`, () =>
    Effect.gen(function*() {
      checkSpans((yield* open).parse(sample.source))
    }).pipe(Effect.provide(layer)))

  it.effect(`${name}: counts errors, and says whether a replacement would make more`, () =>
    Effect.gen(function*() {
      const parser = yield* open
      const broken = parser.parse(sample.broken)
      assert.isAbove(broken.errorCount(), 0)
      const tree = parser.parse(sample.source)
      const whole = { start: 0, end: sample.source.length }
      assert.isFalse(tree.parsesAsWellWith(whole, sample.broken))
      assert.isTrue(tree.parsesAsWellWith(whole, sample.edited))
      assert.isTrue(tree.parsesAsWellWith({ start: 0, end: 0 }, ""))
      assert.isTrue(broken.parsesAsWellWith({ start: 0, end: sample.broken.length }, sample.broken))
      assert.strictEqual(tree.errorCount(), 0)
      broken.release()
      tree.release()
    }).pipe(Effect.provide(layer)))

  it.effect(`${name}: counts the errors of a text as its tree does, and sees of parts what the whole shows`, () =>
    Effect.gen(function*() {
      const parser = yield* open
      for (const source of [sample.source, sample.broken, sample.edited, ""]) {
        const tree = parser.parse(source)
        assert.strictEqual(parser.errorsIn(source), tree.errorCount())
        const parts = parser.parseParts(source, [{ start: 0, end: source.length }])
        assert.deepStrictEqual(rowsOf(parts.nodes(all)), rowsOf(tree.nodes(all)))
        parts.release()
        tree.release()
      }
      const line = sample.source.indexOf("\n") + 1
      const rest = parser.parseParts(sample.source, [{ start: line, end: sample.source.length }])
      const whole = parser.parse(sample.source)
      const typesBehind = (tree: Pick<SyntaxTree, "nodes">) =>
        rowsOf(tree.nodes(all)).filter(([, start]) => Number(start) >= line).map((
          [type, start, end]
        ) => [type, start, end])
      assert.strictEqual(rest.errorCount(), 0)
      // The root of parts begins where they do.
      assert.includeDeepMembers(typesBehind(rest), typesBehind(whole))
      rest.release()
      whole.release()
    }).pipe(Effect.provide(layer)))

  it.effect(`${name}: an edited tree equals a fresh one, and leaves the old one as it was`, () =>
    Effect.gen(function*() {
      const parser = yield* open
      const tree = parser.parse(sample.source)
      const before = rowsOf(tree.nodes(all))
      const next = tree.edit(sample.edited, [
        { old: { start: 0, end: sample.source.length }, new: { start: 0, end: sample.edited.length } }
      ])
      const fresh = parser.parse(sample.edited)
      assert.deepStrictEqual(rowsOf(next.nodes(all)), rowsOf(fresh.nodes(all)))
      assert.deepStrictEqual(rowsOf(tree.nodes(all)), before)
      for (const one of [tree, next, fresh]) one.release()
    }).pipe(Effect.provide(layer)))

  it.effect(`${name}: says which grammar it lacks`, () =>
    Effect.gen(function*() {
      const parser = yield* Parser
      const failure = yield* Effect.flip(parser.open("no-such-language"))
      assert.strictEqual(failure._tag, "GrammarUnavailable")
      assert.include(failure.message, "no-such-language")
    }).pipe(Effect.provide(layer)))
}
