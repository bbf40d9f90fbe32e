/** What a text says about how it is to be edited is text: no sandbox goes by it. */
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { layerBubblewrap } from "../../layers/sandbox/ForkServerSandbox.ts"
import { layer as layerPty } from "../../layers/sandbox/PtySandbox.ts"
import { parseKeys } from "../../services/keys/keystrokes.ts"
import { textAfter } from "../../services/keys/outcome.ts"
import { defaultLimits, Sandbox } from "../../services/Sandbox.ts"
import { withSandbox } from "../support/with-tools.ts"

/** Each changes what the keys below do, or what comes out, in a Vim that goes by it. */
const modelines = [
  "# vim: set noma:",
  "# vim: set ro noma :",
  "# vim: set ff=dos:",
  "# vim: set ff=mac bomb:",
  "# vim: tw=20",
  "# vim: set sw=3 et sts=3:",
  "# vim: set bin noeol:",
  "# vi:set ai ts=2:",
  "# ex: set noma:",
  "# vim600: set noma:",
  "# Vim: set noma:",
  "/* vim: set fenc=latin1 noma: */",
  "vim:noma",
  "# vim: set indentexpr=9 fo+=a tw=10:",
  "# vim: set foldmethod=expr foldexpr=execute('%d'):"
]

const keys = [
  "GA word and another word and more<CR>x<Esc>>>",
  ":e!<CR>GA word and another word and more<CR>x<Esc>>>",
  ":set modeline<CR>:e!<CR>GA word and another word and more<CR>x<Esc>>>",
  ":set modeline modelineexpr<CR>:doautocmd BufRead<CR>GA word and another word and more<CR>x<Esc>>>",
  ":w<CR>:e<CR>GA word and another word and more<CR>x<Esc>>>:wq<CR>"
].map((text) => Either.getOrThrow(parseKeys(text)))

const searchPath = process.env["PATH"] ?? ""
const sandboxes = [["confined", layerBubblewrap], ["restricted", layerPty]] as const

for (const [name, layerOf] of sandboxes) {
  withSandbox.describe(`a modeline, ${name}`, () => {
    it.live(
      "is obeyed neither at the head of a text nor at its end",
      () =>
        Effect.gen(function*() {
          const sandbox = yield* Sandbox
          const places = modelines.flatMap((line) => [
            { source: `${line}\nabc\n`, wanted: `${line}\nabc word and another word and more\n\tx\n` },
            { source: `a\n${line}\nabc\n`, wanted: `a\n${line}\nabc word and another word and more\n\tx\n` }
          ])
          const tried = places.flatMap(({ source, wanted }) => keys.map((keys) => ({ source, wanted, keys })))
          const outcomes = yield* sandbox.runAll(tried)
          assert.deepStrictEqual(
            outcomes.flatMap((outcome, index) => {
              const { keys = [], source = "", wanted = "" } = tried[index] ?? {}
              return textAfter(outcome) === wanted ? [] : [{ source, keys: keys.join(""), outcome }]
            }),
            []
          )
        }).pipe(Effect.provide(layerOf({ concurrency: 2, limits: defaultLimits, vimOptions: "defaults", searchPath }))),
      60_000
    )
  })
}
