/** The fork server against a brand-new Vim that is typed into, over sequences at random. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { layerBubblewrap } from "../../layers/sandbox/ForkServerSandbox.ts"
import { characterOfKey, type Keystrokes, printKeys } from "../../services/keys/keystrokes.ts"
import { textAfter } from "../../services/keys/outcome.ts"
import type { VimOptionsName } from "../../services/keys/vim-options.ts"
import { defaultLimits, Sandbox } from "../../services/Sandbox.ts"
import { sequence, texts } from "../support/key-sequences.ts"
import { typeIntoVim } from "../support/typed-vim.ts"
import { withTools } from "../support/with-tools.ts"

/** Keys that a keyboard sends as characters: the others depend on the terminal. */
const isTypable = (keys: Keystrokes) => keys.every((key) => characterOfKey(key) !== null)

/** How many sequences a seed and a text get; "RETRACE_SEQUENCES=60 pnpm test sandbox-typed" runs over 2,000. */
const perText = Number(process.env["RETRACE_SEQUENCES"] ?? 5)
const seeds = [1, 2, 3]

const cases = seeds.flatMap((seed) =>
  Object.entries(texts).flatMap(([name, source]) =>
    Array.from({ length: perText }, (_, number) => ({ seed, name, number, source, keys: sequence(seed, name, number) }))
      .filter(({ keys }) => isTypable(keys))
  )
)

const layerWith = (vimOptions: VimOptionsName) =>
  layerBubblewrap({
    concurrency: 2,
    vimOptions,
    // An error behind <C-o> in Insert mode stays on the screen for four seconds.
    limits: { ...defaultLimits, wallMillis: 8000 },
    searchPath: process.env["PATH"] ?? ""
  })

describe("the fork server", () => {
  withTools("vim", "bwrap", "node-pty", "/proc").describe.each(["defaults", "none"] as const)(
    "with %s",
    (options) =>
      it.live(
        "does what a brand-new Vim does that is typed into",
        () =>
          Effect.gen(function*() {
            const sandbox = yield* Sandbox
            const outcomes = yield* sandbox.runAll(cases)
            const typed = yield* Effect.forEach(
              cases,
              ({ keys, source }) =>
                Effect.promise(() =>
                  typeIntoVim(source, keys.map((key) => characterOfKey(key) ?? "").join(""), options)
                ),
              { concurrency: 6 }
            )
            const seen = outcomes.map((outcome) => ({
              hasLeft: outcome._tag === "left",
              mode: outcome._tag === "finished" ? outcome.mode : "",
              text: textAfter(outcome) ?? outcome._tag
            }))
            const different = cases.flatMap(({ keys, name, number, seed }, index) =>
              JSON.stringify(seen[index]) === JSON.stringify(typed[index])
                ? []
                : [{
                  where: `seed ${seed}, ${name}, ${number}: ${printKeys(keys)}`,
                  sandbox: seen[index],
                  typed: typed[index]
                }]
            )
            assert.deepStrictEqual(different, [])
            assert.isAbove(cases.length, perText * 35)
            // Against the outcome of another sequence most differ: the comparison can fail.
            const shuffled = seen.filter((end, index) =>
              JSON.stringify(end) !== JSON.stringify(typed[(index + perText) % typed.length])
            )
            assert.isAbove(shuffled.length, cases.length * 0.8)
          }).pipe(Effect.provide(layerWith(options))),
        600_000
      )
  )
})
