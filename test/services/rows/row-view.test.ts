import { assert, describe, it } from "@effect/vitest"
import { presets } from "../../../services/formats/presets.ts"
import { renderInfill } from "../../../services/formats/infill.ts"
import { splitPrompt, splitText } from "../../../services/formats/split-prompt.ts"
import { keptResult } from "../../../services/rows/attempt.ts"
import { isMatch, valueIn } from "../../../services/rows/fields.ts"
import { viewOf } from "../../../services/rows/row-view.ts"
import { shapeOf } from "../../../services/rows/shapes.ts"

const infill = { prefix: "a = [\n", suffix: "]\n", middle: "  1,\n", path: "a.py", language: "python" }

describe("split prompts", () => {
  for (const preset of presets.values()) {
    for (const order of ["PSM", "SPM1", "SPM2"] as const) {
      if (preset.layouts[order] === undefined) continue
      it(`takes ${order} of ${preset.name} apart, with code before it or without`, () => {
        const { completion, prompt } = renderInfill(preset, order, infill)
        for (const head of ["", "// other.py\nx = 1\n"]) {
          const split = splitPrompt(head + prompt)
          assert.strictEqual(split?.prefix, infill.prefix)
          assert.strictEqual(split?.suffix, infill.suffix)
          const whole = splitText(head + prompt + completion + preset.end, infill.middle)
          assert.strictEqual(whole?.middle, infill.middle)
        }
      })
    }
  }

  it("leaves other texts alone", () => {
    assert.isUndefined(splitPrompt("def f():\n"))
    assert.isUndefined(splitText("def f():\n"))
  })
})

describe("what a row has to be typed", () => {
  const row = { source: "ab", target: "b", keys: "x" }
  it.each<readonly [string, object, string | null]>([
    ["a row that names them", { ...row, metadata: { predictor: "search", vim_options: "vimgolf" } }, "vimgolf"],
    ["a row of a version that had no choice", { ...row, metadata: { predictor: "search" } }, "none"],
    ["a row that names others", { ...row, metadata: { predictor: "search", vim_options: "mine" } }, "none"],
    ["a row of another tool", { ...row, metadata: { title: "x" } }, null],
    ["a row without metadata", row, null]
  ])("is for the options of %s", (_, row, vimOptions) => {
    assert.deepStrictEqual(viewOf(row).recording, { source: "ab", keys: "x", vimOptions })
  })
})

describe("views of rows", () => {
  it.each<readonly [string, unknown]>([
    ["fim", { text: "<|fim_prefix|>a<|fim_suffix|>c<|fim_middle|>b" }],
    ["fim", { prefix: "a", middle: "b", suffix: "c", text: "abc" }],
    ["sft", { prompt: "p", completion: "c" }],
    ["sft", { instruction: "p", input: "", output: "c" }],
    ["kto", { prompt: "p", completion: "c", label: false }],
    ["dpo", { prompt: "p", chosen: "c", rejected: "r" }],
    ["chat", { messages: [{ role: "user", content: "q" }, { role: "assistant", content: "a" }] }],
    ["dpo", {
      prompt: [{ role: "user", content: "q" }],
      chosen: [{ role: "assistant", content: "a" }],
      rejected: [{ role: "assistant", content: "b" }]
    }],
    ["chat", { conversations: [{ from: "human", value: "q" }, { from: "gpt", value: "a" }] }],
    ["other", { conversations: "none" }],
    ["edit path", { edit_path: ["@@ -0,0 +1 @@\n+a"], index: 1, source_file: "a.py" }],
    ["transform", { source: "a", target: "b", transform: "rb{esc}" }],
    ["attempt", { round: 1, trials: [{ keys: "x", fault: null }], near_misses: [] }],
    ["segments", { segments: [{ label: false, text: "p" }, { label: true, text: "c" }] }],
    ["other", { segments: [{ label: "no", text: "p" }] }],
    ["text", { text: "plain" }],
    ["other", { a: 1 }],
    ["other", [1, 2]],
    ["other", null]
  ])("knows a row of shape %s", (shape, row) => {
    assert.strictEqual(viewOf(row).shape, shape)
    assert.strictEqual(shapeOf(row).name, shape)
  })

  it("shows and measures the chats of ShareGPT as chats", () => {
    const said = [["system", "be brief"], ["human", "q"], ["gpt", "a"]]
    const shared = { conversations: said.map(([from, value]) => ({ from, value })), id: 1 }
    const roles = ["system", "user", "assistant"]
    const plain = { messages: said.map(([, content], at) => ({ role: roles[at], content })), id: 1 }
    assert.deepStrictEqual(viewOf(shared), viewOf(plain))
    assert.deepStrictEqual(shapeOf(shared).asked?.(shared), shapeOf(plain).asked?.(plain))
  })

  it("shows every field once: as a section or as a fact", () => {
    const row = { prompt: "p", completion: "c\n", label: true, id: 7, metadata: { language: "go", commit: null } }
    const { facts, sections } = viewOf(row)
    assert.deepStrictEqual(facts, [["label", "true"], ["id", "7"], ["language", "go"], ["commit", "null"]])
    assert.deepStrictEqual(sections.map(({ name }) => name), ["wanted", "prompt"])
  })

  it("replays edit paths in each format, and shows those it cannot replay as they are", () => {
    const steps = viewOf({ edit_path: ["@@ -0,0 +1,2 @@\n+a\n+b", "@@ -2 +2 @@\n-b\n+c"] }).sections[0]
    assert.deepStrictEqual(steps?.kind === "steps" ? steps.states : [], ["a\nb", "a\nc"])
    assert.deepStrictEqual(viewOf({ edit_path: ["nonsense"] }).sections.map(({ kind }) => kind), ["code"])
  })

  it("shows what an attempt started from, what it wanted, and what wrong keys left", () => {
    const row = {
      round: 1,
      source: "a\n",
      target: "b\n",
      trials: [
        { keys: "rb", fault: null, result: null },
        { keys: "rc", fault: "wrong text", result: "c\n" },
        { keys: "10rx", fault: "timed out", result: null }
      ],
      near_misses: [{ keys: "x", fault: "wrong text", result: "\n" }]
    }
    const { facts, sections, shape } = viewOf(row)
    assert.deepStrictEqual([shape, facts], ["attempt", [["round", "1"]]])
    assert.deepStrictEqual(
      sections.map((section) =>
        section.kind === "change"
          ? [section.name, section.left.text, section.right.text]
          : section.kind === "keys"
          ? [section.name, section.keys, section.note]
          : []
      ),
      [
        ["edit", "a\n", "b\n"],
        ["candidate 1", "rb", "solved"],
        ["candidate 2", "rc", "wrong text"],
        ["what the keys left, and the target", "c\n", "b\n"],
        ["candidate 3", "10rx", "timed out"],
        ["near miss", "x", "wrong text"],
        ["what the keys left, and the target", "\n", "b\n"]
      ]
    )
  })

  it("keeps what keys left as long as it is not much longer than the texts of its edit", () => {
    const edit = { source: "abc", target: "ab" }
    assert.strictEqual(keptResult("x".repeat(1000), edit)?.length, 1000)
    assert.isNull(keptResult("x".repeat(2000), edit))
    assert.isNull(keptResult(undefined, edit))
  })

  const written = (value: unknown) => ({ value, text: JSON.stringify(value) })

  it("finds fields at the top, in metadata and behind dots", () => {
    const row = { label: false, metadata: { language: "python" }, usage: { requests: 3 } }
    assert.strictEqual(valueIn(row, "usage.requests"), 3)
    assert.isTrue(isMatch(written(row), "language", "python"))
    assert.isTrue(isMatch(written(row), "label", "false"))
    assert.isFalse(isMatch(written(row), "label", "true"))
    assert.isFalse(isMatch(written(row), "nothing", "x"))
  })
})
