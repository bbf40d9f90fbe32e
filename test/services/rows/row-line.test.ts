import { assert, describe, it } from "@effect/vitest"
import { fieldNamesOf } from "../../../services/rows/field-names.ts"
import { answers, code, edit } from "../../../services/rows/picture.ts"
import { headlineOf, traitsOf } from "../../../services/rows/row-line.ts"
import { viewOf } from "../../../services/rows/row-view.ts"

describe("a row as a line", () => {
  it("says what a table counts it by, whoever wrote it", () => {
    assert.deepStrictEqual(
      traitsOf({
        prompt: "<|fim_prefix|>a<|fim_suffix|>b<|fim_middle|>",
        completion: "four",
        label: false,
        metadata: { language: "go", kind: "block", negative: "operator" }
      }),
      {
        shape: "kto",
        language: "go",
        kind: "block",
        negative: "operator",
        label: "false",
        answerUnits: 4,
        promptUnits: 44
      }
    )
    const nothing = { language: null, kind: null, negative: null, label: null, promptUnits: 0 }
    assert.deepStrictEqual(traitsOf({ any: ["one", { other: "two" }] }), { ...nothing, shape: "other", answerUnits: 6 })
    assert.deepStrictEqual(traitsOf("bare"), { ...nothing, shape: "other", answerUnits: 4 })
    // A text is no kind.
    assert.isNull(traitsOf({ kind: "x".repeat(1000) }).kind)
  })

  it("begins with what is written, or with what an edit brings", () => {
    const around = { prefix: "a\n", suffix: "z\n" }
    assert.strictEqual(headlineOf([code("text", "\n\n  first line\nmore")]), "first line")
    assert.strictEqual(headlineOf([edit({ name: "edit", before: "b\nc\n", after: "b\nd\n", around })]), "d")
    assert.strictEqual(headlineOf([edit({ name: "edit", before: "b\nc\n", after: "b\n", around })]), "c")
    assert.strictEqual(headlineOf([edit({ name: "edit", before: "b\n", after: "b\n" })]), "b")
    assert.strictEqual(
      headlineOf([answers({ name: "chosen", text: "x + 1" }, { name: "rejected", text: "x - 1" })]),
      "x + 1"
    )
    const pair = (chosen: string, rejected: string) =>
      headlineOf([answers({ name: "chosen", text: chosen }, { name: "rejected", text: rejected })])
    assert.strictEqual(pair("a\nb\n", "a\nb\nrun on\n"), "a")
    assert.strictEqual(pair("", "more"), "more")
    assert.strictEqual(headlineOf(viewOf({ source: "a", target: "b", keys: "rb" }).sections), "b")
    assert.strictEqual(headlineOf([]), "")
    assert.isAtMost(headlineOf([code("text", "x".repeat(10_000))]).length, 241)
  })

  it("names its fields as filters do", () => {
    assert.deepStrictEqual(
      fieldNamesOf({ label: true, metadata: { language: "go", kind: "block" }, other: { deep: 1 } }),
      ["label", "language", "kind", "other.deep"]
    )
    assert.deepStrictEqual(fieldNamesOf([1]), [])
  })
})
