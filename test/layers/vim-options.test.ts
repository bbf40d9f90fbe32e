/** What keys do under each set of Vim's options, in every kind of sandbox and in recordings of it. */
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { layerBubblewrap } from "../../layers/sandbox/ForkServerSandbox.ts"
import { layer as layerPty } from "../../layers/sandbox/PtySandbox.ts"
import { parseKeys } from "../../services/keys/keystrokes.ts"
import { textAfter } from "../../services/keys/outcome.ts"
import { type VimOptionsName, vimOptionsNames } from "../../services/keys/vim-options.ts"
import { defaultLimits, Sandbox } from "../../services/Sandbox.ts"
import { withSandbox } from "../support/with-tools.ts"

const cases: ReadonlyArray<
  readonly [source: string, keys: string, left: Readonly<Record<VimOptionsName, string>>]
> = [
  // <BS> over what stood there, over the start of the line, over indentation.
  ["hello;\n", "A<BS>.<Esc>", { defaults: "hello.\n", vimgolf: "hello.\n", none: "hello;.\n" }],
  ["a\nb\n", "ji<BS>+<Esc>", { defaults: "a+b\n", vimgolf: "a+b\n", none: "a\n+b\n" }],
  ["abc\n", "A<C-w>x<Esc>", { defaults: "x\n", vimgolf: "x\n", none: "abcx\n" }],
  ["abc\n", "A<C-u>x<Esc>", { defaults: "x\n", vimgolf: "x\n", none: "abcx\n" }],
  // The cursor of a text that was just opened.
  ["  ab\n", "x", { defaults: " ab\n", vimgolf: " ab\n", none: "  b\n" }],
  // Numbers with leading zeros are decimal, or octal; hexadecimal ones are what they are.
  ["007\n", "<C-a>", { defaults: "008\n", vimgolf: "010\n", none: "010\n" }],
  ["0x0f\n", "<C-a>", { defaults: "0x10\n", vimgolf: "0x10\n", none: "0x10\n" }],
  // Q formats; without the mapping it is Ex mode.
  ["a\nb\n", "Qjx", { defaults: " b\n", vimgolf: "a\nb\n", none: "a\nb\n" }],
  // What <C-u> took away can be undone by itself.
  ["\n", "iab<C-u>c<Esc>u", { defaults: "ab\n", vimgolf: "\n", none: "\n" }],
  // A new line is indented; a search ignores case.
  ["  a\n", "ob<Esc>", { defaults: "  a\nb\n", vimgolf: "  a\n  b\n", none: "  a\nb\n" }],
  ["a B b\n", "/b<CR>x", { defaults: "a B \n", vimgolf: "a  b\n", none: "a B \n" }],
  ["a b B\n", "/B<CR>x", { defaults: "a b \n", vimgolf: "a b \n", none: "a b \n" }],
  // While a pattern is typed, <C-g> goes to the next match.
  ["a b b\n", "/b<C-g><CR>x", { defaults: "a b \n", vimgolf: "a b \n", none: " b b\n" }]
]

const searchPath = process.env["PATH"] ?? ""
const sandboxes = [["confined", layerBubblewrap], ["restricted", layerPty]] as const

for (const vimOptions of vimOptionsNames) {
  for (const [name, layerOf] of sandboxes) {
    withSandbox.describe(`the options ${vimOptions}, ${name}`, () => {
      const layer = layerOf({ concurrency: 2, limits: defaultLimits, vimOptions, searchPath })

      it.live("make of each text what Vim makes of it, typed at once or key by key", () =>
        Effect.gen(function*() {
          const sandbox = yield* Sandbox
          const attempts = cases.map(([source, keys]) => ({ source, keys: Either.getOrThrow(parseKeys(keys)) }))
          const typed = yield* sandbox.runAll(attempts)
          const recorded = yield* Effect.forEach(
            attempts,
            (attempt) => Effect.map(sandbox.record(attempt, { columns: 80, rows: 24 }), ({ outcome }) => outcome),
            { concurrency: 2 }
          )
          const keys = cases.map(([, keys]) => keys)
          const wanted = cases.map(([, , left]) => left[vimOptions])
          for (const outcomes of [typed, recorded]) {
            assert.deepStrictEqual(
              outcomes.map((outcome, index) => [keys[index], textAfter(outcome)]),
              wanted.map((text, index) => [keys[index], text])
            )
          }
        }).pipe(Effect.provide(layer)), 30_000)
    })
  }
}
