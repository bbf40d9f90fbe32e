/** Opens the models that are asked. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Completer } from "../../services/Completer.ts"
import { withoutPasswords } from "../../services/text/showable.ts"
import { checkEndpoint, completerLayer } from "../shared/completers.ts"
import { lazyLayer } from "../shared/lazy-layer.ts"
import { WrongUsage } from "../shared/problems.ts"
import type { AskedModel } from "./ask-rows.ts"
import type { EvaluateAnswers } from "./asked.ts"
import { type ModelSpec, parseModelSpec } from "./model-spec.ts"

type Patience = Pick<EvaluateAnswers, "requests" | "requestTimeoutSeconds" | "retries">

/** Opens a model by the name that a user gives it, and asks what its server runs. */
export const openModel = Effect.fn("evaluate.openModel")(function*(typed: string, patience: Patience) {
  const spec = parseModelSpec(typed)
  if (spec === undefined) return yield* new WrongUsage({ detail: `Cannot use the model ${typed}` })
  if (spec._tag === "served") yield* checkEndpoint(spec, "--model")
  const context = yield* Layer.build(layerOf(spec, patience))
  const completer = yield* Effect.provide(Completer, context)
  const model: AskedModel = {
    name: withoutPasswords(typed),
    spec,
    completer,
    identity: yield* completer.identity,
    turn: 0
  }
  return model
})

const layerOf = (spec: ModelSpec, { requestTimeoutSeconds, requests, retries }: Patience) =>
  spec._tag === "baseline"
    ? lazyLayer(async () => (await import("../../layers/completer/BaselineCompleter.ts")).layer(spec.name))
    : completerLayer({
      protocol: spec.protocol,
      endpoint: spec.endpoint,
      model: spec.model,
      requests,
      requestTimeoutSeconds,
      retries
    })
