/** Rows whose personal data is cut in two cannot be masked; all others are, in every text at once. */
import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { personalDataIn } from "../../../services/hygiene/personal-data.ts"
import { withoutPersonalData } from "../../../tasks/generate/hygiene/personal-data.ts"
import type { Draft } from "../../../tasks/generate/draft.ts"

const draft = (prefix: string, middle: string, suffix: string, more: Partial<Draft["metadata"]> = {}): Draft => ({
  side: "train",
  example: {
    format: "PSM",
    endsItself: false,
    prompt: `<|fim_prefix|>${prefix}<|fim_suffix|>${suffix}<|fim_middle|>`,
    completion: middle,
    completionWith: (other) => other,
    prefix,
    middle,
    suffix,
    answers: [middle],
    context: "",
    prefixCut: 0,
    suffixCut: 0,
    span: { start: prefix.length, end: prefix.length + middle.length }
  },
  negative: { operator: "undo", middle: `${middle}!`, completion: `${middle}!` },
  metadata: {
    repo: "r",
    filepath: "a.py",
    language: "python",
    commit: "c",
    parent: "",
    parent_filepath: "",
    commit_message: "",
    date: "",
    kind: "line",
    span: [0, 0],
    group: "g",
    negative: "",
    license: "",
    redacted: false,
    format: "PSM",
    context_chars: 0,
    prefix_cut: 0,
    suffix_cut: 0,
    answer_in_prompt: false,
    answer_in_context: false,
    complexity: 0,
    ...more
  }
})

describe("personal data of a row", () => {
  it("is the same placeholder in all of its texts", () => {
    const made = withoutPersonalData(
      draft("to = 'ann@mail.org'\n", "send('ann@mail.org')", "\n# bob@mail.org\n"),
      "mask"
    )
    if (typeof made === "string") return assert.fail(made)
    assert.strictEqual(made.example.completion, "send('person1@example.com')")
    assert.strictEqual(made.example.middle, made.example.completion)
    assert.deepStrictEqual(made.example.answers, [made.example.completion])
    assert.strictEqual(made.negative?.completion, "send('person1@example.com')!")
    assert.strictEqual(made.example.suffix, "\n# person2@example.com\n")
    assert.isTrue(made.metadata.redacted)
  })

  it("is masked in the message of the commit, and keeps a row out whose path holds it", () => {
    const made = withoutPersonalData(draft("a", "b", "c", { commit_message: "Thank ann@mail.org" }), "mask")
    assert.strictEqual(typeof made === "string" ? made : made.metadata.commit_message, "Thank person1@example.com")
    assert.strictEqual(
      withoutPersonalData(draft("a", "b", "c", { filepath: "ann@mail.org/a.py" }), "mask"),
      "personal data"
    )
  })

  it.each([["by ann@ma", "il.org", " and"], ["by ann@mail", "", ".org"], ["by ann", "@mail.org", ""]])(
    "keeps a row out where it is cut: %j %j %j",
    (prefix, middle, suffix) =>
      assert.strictEqual(withoutPersonalData(draft(prefix, middle, suffix), "mask"), "personal data")
  )

  it("keeps a row out where a token of the model stands in it", () => {
    const { example, ...rest } = draft("a", "b", "c")
    const prompt = "x = 'ann@ma<|user_cursor_is_here|>il.org'"
    assert.strictEqual(withoutPersonalData({ ...rest, example: { ...example, prompt } }, "mask"), "personal data")
  })

  it("is in no row that is kept, wherever it is cut", () =>
    FastCheck.assert(FastCheck.property(
      FastCheck.constantFrom("by ann@mail.org, +44 20 7946 1234", "8.8.4.4 and bob@x.io", "nobody here"),
      FastCheck.nat(40),
      FastCheck.nat(40),
      FastCheck.constantFrom("mask" as const, "leave-out" as const),
      (text, one, other, choice) => {
        const [from, to] = [Math.min(one, other), Math.max(one, other)]
        const made = withoutPersonalData(draft(text.slice(0, from), text.slice(from, to), text.slice(to)), choice)
        if (typeof made === "string") return assert.strictEqual(made, "personal data")
        const { example: { completion, middle, prefix, prompt, suffix }, negative } = made
        for (const shown of [prompt, completion, negative?.completion ?? "", prefix + middle + suffix]) {
          assert.deepStrictEqual(personalDataIn(shown), [])
        }
      }
    )))
})
