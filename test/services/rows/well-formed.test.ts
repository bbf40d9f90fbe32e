import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { isIllFormed, isIllFormedJson, wellFormed, wellFormedJson } from "../../../services/rows/well-formed.ts"

const unit = FastCheck.constantFrom(
  "a",
  "\\",
  "u",
  "d",
  "\ud83d",
  "\ude00",
  "\ud800",
  "\udfff",
  "\n",
  "\"",
  "\ud83d\ude00"
)
const text = FastCheck.array(unit, { maxLength: 12 }).map((units) => units.join(""))

describe("halves of surrogate pairs", () => {
  it("are found and replaced, in texts and in their JSON alike", () => {
    FastCheck.assert(FastCheck.property(text, text, (key, value) => {
      const json = JSON.stringify({ [key]: value })
      const mended = wellFormedJson(json)
      assert.deepStrictEqual(JSON.parse(mended), { [wellFormed(key)]: wellFormed(value) })
      assert.strictEqual(isIllFormedJson(json), isIllFormed(key) || isIllFormed(value))
      assert.isFalse(isIllFormed(wellFormed(value)))
      // What UTF-8 has is left as it is.
      const known = Buffer.from(value, "utf8").toString("utf8")
      assert.strictEqual(wellFormed(value), known)
    }))
  })
})
