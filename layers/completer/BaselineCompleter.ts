/**
 * Completers that need no model: what is worth less than they are has learned nothing, and a new user sees with them what
 * an evaluation looks like. They fill gaps by the text around, and take nothing else.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Completer, CompleterRefused } from "../../services/Completer.ts"
import { type BaselineName, baselines } from "../../services/text/baseline-infills.ts"
import { cutAtStops } from "./gather.ts"

/** The baseline of a name. */
export const layer = (name: BaselineName): Layer.Layer<Completer> =>
  Layer.succeed(
    Completer,
    Completer.of({
      concurrency: 16,
      identity: Effect.succeed({ protocol: "baseline", model: name, server: "" }),
      complete: ({ asked, stops }) => {
        if (asked._tag !== "infill") {
          return new CompleterRefused({ endpoint: name, status: 400, detail: "a baseline fills gaps only" })
        }
        const whole = { text: baselines[name](asked.prefix, asked.suffix), ended: "stop" } as const
        const answer = cutAtStops(whole, stops.filter((stop) => stop !== ""))
        return Effect.succeed({ ...answer, promptTokens: null, answerTokens: null, millis: 0, firstMillis: null })
      },
      likelihood: null
    })
  )
