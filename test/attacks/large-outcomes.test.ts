/**
 * Attempts that leave as much as they may, or speak without end: what is held of them stays small, the time that their
 * outcomes take counts for no other attempt, and a recording ends.
 */
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { layerBubblewrap } from "../../layers/sandbox/ForkServerSandbox.ts"
import { keysOfText } from "../../services/keys/keystrokes.ts"
import { defaultLimits, Sandbox } from "../../services/Sandbox.ts"
import { ex } from "../support/hostile-keys.ts"
import { shareLayer } from "../support/shared-layer.ts"
import { withTools } from "../support/with-tools.ts"

const limits = { ...defaultLimits, wallMillis: 3000 }
const layer = layerBubblewrap({ concurrency: 1, limits, vimOptions: "defaults", searchPath: process.env["PATH"] ?? "" })
const honest = { source: "one two\n", keys: keysOfText("x") }
const characters = 3_000_000
const large = { source: "a\n", keys: ex(`call setline(1, repeat("\\x81", ${characters}))`) }

/** Keeps this program from doing anything else. */
const block = (millis: number) => {
  const until = performance.now() + millis
  while (performance.now() < until);
}

withTools("vim", "bwrap", "node-pty").describe("the sandbox and its host", () => {
  const inSandbox = shareLayer(layer)

  it.live("does not hold many large outcomes at once", () =>
    Effect.gen(function*() {
      const sandbox = yield* Sandbox
      const ends: Array<number> = []
      const lengths = yield* Effect.forEach(Array.from({ length: 6 }), () =>
        Effect.map(sandbox.run(large), (outcome) => {
          ends.push(performance.now())
          return "text" in outcome ? outcome.text.length : 0
        }), { concurrency: "unbounded" })
      assert.deepStrictEqual(lengths, Array.from({ length: 6 }, () => characters + 1))
      // Two are more than what is held; an attempt takes longer than the outcomes of one canary are apart.
      assert.isAbove((ends[2] ?? 0) - (ends[1] ?? 0), 5)
      assert.isAbove((ends[4] ?? 0) - (ends[3] ?? 0), 5)
    }).pipe(inSandbox), 40_000)

  it.live("does not count the time in which the host could not look", () =>
    Effect.gen(function*() {
      const sandbox = yield* Sandbox
      assert.deepInclude(yield* sandbox.run(honest), { _tag: "finished", text: "ne two\n" })
      const typing = yield* Effect.fork(sandbox.run(honest))
      yield* Effect.yieldNow()
      block(limits.wallMillis + 500)
      assert.deepInclude(yield* Fiber.join(typing), { _tag: "finished", text: "ne two\n" })
    }).pipe(inSandbox), 30_000)

  it.live.each([
    ["the number of a key", "0"],
    ["a screen", "{\"screen\":[]}"],
    ["a report of a Vim that leaves", "[\"[\\\"0\\\",\\\"left\\\",0,0,0,\\\"file\\\",0,0,0,0]\",[]]"],
    ["nothing that a script says", "x"]
  ])("ends a recording whose keys say %s again and again", ([, said]) =>
    Effect.gen(function*() {
      const sandbox = yield* Sandbox
      const started = performance.now()
      const words = `"\\<Esc>]5522;" . '${said}' . "\\x07"`
      const keys = ex(`while 1 | call echoraw(${words}) | sleep 20m | endwhile`)
      const { outcome } = yield* sandbox.record({ source: "a\n", keys }, { columns: 80, rows: 24 })
      assert.include(["killed", "crashed"], outcome._tag)
      assert.isBelow(performance.now() - started, 20_000)
    }).pipe(inSandbox), 40_000)
})
