/** The Completer that a user names. */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type { CompleterProtocol } from "../../services/Completer.ts"
import { lazyLayer } from "./lazy-layer.ts"
import { WrongUsage } from "./problems.ts"
import { readers } from "./readers.ts"

/** Which model is asked, and how patiently. */
export interface ChosenModel {
  readonly protocol: CompleterProtocol
  /** An address; a path of a file where answers are replayed. */
  readonly endpoint: string
  /** "" for the one that the server runs. */
  readonly model: string
  readonly requests: number
  readonly requestTimeoutSeconds: number
  readonly retries: number
}

/** The key of a model server, or null where none is set; it is read from the environment, and from nowhere else. */
export const modelKey = Effect.map(
  // A key that is not set is no key; nothing else can go wrong with it.
  Effect.orDie(Config.option(Config.redacted("RETRACE_API_KEY"))),
  Option.getOrNull
)

/** Fails where the endpoint of a model is no address. */
export const checkEndpoint = Effect.fnUntraced(function*(
  { endpoint, protocol }: Pick<ChosenModel, "endpoint" | "protocol">,
  flag: string
) {
  if (protocol === "replay") return
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    return yield* new WrongUsage({ detail: `Cannot use ${flag} ${endpoint}: it takes an http or https address` })
  }
})

/** How long a server is left alone before it is asked again for the first time. */
const pauseMillis = 500

/** The layer of the model that was chosen. */
export const completerLayer = (chosen: ChosenModel) =>
  Layer.unwrapEffect(
    Effect.map(modelKey, (apiKey) =>
      lazyLayer(async () => {
        const [{ completerFor }, client] = await Promise.all([
          import("../../layers/completer/completer-for.ts"),
          import("@effect/platform-node/NodeHttpClient")
        ])
        return Layer.provide(
          completerFor(chosen.protocol, {
            endpoint: chosen.endpoint,
            model: chosen.model,
            isStreamed: true,
            concurrency: chosen.requests,
            timeoutMillis: chosen.requestTimeoutSeconds * 1000,
            apiKey,
            retries: chosen.retries,
            pauseMillis
          }),
          client.layer
        )
      }))
  ).pipe(Layer.provide(readers))
