/** Rows that hold a text, forth and back, and rows in the order of a column. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Stream from "effect/Stream"
import type { FileRow, RowFile } from "../../../services/Reader.ts"
import { hitBefore, hitWithin, type Searched } from "../../../tasks/view/hits.ts"
import { sortedMatches, sortRows } from "../../../tasks/view/sorted.ts"

const rowOf = (value: unknown): FileRow => ({ _tag: "row", value, text: JSON.stringify(value) })

/** A file that is an array, and gives its rows in batches of three. */
const fileOf = (rows: ReadonlyArray<FileRow>): RowFile => ({
  path: "rows.jsonl",
  bytes: 0,
  known: () => ({ rows: rows.length, isComplete: true }),
  count: Effect.succeed(rows.length),
  row: (index) => Effect.succeed(rows[index] ?? null),
  find: (text, from) => {
    const found = rows.findIndex((row, index) => index >= from && row.text.includes(text))
    return Effect.succeed(found === -1 ? null : found)
  },
  scan: ({ from }) =>
    Stream.fromIterable(rows.map((row, index) => ({ index, row })).slice(from)).pipe(
      Stream.grouped(3),
      Stream.map((batch) => [...batch])
    )
})

const flags = FastCheck.array(FastCheck.boolean(), { maxLength: 700 })

describe("hits", () => {
  it.effect.prop("are the next row and the one before, among those that pass", { flags, from: FastCheck.nat(700) }, ({
    flags,
    from
  }) =>
    Effect.gen(function*() {
      const file = fileOf(flags.map((isHit) => rowOf(isHit ? "hit" : "")))
      const searched: Searched = {
        file,
        text: "hit",
        passes: (index) => Effect.succeed(index % 3 !== 0),
        tell: () => undefined
      }
      const hits = flags.flatMap((isHit, index) => (isHit && index % 3 !== 0 ? [index] : []))
      assert.strictEqual(yield* hitWithin(searched, from, Infinity), hits.find((index) => index >= from))
      assert.strictEqual(yield* hitWithin(searched, 0, from), hits.find((index) => index < from))
      assert.strictEqual(yield* hitBefore(searched, from), hits.findLast((index) => index < from))
    }))
})

describe("sorted rows", () => {
  const rows = [5, null, 3, 5, 4].map((units) =>
    units === null
      ? { _tag: "malformed", text: "{", reason: "no JSON" } as const
      : rowOf({ prompt: "p", completion: "x".repeat(units), metadata: { language: units === 3 ? "go" : "c" } })
  )
  const sorted = (sign: 1 | -1, key?: string) =>
    sortRows(
      fileOf(rows),
      key === undefined ? null : { key: "language", value: key },
      { column: "answer", sign },
      () => undefined,
      undefined
    )

  it.effect("keep the order of the file where they are equal, and those that have nothing come last", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* sorted(1), [2, 4, 0, 3, 1])
      assert.deepStrictEqual(yield* sorted(-1), [0, 3, 4, 2, 1])
      assert.deepStrictEqual(yield* sorted(1, "=c"), [4, 0, 3])
    }))

  it.effect("are gone through as those that pass a filter are", () =>
    Effect.gen(function*() {
      const matches = sortedMatches([7, 2, 9])
      assert.strictEqual(yield* matches.nth(1), 2)
      assert.isUndefined(yield* matches.nth(3))
      assert.deepStrictEqual(yield* matches.following(9), { row: 9, place: 2 })
      assert.isUndefined(yield* matches.following(1))
      assert.deepStrictEqual(yield* matches.preceding(Infinity), { row: 9, place: 2 })
    }))
})
