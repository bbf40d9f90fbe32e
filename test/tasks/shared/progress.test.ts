import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"
import { makeProgress } from "../../../tasks/shared/progress.ts"
import { Screen } from "../../../tasks/shared/terminal.ts"
import { makeScreen } from "../../support/screen.ts"

/** Lines of a run of a minute, which tells every second how far it is. */
const linesOf = (sizeAt: (done: number) => number) =>
  Effect.gen(function*() {
    const { screen, stderr } = makeScreen()
    const progress = yield* Effect.provideService(makeProgress(false), Screen, screen)
    for (let done = 10; done <= 600; done += 10) {
      yield* TestClock.adjust("1 second")
      yield* progress.advance({ done, size: sizeAt(done), rows: done, unit: "kB" })
    }
    yield* progress.end
    return stderr().trimEnd().split("\n")
  })

const sizes: Readonly<Record<string, (done: number) => number>> = {
  "known": () => 600,
  "not known": (done) => done,
  "that of packed rows": (done) => Math.max(100, done)
}

describe("progress where there is no terminal", () => {
  for (const [what, sizeAt] of Object.entries(sizes)) {
    it.effect(`is a line every few seconds, and a last one, for a size that is ${what}`, () =>
      Effect.gen(function*() {
        const lines = yield* linesOf(sizeAt)
        assert.isAtLeast(lines.length, 11)
        assert.isAtMost(lines.length, 13)
        assert.match(lines.at(-1) ?? "", /^600\/600 kB, 600 rows, 10 rows\/s$/)
      }))
  }
})
