/** The model that the flags name, or why they name none. */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import { dialectNamed, dialects } from "../../../services/next-edit/dialects/all.ts"
import { dialectOfModel } from "../../../services/next-edit/model-dialect.ts"
import type { AnswersTo } from "../../shared/asked/asked.ts"
import { parserLayer } from "../../shared/layers.ts"
import { lazyLayer } from "../../shared/lazy-layer.ts"
import { WrongUsage } from "../../shared/problems.ts"
import { readers } from "../../shared/readers.ts"
import type { asked } from "../asked.ts"
import { makeEditModel } from "./edit-model.ts"

type ModelAnswers = Pick<
  AnswersTo<typeof asked>,
  "nextEdit" | "nextEditModel" | "nextEditProtocol" | "nextEditTimeout"
>

/** Requests under way at once: one for each buffer of a few clients. */
const concurrency = 32

/** Makes the model of --next-edit for the scope; null where it is not asked for. */
export const editModelFor = Effect.fnUntraced(function*(answers: ModelAnswers) {
  const { nextEdit: endpoint, nextEditModel: model, nextEditProtocol: protocol, nextEditTimeout } = answers
  if (endpoint === undefined) {
    if (model === undefined) return null
    return yield* new WrongUsage({
      detail: "Cannot use --next-edit-model alone: pass --next-edit with the URL of its server"
    })
  }
  const reason = reasonAgainstEndpoint(endpoint)
  if (reason !== undefined) return yield* new WrongUsage({ detail: `Cannot use --next-edit: ${reason}` })
  const dialect = model === undefined ? undefined : dialectOfModel(model)
  if (model === undefined || dialect === undefined) {
    const names = dialects.map(({ name }) => name).join(", ")
    return yield* new WrongUsage({
      detail: model === undefined
        ? `Cannot ask for edits without knowing the model: pass --next-edit-model, such as ${names}`
        : `Cannot ask "${model}" for edits: no model of next edits is known by this name; pass ${names}, or the name of a ` +
          "model that was trained on one of them"
    })
  }
  const apiKey = yield* Effect.orDie(Config.option(Config.redacted("RETRACE_API_KEY")))
  const timeoutMillis = nextEditTimeout * 1000
  const options = {
    endpoint,
    // A dialect is the name of no model: the server knows what it runs.
    model: dialectNamed(model) === undefined ? model : "",
    isStreamed: false,
    concurrency,
    timeoutMillis,
    apiKey: Option.getOrNull<Redacted.Redacted>(apiKey),
    // Who types does not wait for a server that fails: the next key asks again.
    retries: 0,
    pauseMillis: 0
  }
  const completer = lazyLayer(async () => {
    const [{ completerFor }, client] = await Promise.all([
      import("../../../layers/completer/completer-for.ts"),
      import("@effect/platform-node/NodeHttpClient")
    ])
    // Only a file of answers is read as rows, and no flag here takes one.
    return Layer.orDie(Layer.provide(completerFor(protocol, options), Layer.merge(client.layer, readers)))
  })
  const context = yield* Layer.build(Layer.merge(completer, parserLayer))
  return yield* Effect.provide(makeEditModel({ dialect, timeoutMillis, isChat: protocol === "chat" }), context)
})

/** Nothing of a URL that may hold a secret is repeated. */
const reasonAgainstEndpoint = (endpoint: string): string | undefined => {
  const url = /^https?:\/\/./i.test(endpoint) && URL.canParse(endpoint) ? new URL(endpoint) : undefined
  if (url === undefined) {
    return `it takes a URL such as http://127.0.0.1:8080${endpoint.includes("@") ? "" : `, and not "${endpoint}"`}`
  }
  return url.username === "" && url.password === ""
    ? undefined
    : "a name or password in its URL can be read by every program of this machine; put a key into RETRACE_API_KEY instead"
}
