/** Runs what gives out states to be linted, with a linter that answers at once or one that has to be waited for. */
import * as Effect from "effect/Effect"
import type { LanguageLinter, LinterFailed } from "../../services/Linter.ts"
import type { Judged } from "./sample.ts"

export const judge = <A>(linter: LanguageLinter, start: () => Judged<A>): Effect.Effect<A, LinterFailed> =>
  linter._tag === "immediate"
    ? Effect.sync(() => {
      const judged = start()
      let next = judged.next([])
      while (next.done !== true) next = judged.next(linter.check(next.value))
      return next.value
    })
    : Effect.gen(function*() {
      const judged = start()
      let next = judged.next([])
      while (next.done !== true) next = judged.next(yield* linter.check(next.value))
      return next.value
    })
