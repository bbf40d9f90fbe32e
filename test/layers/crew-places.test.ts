/** Who is called next of the pieces that wait for their place. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { makePlaces } from "../../layers/crew/places.ts"

const piece = (name: string, weight: number) => ({ name, weight })

/** Has pieces wait behind one that holds all places, and returns what ran, in its order, with how many ran beside it. */
const orderOf = (count: number, pieces: ReadonlyArray<readonly [name: string, weight: number, isAlone: boolean]>) =>
  Effect.gen(function*() {
    const inPlace = makePlaces(count)
    const open = yield* Effect.makeLatch()
    const first = yield* Effect.fork(inPlace(piece("first", 0), true)(open.await))
    yield* Effect.yieldNow()
    const order: Array<string> = []
    let running = 0
    const fibers = yield* Effect.forEach(
      pieces,
      ([name, weight, isAlone]) =>
        Effect.fork(
          inPlace(piece(name, weight), isAlone)(Effect.gen(function*() {
            order.push(`${name} beside ${running}`)
            running++
            yield* Effect.yieldNow()
            running--
          }))
        )
    )
    yield* Effect.yieldNow()
    yield* open.open
    yield* Fiber.join(first)
    yield* Fiber.joinAll(fibers)
    return order
  })

describe("places", () => {
  it.effect("are given to the heaviest first", () =>
    Effect.gen(function*() {
      const order = yield* orderOf(1, [["light", 1, false], ["heavy", 9, false], ["middle", 5, false]])
      assert.deepStrictEqual(order, ["heavy beside 0", "middle beside 0", "light beside 0"])
    }))

  it.effect("are all given to a piece that must be alone", () =>
    Effect.gen(function*() {
      const order = yield* orderOf(3, [["a", 9, false], ["b", 8, false], ["alone", 7, true], ["c", 6, false]])
      assert.deepStrictEqual(order, ["a beside 0", "b beside 1", "alone beside 0", "c beside 0"])
    }))

  it.effect("are free again after failures and interruptions, and not taken by who waits no more", () =>
    Effect.gen(function*() {
      const inPlace = makePlaces(2)
      yield* Effect.flip(inPlace(piece("fails", 1), false)(Effect.fail("so")))
      const held = yield* Effect.fork(inPlace(piece("held", 1), true)(Effect.never))
      yield* Effect.yieldNow()
      const waits = yield* Effect.fork(inPlace(piece("waits", 9), true)(Effect.never))
      yield* Effect.yieldNow()
      yield* Fiber.interrupt(waits)
      yield* Fiber.interrupt(held)
      assert.strictEqual(yield* inPlace(piece("all", 1), true)(Effect.succeed("its places")), "its places")
    }))
})
