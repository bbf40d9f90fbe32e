/** Predictor that knows its answers: candidates that were made elsewhere, by the id of their edit. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { editId } from "../../services/edits/edit-id.ts"
import { type Candidate, noUsage, Predictor } from "../../services/Predictor.ts"

/** How many edits are under way at once; answers cost nothing, so only the speed of the sandbox matters. */
const concurrency = 16

export const layer = (candidates: ReadonlyMap<string, ReadonlyArray<Candidate>>): Layer.Layer<Predictor> =>
  Layer.succeed(
    Predictor,
    Predictor.of({
      concurrency,
      predict: ({ count, edit }) =>
        Effect.sync(() => {
          const known = candidates.get(editId(edit))
          return {
            candidates: (known ?? []).slice(0, count),
            refused: known === undefined ? { "no candidate given": 1 } : {},
            usage: noUsage
          }
        })
    })
  )
