/** Predictor that needs no model: a search over what Vim can do. See search/search.ts. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Predictor } from "../../services/Predictor.ts"
import { search } from "./search/search.ts"

export const layer: Layer.Layer<Predictor> = Layer.succeed(
  Predictor,
  Predictor.of({
    predict: ({ count, edit }) => Effect.sync(() => search(edit.source, edit.target, count))
  })
)
