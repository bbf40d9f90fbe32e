/** Predictor that needs no model: a search over what Vim can do. See search/search.ts. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Compute } from "../../services/Compute.ts"
import { type Keystrokes, printKeys } from "../../services/keys/keystrokes.ts"
import type { VimOptionsName } from "../../services/keys/vim-options.ts"
import { noUsage, type Prediction, Predictor } from "../../services/Predictor.ts"
import { searchJob } from "./jobs.ts"
import { search } from "./search/search.ts"

const predictionOf = (ways: ReadonlyArray<Keystrokes>): Prediction => ({
  candidates: ways.map((keys) => ({ keys, transform: printKeys(keys) })),
  refused: {},
  usage: noUsage
})

/** Searches on this thread, for a Vim with these options. */
export const layer = (vimOptions: VimOptionsName): Layer.Layer<Predictor> =>
  Layer.succeed(
    Predictor,
    Predictor.of({
      concurrency: 1,
      predict: ({ count, edit: { source, target } }) =>
        Effect.sync(() => predictionOf(search({ source, target, count, vimOptions })))
    })
  )

/** Searches on the threads of Compute, for a Vim with these options. */
export const layerThreads = (vimOptions: VimOptionsName): Layer.Layer<Predictor, never, Compute> =>
  Layer.effect(
    Predictor,
    Effect.map(Compute, (compute) =>
      Predictor.of({
        // One more than there are threads, so that none waits for its next edit.
        concurrency: compute.concurrency + 1,
        predict: ({ count, edit: { source, target } }) =>
          compute.run(searchJob, { source, target, count, vimOptions }).pipe(
            // A search that throws is a bug of ours, whichever thread it ran on.
            Effect.catchTag("JobFailed", (failure) => Effect.die(failure)),
            Effect.map(predictionOf)
          )
      }))
  )
