import { assert, describe, it } from "@effect/vitest"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import { inOrder, lengthsOf, makeLengths, makeValues, powerOf } from "../../../tasks/view/web/columns.ts"
import { parseFilter, passesColumn } from "../../../tasks/view/web/filters.ts"
import { placeInMatches } from "../../../tasks/view/matches.ts"

describe("columns of the table", () => {
  it.prop(
    "are ordered as their lengths are, equal ones as in the file",
    { lengths: FastCheck.array(FastCheck.nat({ max: 2 ** 27 - 1 })), isDescending: FastCheck.boolean() },
    ({ isDescending, lengths }) => {
      const column = makeLengths()
      for (const [row, length] of lengths.entries()) column.set(row, length)
      const sign = isDescending ? -1 : 1
      const expected = [...lengths.keys()].sort((a, b) => sign * ((lengths[a] ?? 0) - (lengths[b] ?? 0)) || a - b)
      assert.deepStrictEqual([...inOrder(lengths.keys(), column, isDescending)], expected)
    }
  )

  it.prop(
    "are ordered as their values are, with none behind all others",
    { values: FastCheck.array(FastCheck.option(FastCheck.constantFrom("go", "c", "python", "", "é"))) },
    ({ values }) => {
      const column = makeValues()
      for (const [row, value] of values.entries()) column.set(row, value)
      const rank = (row: number) => values[row] ?? "\uffff"
      const expected = [...values.keys()].sort((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : a - b))
      assert.deepStrictEqual([...inOrder(values.keys(), column, false)], expected)
    }
  )

  it("tell thousands of values apart, and count the others as one", () => {
    const column = makeValues()
    for (let row = 0; row < 10_000; row++) column.set(row, `value ${row}`)
    assert.strictEqual(column.names()[column.at(5)], "value 5")
    assert.strictEqual(column.names()[column.at(9999)], "other values")
    assert.isAtMost(column.names().length, 4097)
    column.set(5, null)
    assert.isNull(column.names()[column.at(5)])
  })

  it.prop("put each length into its power", { length: FastCheck.nat({ max: 2 ** 30 }) }, ({ length }) => {
    const [least, most] = lengthsOf(powerOf(length))
    assert.isTrue(length >= least && length <= most)
  })

  it.prop(
    "find the place of a row among others",
    { rows: FastCheck.uniqueArray(FastCheck.nat(100)), row: FastCheck.nat(100) },
    ({ row, rows }) => {
      const sorted = rows.sort((a, b) => a - b)
      assert.strictEqual(placeInMatches(sorted, row), sorted.filter((one) => one < row).length)
    }
  )
})

describe("filters of the page", () => {
  const passes = (value: string | number | null, filter: string) =>
    Either.match(parseFilter(filter), { onLeft: () => null, onRight: (read) => passesColumn(value, read) })

  it("ask for a part, a whole value, a range, or none", () => {
    assert.isTrue(passes("c-sharp", "language=c"))
    assert.isFalse(passes("c-sharp", "language==c"))
    assert.isTrue(passes("c", "language==c"))
    assert.isTrue(passes(null, "kind=="))
    assert.isTrue(passes(null, "kind==null"))
    assert.isFalse(passes(null, "kind==block"))
    assert.deepStrictEqual([9, 10, 99, 100].map((length) => passes(length, "answer_chars=10..99")), [
      false,
      true,
      true,
      false
    ])
    assert.deepStrictEqual([0, 10].map((length) => passes(length, "answer_chars=5..")), [false, true])
    assert.isTrue(passes(7, "answer_chars=7"))
    assert.isNull(passes("x", "=x"))
    assert.isNull(passes("x", "language"))
  })
})
