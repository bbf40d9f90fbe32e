/** Runs what gives out states to be linted, with a linter that answers at once or one that has to be waited for. */
import * as Effect from "effect/Effect"
import type { LanguageLinter, LinterFailed } from "../../services/Linter.ts"
import type { Judged } from "./sample.ts"

/** After so much work at once this thread hears what else there is, such as a signal to stop. */
const stretchMillis = 50

export const judge = <A>(linter: LanguageLinter, start: () => Judged<A>): Effect.Effect<A, LinterFailed> =>
  Effect.gen(function*() {
    const clock = yield* Effect.clock
    const judged = start()
    let next = judged.next([])
    let rest = clock.unsafeCurrentTimeMillis() + stretchMillis
    while (next.done !== true) {
      next = judged.next(linter._tag === "immediate" ? linter.check(next.value) : yield* linter.check(next.value))
      if (clock.unsafeCurrentTimeMillis() < rest) continue
      yield* Effect.sleep("0 millis")
      rest = clock.unsafeCurrentTimeMillis() + stretchMillis
    }
    return next.value
  })
