/** A program that takes the lock that each line of its input names, says how that went, and gives it back at the next. */
import { createInterface } from "node:readline"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as TestContext from "effect/TestContext"
import { lock } from "../../layers/writer/lock.ts"
import { hurried } from "./hurried.ts"

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()

for (let line = await lines.next(); line.done !== true; line = await lines.next()) {
  const path = line.value
  await Effect.runPromise(
    Effect.scoped(Effect.gen(function*() {
      const taken = yield* Effect.either(hurried(lock(path, path)))
      process.stdout.write(Either.isRight(taken) ? "taken\n" : `${taken.left.message}\n`)
      yield* Effect.promise(() => lines.next())
    })).pipe(Effect.provide(TestContext.TestContext))
  )
  process.stdout.write("given back\n")
}
