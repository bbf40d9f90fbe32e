import { assert, it } from "@effect/vitest"
import { makeScorer } from "../../../services/measures/score.ts"

it.each([
  ["zeta2.1", "<|marker_2|><|marker_2|>", 0],
  ["zeta2.1", " \n", 1],
  ["PSM", "<|endoftext|>", 1],
  ["PSM", "x = 1<|endoftext|>", 0]
])("in %s an answer of %j is blank in %d rows", (format, completion, hit) => {
  const scorer = makeScorer({ mostTokens: null, parses: () => undefined })
  scorer.add({
    row: { prompt: "p", completion, metadata: { format } },
    type: "sft",
    side: "train",
    place: "f:1",
    tokens: null
  })
  assert.strictEqual(scorer.result().get("sft")?.scores["blank-completions"].hit, hit)
})
