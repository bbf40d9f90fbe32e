/** A layer whose module is loaded when it is first built, so that `--help` does not pay for it. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

export const lazyLayer = <A, E, R>(load: () => Promise<Layer.Layer<A, E, R>>): Layer.Layer<A, E, R> =>
  // A module of ours that cannot be loaded is a broken installation: a bug, not an answer.
  Layer.unwrapEffect(Effect.promise(load))
