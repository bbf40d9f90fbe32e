import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { readQuestion, renderQuestion } from "../../../services/formats/keystroke-chat.ts"

describe("chat for keystrokes", () => {
  it.prop("no text breaks out of its fence", {
    source: FastCheck.stringOf(FastCheck.constantFrom("`", "\n", "a", "~"))
  }, ({ source }) => {
    const question = renderQuestion({ source, target: "x", language: "go" }, []).at(-1)?.content ?? ""
    const [, fence = ""] = /^The text:\n(`+)go\n/.exec(question) ?? []
    assert.isFalse(source.split("\n").includes(fence))
    assert.include(question, `${fence}go\n${source}`)
  })

  const text = FastCheck.stringOf(FastCheck.constantFrom("`", "\n", "a", "~", "The wanted text:\n", "```"))
  const ended = (one: string) => (one === "" || one.endsWith("\n") ? one : `${one}\n`)
  it.prop("a question is read as it was asked, but for the end of its last lines", {
    source: text,
    target: text,
    language: FastCheck.constantFrom("go", null)
  }, ({ language, source, target }) => {
    const question = renderQuestion({ source, target, language }, []).at(-1)?.content ?? ""
    assert.deepStrictEqual(readQuestion(question), { source: ended(source), target: ended(target), language })
    assert.isUndefined(readQuestion(`${question}\n`))
    assert.isUndefined(readQuestion(question.slice(1)))
  })

  it("shows examples with their answers, in their order", () => {
    const messages = renderQuestion({ source: "c", target: "d" }, [
      { source: "1", target: "2", keys: ["x"] },
      { source: "3", target: "4", keys: ["y"] }
    ])
    assert.deepStrictEqual(messages.map(({ role }) => role), [
      "system",
      "user",
      "assistant",
      "user",
      "assistant",
      "user"
    ])
    assert.strictEqual(messages[2]?.content, "```vim\nx\n```")
    assert.include(messages[3]?.content, "3\n")
  })
})
