import { assert, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { type Feature, featureOfRow, merge, shapeKey, withRow } from "../../../services/rows/features.ts"

const written = (value: unknown) => ({ value, text: JSON.stringify(value) })

it.prop(
  "columns are the same, whether a row tells something new of them or not",
  { rows: FastCheck.array(FastCheck.dictionary(FastCheck.constantFrom("a", "b", "c"), FastCheck.jsonValue())) },
  ({ rows }) => {
    const none: Feature = { kind: "null" }
    const all = rows.map(written)
    assert.deepStrictEqual(
      all.reduce<Feature>(withRow, none),
      all.map(featureOfRow).reduce<Feature>(merge, none)
    )
  }
)

it("a number that is written with a point makes a column of floats", () => {
  const columns = [{ value: { a: 1 }, text: "{\"a\": 1}" }, { value: { a: 1 }, text: "{\"a\": 1.0}" }]
    .reduce<Feature>(withRow, { kind: "null" })
  assert.strictEqual(shapeKey(columns), "{a:float64}")
})
