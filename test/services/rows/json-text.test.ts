import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { heldBy, isMatch, textIn } from "../../../services/rows/fields.ts"
import { featureOf, featureOfRow, shapeKey } from "../../../services/rows/features.ts"
import {
  compactJson,
  elementsOf,
  hasUnusualNumber,
  isSameJson,
  membersOf,
  sameNumber
} from "../../../services/rows/json-text.ts"
import { viewOf } from "../../../services/rows/row-view.ts"

const json = FastCheck.jsonValue({ maxDepth: 4 })
const read = (text: string) => ({ value: JSON.parse(text) as unknown, text })

describe("a JSON text as it is written", () => {
  it.prop("is compact as JSON.stringify has it, however it was laid out", { json, indent: FastCheck.nat(4) }, ({
    indent,
    json
  }) => {
    const text = JSON.stringify(json)
    assert.strictEqual(compactJson(JSON.stringify(json, null, indent)), text)
    assert.isTrue(isSameJson(JSON.stringify(json, null, indent), text))
  })

  it.prop("has the fields and elements of its value", { json }, ({ json }) => {
    const text = JSON.stringify({ json, list: [json, json] }, null, 1)
    const [first, second] = membersOf(text)
    assert.deepStrictEqual([first?.name, compactJson(first?.text ?? "")], ["json", JSON.stringify(json)])
    assert.deepStrictEqual(elementsOf(second?.text ?? "").map(compactJson), [
      JSON.stringify(json),
      JSON.stringify(json)
    ])
    assert.deepStrictEqual(membersOf(JSON.stringify([json])), [])
  })

  it("keeps doubled keys, their order, and names that look like numbers", () => {
    assert.deepStrictEqual(
      membersOf("{ \"b\" : 1 ,\"2\":[{}],\"b\":\"}\\\"\" , \"__proto__\" : null, \"\\u00e9\":1.0}").map((
        { name, text }
      ) => [name, text]),
      [["b", "1"], ["2", "[{}]"], ["b", "\"}\\\"\""], ["__proto__", "null"], ["é", "1.0"]]
    )
  })

  it.each([
    ["1", "1.0", true],
    ["1", "1e0", true],
    ["1000", "1e3", true],
    ["0.10", "0.1", true],
    ["-0", "0", true],
    ["120e-1", "1.2E+1", true],
    ["1e400", "10e399", true],
    ["1e400", "1e401", false],
    ["9007199254740993", "9007199254740992", false],
    ["9007199254740993.0", "9007199254740993", true],
    ["0.1", "0.10000000000000000001", false],
    ["-1", "1", false]
  ])("%s and %s are the same number or not", (one, other, isSame) => {
    assert.strictEqual(sameNumber(one) === sameNumber(other), isSame)
  })

  it("tells numbers that a double would spell otherwise, and none in strings", () => {
    for (const text of ["{\"a\":1.0}", "[1e3]", "12345678901234567", "[-0]", "{\"a\":\"x\",\"b\":0.10}"]) {
      assert.isTrue(hasUnusualNumber(text), text)
    }
    for (const text of ["{\"a\":1}", "{\"1.0\":\"1e3\\\" 2.0\"}", "[-1, 20]", "\"0.1\""]) {
      assert.isFalse(hasUnusualNumber(text), text)
    }
  })
})

describe("a row", () => {
  const text =
    "{\"id\": 9007199254740993, \"a\": 1, \"a\": {\"b\": 1e400}, \"f\": 1.0, \"z\": -0, \"10\": 1, \"s\": \"\\u00e9\\/\", \"l\": [1.50, {\"x\": 12345678901234567890}]}"

  it("shows all its digits and all its keys, in their order", () => {
    assert.deepStrictEqual(viewOf(JSON.parse(text), text).facts, [
      ["id", "9007199254740993"],
      ["a", "1"],
      ["a.b", "1e400"],
      ["f", "1.0"],
      ["z", "-0"],
      ["10", "1"],
      ["s", "é/"],
      ["l", "[1.50,{\"x\":12345678901234567890}]"]
    ])
  })

  it("shows the texts of doubled keys that a section shows once", () => {
    const doubled = "{\"prompt\":\"first\",\"prompt\":\"p\",\"completion\":\"c\"}"
    const { facts, sections } = viewOf(JSON.parse(doubled), doubled)
    assert.deepStrictEqual(facts, [["prompt", "first"]])
    assert.deepStrictEqual(sections.map(({ name }) => name), ["completion", "prompt"])
  })

  it.each([
    ["id", "9007199254740993", true],
    ["id", "9007199254740992", false],
    ["id", "9007199254740993.0", true],
    ["f", "1", true],
    ["f", "1.00", true],
    ["a.b", "1e400", true],
    ["a.b", "1e401", false],
    ["z", "0", true],
    ["l", "[1.5, {\"x\": 12345678901234567890}]", true],
    ["l", "[1.5,{\"x\":12345678901234567891}]", false],
    ["s", "é/", true],
    ["nothing", "1", false],
    ["id", "x", false]
  ])("passes %s=%s or does not", (key, wanted, passes) => assert.strictEqual(isMatch(read(text), key, wanted), passes))

  it("is looked for by text only where its value has one spelling", () => {
    assert.deepStrictEqual(["python", "true", "a1"].map(heldBy), ["python", "true", "a1"])
    assert.deepStrictEqual(["1", "-1.5", "[1]", "{\"a\":1}"].map(heldBy), [null, null, null, null])
  })

  it("gives the text of a field wherever it stands", () => {
    const deep = "{\"metadata\":{\"n\":1.0},\"u\":{\"v\":{\"w\":2.50}},\"d\":1,\"d\":2}"
    assert.deepStrictEqual(["n", "u.v.w", "d", "x.y"].map((key) => textIn(deep, key)), ["1.0", "2.50", "2", undefined])
  })

  it.prop("has the columns of its value", { json }, ({ json }) => {
    const row = read(JSON.stringify({ json }))
    if (!hasUnusualNumber(row.text)) assert.strictEqual(shapeKey(featureOfRow(row)), shapeKey(featureOf(row.value)))
  })

  it.each([
    ["{\"a\":9007199254740993}", "{a:int64}"],
    ["{\"a\":-9223372036854775808}", "{a:int64}"],
    ["{\"a\":9223372036854775808}", "{a:float64}"],
    ["{\"a\":1.0}", "{a:float64}"],
    ["{\"a\":1e400,\"b\":[1,2.5],\"c\":{\"d\":-0}}", "{a:float64,b:[float64],c:{d:int64}}"]
  ])("%s has the columns %s", (text, key) => assert.strictEqual(shapeKey(featureOfRow(read(text))), key))
})
