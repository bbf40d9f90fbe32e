import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { isZedPath, parseZed, renderZed, zedControls } from "../../../services/formats/zed.ts"

const text = FastCheck.string({
  unit: FastCheck.constantFrom("a", " ", "\n", "```", "### Response:\n\n", "é", "<|", "x = 1\n")
})

describe("ZED", () => {
  it("writes the published bytes", () => {
    const { completion, prompt } = renderZed({
      path: "src/a.py",
      events: [
        { _tag: "renamed", oldPath: "a.py", path: "src/a.py" },
        { _tag: "edited", path: "src/a.py", diff: "@@ -1,1 +1,1 @@\n-a\n+b" }
      ],
      startsFile: true,
      before: "b\n",
      region: "c = ",
      cursor: 4,
      after: "\nd",
      rewritten: "c = 1"
    })
    assert.strictEqual(
      prompt,
      "### Instruction:\nYou are a code completion assistant and your task is to analyze user edits and then rewrite an " +
        "excerpt that the user provides, suggesting the appropriate edits within the excerpt, taking into account the " +
        "cursor location.\n\n### User Edits:\n\nUser renamed \"a.py\" to \"src/a.py\"\n\n\nUser edited \"src/a.py\":\n" +
        "```diff\n@@ -1,1 +1,1 @@\n-a\n+b\n```\n\n### User Excerpt:\n\n```src/a.py\n<|start_of_file|>\nb\n" +
        "<|editable_region_start|>\nc = <|user_cursor_is_here|>\n<|editable_region_end|>\nd\n```\n\n### Response:\n\n"
    )
    assert.strictEqual(completion, "<|editable_region_start|>\nc = 1\n<|editable_region_end|>")
  })

  it.prop("parses back what it renders", {
    before: text,
    region: text,
    after: text,
    rewritten: text,
    startsFile: FastCheck.boolean(),
    at: FastCheck.nat(100)
  }, ({ after, at, before, region, rewritten, startsFile }) => {
    FastCheck.pre(
      ![before, region, after, rewritten].some((part) => zedControls.some((control) => part.includes(control)))
    )
    const example = {
      path: "a b/ü.py",
      events: [{ _tag: "edited" as const, path: "a b/ü.py", diff: "@@ -1,1 +1,1 @@\n ### User Excerpt:\n-x\n+y" }],
      startsFile,
      before,
      region,
      cursor: Math.min(at, region.length),
      after,
      rewritten
    }
    const { completion, prompt } = renderZed(example)
    const parsed = parseZed(prompt, completion)
    assert.deepStrictEqual(parsed === undefined ? undefined : { ...parsed, events: example.events }, example)
  })

  it("knows the paths it cannot carry", () => {
    assert.isTrue(isZedPath("a b/ü.py"))
    assert.isFalse(isZedPath("a\"b.py"))
    assert.isFalse(isZedPath("a\nb.py"))
  })
})
