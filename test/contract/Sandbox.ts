/** What every Sandbox layer must do. */
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type * as Layer from "effect/Layer"
import { parseKeys } from "../../services/keys/keystrokes.ts"
import type { Outcome } from "../../services/keys/outcome.ts"
import { Sandbox, type SandboxUnavailable } from "../../services/Sandbox.ts"

/** Keys in the canonical notation, typed into a text. */
export const type = (source: string, keys: string) =>
  Effect.flatMap(Sandbox, (sandbox) => sandbox.run({ source, keys: Either.getOrThrow(parseKeys(keys)) }))

/** What is the same whenever it is tried. */
export const steady = (outcome: Outcome) => ({ ...outcome, millis: 0 })

const cases: ReadonlyArray<
  readonly [source: string, keys: string, expected: Readonly<Record<string, unknown>>]
> = [
  ["hello\n", "", { _tag: "finished", text: "hello\n", mode: "n", line: 1, column: 1, keystrokes: 0 }],
  ["", "ihello<Esc>", { _tag: "finished", text: "hello\n", mode: "n", line: 1, column: 5, keystrokes: 7 }],
  ["", "", { _tag: "finished", text: "", mode: "n" }],
  ["a\nb\nc\n", "jdd", { _tag: "finished", text: "a\nc\n", mode: "n", line: 2, column: 1, keystrokes: 3 }],
  ["a", "A!", { _tag: "finished", text: "a!", mode: "i" }],
  ["one two", "d", { _tag: "finished", text: "one two", mode: "no" }],
  ["a\r\nb\r\n", "x", { _tag: "finished", text: "\r\nb\r\n", mode: "n" }],
  ["żółw\n", "A𝕏<Esc>", { _tag: "finished", text: "żółw𝕏\n", mode: "n", line: 1, column: 8 }],
  ["hello\n", "x:wq<CR>", { _tag: "left", text: "ello\n", keystrokes: 5 }],
  ["hello\n", "x:q!<CR>", { _tag: "left", text: "hello\n" }],
  ["a\n", "dd", { _tag: "finished", text: "" }],
  ["a<b\n", "f<lt>x", { _tag: "finished", text: "ab\n" }]
]

export const sandboxContract = (name: string, layer: Layer.Layer<Sandbox, SandboxUnavailable>) => {
  for (const [source, keys, expected] of cases) {
    it.live(`${name}: ${JSON.stringify(keys)} in ${JSON.stringify(source)}`, () =>
      Effect.gen(function*() {
        const outcome = yield* type(source, keys)
        assert.deepInclude(steady(outcome), expected)
        assert.isAtLeast(outcome.millis, 0)
      }).pipe(Effect.provide(layer)))
  }

  it.live(`${name}: a batch gives its outcomes in order, and each attempt meets a fresh Vim`, () =>
    Effect.gen(function*() {
      const sandbox = yield* Sandbox
      const attempts = Array.from({ length: 12 }, (_, index) => ({
        source: `line ${index}\n`,
        keys: index % 3 === 0 ? ["d", "d"] : ["p"]
      }))
      const outcomes = yield* sandbox.runAll(attempts)
      assert.deepStrictEqual(
        outcomes.map((outcome) => (outcome._tag === "finished" ? outcome.text : outcome._tag)),
        attempts.map(({ source }, index) => (index % 3 === 0 ? "" : source))
      )
    }).pipe(Effect.provide(layer)))
}
