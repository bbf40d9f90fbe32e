/** Callers that do not wait any more: what they asked for is not typed to its end, and nobody else notices. */
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { layerBubblewrap } from "../../layers/sandbox/ForkServerSandbox.ts"
import { keysOfText } from "../../services/keys/keystrokes.ts"
import { defaultLimits, Sandbox } from "../../services/Sandbox.ts"
import { withTools } from "../support/with-tools.ts"

/** So long that an attempt which is typed to its end is noticed. */
const limits = { ...defaultLimits, wallMillis: 20_000 }
const noticedMillis = 10_000

/** Keys that keep Vim busy until its time is up. */
const endless = { source: "a\n", keys: keysOfText(":while 1\r:endwhile\r") }
const brief = { source: "abc\n", keys: keysOfText("x") }
const slow = { source: "abc\n", keys: keysOfText(":sleep 200m\rxx") }

const withSandbox = <A>(use: (sandbox: Sandbox["Type"]) => Effect.Effect<A, unknown>, concurrency = 1) =>
  Effect.gen(function*() {
    const started = performance.now()
    yield* Effect.flatMap(Sandbox, use)
    assert.isBelow(performance.now() - started, noticedMillis)
  }).pipe(
    Effect.provide(
      layerBubblewrap({ concurrency, limits, vimOptions: "defaults", searchPath: process.env["PATH"] ?? "" })
    )
  )

withTools("vim", "bwrap").describe("a caller that is interrupted", () => {
  it.live("stops the keys that are being typed, and the next attempt is right", () =>
    withSandbox((sandbox) =>
      Effect.gen(function*() {
        for (let times = 0; times < 3; times++) {
          yield* Effect.timeoutOption(sandbox.run(endless), "100 millis")
          assert.deepInclude(yield* sandbox.run(brief), { _tag: "finished", text: "bc\n" })
        }
      })
    ))

  it.live("takes back what waits behind another, whose outcome is its own", () =>
    withSandbox((sandbox) =>
      Effect.gen(function*() {
        const first = yield* Effect.fork(sandbox.run(slow))
        const behind = yield* Effect.fork(sandbox.run(endless))
        yield* Effect.yieldNow()
        yield* Fiber.interrupt(behind)
        const last = yield* Effect.fork(sandbox.run(brief))
        assert.deepInclude(yield* Fiber.join(first), { _tag: "finished", text: "c\n" })
        assert.deepInclude(yield* Fiber.join(last), { _tag: "finished", text: "bc\n" })
      })
    ))

  it.live("takes back what waits in the queue", () =>
    withSandbox((sandbox) =>
      Effect.gen(function*() {
        const before = yield* Effect.forEach([slow, slow], (attempt) => Effect.fork(sandbox.run(attempt)))
        const queued = yield* Effect.forEach([1, 2, 3], () => Effect.fork(sandbox.run(endless)))
        const last = yield* Effect.fork(sandbox.run(brief))
        yield* Effect.yieldNow()
        yield* Fiber.interruptAll(queued)
        for (const fiber of before) assert.deepInclude(yield* Fiber.join(fiber), { text: "c\n" })
        assert.deepInclude(yield* Fiber.join(last), { text: "bc\n" })
      })
    ))

  it.live("takes a whole batch with it", () =>
    withSandbox(
      (sandbox) =>
        Effect.gen(function*() {
          const attempts = Array.from({ length: 40 }, () => endless)
          yield* Effect.timeoutOption(sandbox.runAll(attempts), "150 millis")
          const outcomes = yield* sandbox.runAll(Array.from({ length: 40 }, () => brief))
          for (const outcome of outcomes) assert.deepInclude(outcome, { _tag: "finished", text: "bc\n" })
        }),
      2
    ))
})
