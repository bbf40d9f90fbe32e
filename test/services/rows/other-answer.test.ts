import { assert, describe, it } from "@effect/vitest"
import { otherAnswerOf } from "../../../services/rows/other-answer.ts"
import { viewOf } from "../../../services/rows/row-view.ts"

const prompt = "<|fim_prefix|>def f(first):\n  return \"<|fim_suffix|>\"\n<|fim_middle|>"
const wanted = { prompt, completion: "first", label: true }
const unwanted = { prompt, completion: "last", label: false }

describe("the other answer to the question of a row", () => {
  it("is known by its question and its label, under the columns of any trainer", () => {
    const query = otherAnswerOf(wanted)
    assert.include(JSON.stringify(unwanted), query?.holding ?? "no text")
    assert.isTrue(query?.isIt(unwanted))
    assert.isTrue(query?.isIt({ instruction: prompt, output: "last", kto_tag: false }))
    assert.isFalse(query?.isIt(wanted))
    assert.isFalse(query?.isIt({ ...unwanted, prompt: `${prompt} ` }))
  })

  it("is looked for by what few other questions have, and not by what all of them begin with", () => {
    const head =
      "You are a code completion assistant and your task is to analyze user edits and then rewrite an excerpt. "
    const row = {
      prompt: `${head.repeat(9)}\n${"\\".repeat(400)}<|user_cursor_is_here|>first(a)\n`,
      completion: "1",
      label: true
    }
    assert.strictEqual(otherAnswerOf(row)?.holding, "first(a)")
    const far = {
      ...wanted,
      prompt: `<|fim_prefix|>${head.repeat(9)}\ndef f():\n${"\\".repeat(400)}(<|fim_suffix|>)<|fim_middle|>`
    }
    assert.strictEqual(otherAnswerOf(far)?.holding, "(")
  })

  it("is not looked for where a row has both answers, or none", () => {
    assert.isUndefined(otherAnswerOf({ prompt, chosen: "a", rejected: "b" }))
    assert.isUndefined(otherAnswerOf({ prompt, completion: "a" }))
    assert.isUndefined(otherAnswerOf("text"))
  })

  it.each([["the wanted row", wanted, unwanted], ["the unwanted row", unwanted, wanted]])(
    "stands beside the answer of %s, the wanted one on the left",
    (_, row, other) => {
      const [first] = viewOf(row, JSON.stringify(row), other).sections
      assert.strictEqual(first?.kind, "change")
      if (first?.kind !== "change") return
      assert.deepStrictEqual([first.left.text, first.right.text], ["first", "last"])
      assert.deepStrictEqual(first.around, { prefix: "def f(first):\n  return \"", suffix: "\"\n" })
    }
  )

  it("is found among chats too", () => {
    const asked = [{ role: "user", content: "How is it done?" }]
    const row = (content: string, label: boolean) => ({
      prompt: asked,
      completion: [{ role: "assistant", content }],
      label
    })
    assert.isTrue(otherAnswerOf(row("a", true))?.isIt(row("b", false)))
    assert.deepStrictEqual(
      viewOf(row("b", false), "", row("a", true)).sections.map(({ kind, name }) => [kind, name]),
      [["change", "wanted and unwanted"], ["code", "user"]]
    )
  })
})
