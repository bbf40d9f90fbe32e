/** What every Reader layer must do with a file that holds these rows. */
import { assert, describe, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { Reader, type RowFile } from "../../services/Reader.ts"

export interface ReaderUnderTest {
  readonly layer: Layer.Layer<Reader>
  /** Writes a file of rows, all of one shape, and gives its path. */
  readonly write: (rows: ReadonlyArray<object>) => string
  readonly missing: string
}

const count = 1000
const rowOf = (index: number) => ({
  id: index,
  text: `row ${index} ${index % 7 === 0 ? "seven" : "other"} "quoted" é漢`,
  metadata: { language: index % 2 === 0 ? "go" : "python", commit: index % 3 === 0 ? null : `c${index}` }
})
const rows = Array.from({ length: count }, (_, index) => rowOf(index))

export const readerContract = (name: string, under: ReaderUnderTest) => {
  const use = <A, E>(path: string, work: (file: RowFile) => Effect.Effect<A, E>) =>
    Effect.scoped(Effect.flatMap(Effect.flatMap(Reader, (reader) => reader.open(path)), work)).pipe(
      Effect.provide(under.layer)
    )
  const valueAt = (file: RowFile, index: number) =>
    Effect.map(file.row(index), (row) => (row?._tag === "row" ? row.value : row))

  describe(name, () => {
    it.live("gives rows by their numbers, in any order, and none behind the last", () =>
      use(under.write(rows), (file) =>
        Effect.gen(function*() {
          for (const index of [0, 999, 500, 1, 998, 0]) assert.deepEqual(yield* valueAt(file, index), rows[index])
          assert.isNull(yield* file.row(count))
          assert.isNull(yield* file.row(-1))
          assert.strictEqual(yield* file.count, count)
          assert.deepStrictEqual(file.known(), { rows: count, isComplete: true })
        })))

    it.live("finds the next row that holds a text", () =>
      use(under.write(rows), (file) =>
        Effect.gen(function*() {
          assert.strictEqual(yield* file.find("seven", 0), 0)
          assert.strictEqual(yield* file.find("seven", 1), 7)
          assert.strictEqual(yield* file.find("row 777 ", 3), 777)
          assert.strictEqual(yield* file.find("\"quoted\" é漢", 999), 999)
          assert.isNull(yield* file.find("row 3 ", 4))
          assert.isNull(yield* file.find("no such text", 0))
        })))

    it.live("gives all rows in their order, from anywhere, and at least those that hold a text", () =>
      use(under.write(rows), (file) =>
        Effect.gen(function*() {
          const all = (from: number, holding: string | null) =>
            Effect.map(
              Stream.runCollect(file.scan({ from, holding })),
              (pieces) => Chunk.toReadonlyArray(pieces).flat()
            )
          const seen = yield* all(0, null)
          assert.deepEqual(seen.map(({ row }) => (row._tag === "row" ? row.value : row)), rows)
          assert.deepStrictEqual(
            (yield* all(990, null)).map(({ index }) => index),
            [...Array(10).keys()].map((at) => 990 + at)
          )
          const some = yield* all(3, "seven")
          assert.includeMembers(
            some.map(({ index }) => index),
            rows.flatMap(({ id }) => (id > 3 && id % 7 === 0 ? [id] : []))
          )
          assert.isBelow(some.length, count / 2)
        })))

    it.live("says that a file is not there", () =>
      Effect.gen(function*() {
        const failure = yield* Effect.flip(use(under.missing, () => Effect.void))
        assert.include(failure.message, "there is no such file")
        assert.strictEqual(failure.exitCode, 66)
      }))
  })
}
