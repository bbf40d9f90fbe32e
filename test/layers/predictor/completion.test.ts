/** What servers answer, beside a text: parts of one, thoughts in a field of their own, nothing. */
import { assert, describe, it } from "@effect/vitest"
import { makePieceReader, readCompletion } from "../../../layers/predictor/chat/completion.ts"

const parts = [{ type: "thinking", thinking: [{ type: "text", text: "maybe dd" }] }, { type: "text", text: "x" }]

const messages: ReadonlyArray<readonly [string, object, string | undefined]> = [
  ["a text", { content: "x" }, "x"],
  ["thoughts in a field of their own", { content: "x", reasoning_content: "maybe dd", reasoning: "dd" }, "x"],
  ["thoughts alone", { content: null, reasoning_content: "maybe dd" }, undefined],
  ["thoughts and nothing else", { content: "", reasoning_content: "maybe dd" }, ""],
  ["parts", { content: parts }, "x"],
  ["no part that is text", { content: parts.slice(0, 1) }, ""],
  ["something else", { content: 7 }, undefined]
]

describe("a completion", () => {
  it.each(messages)("is read from %s", (_, message, text) => {
    const { answers, malformed } = readCompletion(JSON.stringify({ choices: [{ message, finish_reason: "stop" }] }))
    assert.deepStrictEqual(answers.map((answer) => answer.text), text === undefined ? [] : [text])
    assert.strictEqual(malformed, text === undefined ? 1 : 0)
  })

  it.each([
    ["texts", [{ content: "" }, { content: "x" }]],
    ["thoughts before it", [{ reasoning_content: "maybe dd" }, { content: null, reasoning_content: "!" }, {
      content: "x"
    }]],
    ["parts", [{ content: parts.slice(0, 1) }, { content: parts.slice(1) }]]
  ])("is read from pieces that are %s", (_, deltas) => {
    const reader = makePieceReader()
    for (const delta of deltas) {
      reader.feed(`data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: null }] })}\n\n`)
    }
    reader.feed("data: [DONE]\n\n")
    const said = reader.said()
    assert.deepStrictEqual(said._tag === "said" ? said.value.answers.map(({ text }) => text) : said, ["x"])
  })
})
