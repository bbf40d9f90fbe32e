import { assert, describe, it } from "@effect/vitest"
import { dialects } from "../../../services/next-edit/dialects/all.ts"
import { dialectOfModel } from "../../../services/next-edit/model-dialect.ts"

describe("the dialect of a model", () => {
  it("is found by its own name", () => {
    for (const dialect of dialects) assert.strictEqual(dialectOfModel(dialect.name), dialect)
  })

  it.each([
    ["zed-industries/zeta", "zeta1"],
    ["zed-industries/zeta-2", "zeta2"],
    ["zeta-2.1", "zeta2.1"],
    ["hf.co/zed-industries/zeta-2.1-GGUF:Q8_0", "zeta2.1"],
    ["sweepai/sweep-next-edit-1.5B", "sweep"],
    ["sweep-next-edit-0.5b.q4_k_m.gguf", "sweep"],
    ["sweepai/sweep-next-edit-v2-7B", "sweep-v2"],
    ["continuedev/instinct", "instinct"],
    ["Instinct", "instinct"]
  ])("is found by %s", (model, dialect) => assert.strictEqual(dialectOfModel(model)?.name, dialect))

  it.each(["qwen2.5-coder", "gpt-4", "", "zeta-3"])(
    "is none for %s",
    (model) => assert.isUndefined(dialectOfModel(model))
  )
})
