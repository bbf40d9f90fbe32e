import { assert, it } from "@effect/vitest"
import {
  addLedger,
  keep,
  leaveOut,
  type Ledger,
  sortedLedger,
  unbalancedStages
} from "../../../services/rows/ledger.ts"

it("adds up in any order", () => {
  const a: Ledger = {}
  keep(a, "rows", 2)
  leaveOut(a, "rows", "blank", 3)
  const b: Ledger = {}
  leaveOut(b, "rows", "blank")
  leaveOut(b, "cuts", "long")
  const one: Ledger = {}
  addLedger(one, a)
  addLedger(one, b)
  const other: Ledger = {}
  addLedger(other, b)
  addLedger(other, a)
  assert.strictEqual(JSON.stringify(sortedLedger(one)), JSON.stringify(sortedLedger(other)))
  assert.deepStrictEqual(one["rows"], { came: 6, kept: 2, leftOut: { blank: 4 } })
  assert.deepStrictEqual(unbalancedStages(one), [])
})

it("names a stage that does not add up", () => {
  assert.deepStrictEqual(unbalancedStages({ rows: { came: 3, kept: 1, leftOut: { blank: 1 } } }), ["rows"])
})
