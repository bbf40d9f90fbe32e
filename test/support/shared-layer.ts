/**
 * A layer that is built once for the tests of a suite. The way of @effect/vitest changes `it` for all files that share
 * its module, and files share modules here.
 */
import { afterAll, beforeAll } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"

/** Gives what provides the layer to a test of this suite. */
export const shareLayer = <R, E>(layer: Layer.Layer<R, E>) => {
  const runtime = ManagedRuntime.make(layer)
  beforeAll(async () => {
    await runtime.runtime()
  })
  afterAll(() => runtime.dispose())
  return <A, E2>(test: Effect.Effect<A, E2, R>): Effect.Effect<A, E | E2> => Effect.provide(test, runtime)
}
