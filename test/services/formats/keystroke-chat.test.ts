import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { answerIn, renderAnswer, renderQuestion } from "../../../services/formats/keystroke-chat.ts"
import { keysOfText, parseAnswer, printKeys } from "../../../services/keys/keystrokes.ts"

const key = FastCheck.oneof(
  FastCheck.constantFrom("<Esc>", "<CR>", "<lt>", "<C-v>", "<BS>", "d", "w", "\\", "n", "`", "```", " ", "{", "}"),
  FastCheck.fullUnicode().map((character) => keysOfText(character)[0] ?? "x")
)
const keys = FastCheck.array(key, { maxLength: 30 }).map((
  some
) => [...some.flatMap((one) => [...keysOfRun(one)]), "<Esc>"])
const keysOfRun = (text: string) => (text === "```" ? ["`", "`", "`"] : [text])

describe("chat for keystrokes", () => {
  it.each([
    ["dd", "dd"],
    ["dd\n", "dd"],
    ["\n\n  x", "  x"],
    ["Sure:\n```vim\nwcwthere<Esc>\n```\nDone.", "wcwthere<Esc>"],
    ["```\nx\n```\nor better\n```\ndd\n```", "dd"],
    ["~~~\n:s/```/x/\n~~~", ":s/```/x/"],
    ["", ""]
  ])("finds the answer of %j", (completion, answer) => assert.strictEqual(answerIn(completion), answer))

  it.prop("reads back the keys that it renders, with talk around them or without", { keys }, ({ keys }) => {
    for (const completion of [renderAnswer(keys), `I see.\n\n${renderAnswer(keys)}\nDone.`]) {
      assert.strictEqual(answerIn(completion), printKeys(keys))
      assert.deepStrictEqual(parseAnswer(answerIn(completion)), keys)
    }
  })

  it.prop("no text breaks out of its fence", {
    source: FastCheck.stringOf(FastCheck.constantFrom("`", "\n", "a", "~"))
  }, ({ source }) => {
    const question = renderQuestion({ source, target: "x", language: "go" }, []).at(-1)?.content ?? ""
    const [, fence = ""] = /^The text:\n(`+)go\n/.exec(question) ?? []
    assert.isFalse(source.split("\n").includes(fence))
    assert.include(question, `${fence}go\n${source}`)
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
