import { assert, it } from "@effect/vitest"
import { trainedLength } from "../../../services/measures/trained-length.ts"

const metadata = { repo: "github.com/example/shop", filepath: "src/area.py" }

it.each([
  ["a pair", { prompt: "ab", chosen: "c", rejected: "def" }, 5],
  ["a prompt and an answer", { prompt: "ab", completion: "c", label: true }, 3],
  ["instructions", { instruction: "ab", input: "c", output: "d" }, 4],
  ["a chat", { messages: [{ role: "user", content: "ab" }, { role: "assistant", content: "c\n" }] }, 4],
  ["a chat with two answers", {
    prompt: [{ role: "user", content: "ab" }],
    chosen: [{ role: "assistant", content: "c" }],
    rejected: [{ role: "assistant", content: "de" }]
  }, 4],
  ["segments", { segments: [{ label: false, text: "ab" }, { label: true, text: "c" }] }, 3],
  ["a text with its parts", { text: "<p>ab<m>c", prefix: "a", suffix: "b", middle: "c", context: "" }, 9],
  ["an edit", { source: "ab", target: "c", text: "d" }, 4],
  ["states", { states: ["a", "bc"] }, 3]
])("of %s counts what is trained on, and not where it comes from", (_, row, length) => {
  assert.strictEqual(trainedLength({ ...row, metadata }), length)
})
