/** Asks for what is no program of its own: grammars and a model server. */
import * as HttpClient from "@effect/platform/HttpClient"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Effect from "effect/Effect"
import { languageNamed, languageNames } from "../../services/text/language.ts"
import { Parser } from "../../services/Parser.ts"
import { lazyLayer } from "../shared/lazy-layer.ts"

/** Loads every grammar, as a run over code in all languages would. */
export const grammars = Effect.gen(function*() {
  const parser = yield* Parser
  const names = languageNames.filter((name) => languageNamed(name)?.hasGrammar === true)
  const broken = yield* Effect.filter(names, (name) =>
    parser.open(name).pipe(
      Effect.as(false),
      Effect.orElseSucceed(() => true)
    ))
  return broken.length === 0
    ? `${names.length} load`
    : `missing: ${broken.join(", ")} do not load; run pnpm install --force`
}).pipe(Effect.provide(lazyLayer(async () => (await import("../../layers/parser/TreeSitterParser.ts")).layer)))

const patience = "5 seconds"

/** Asks a server of OpenAI's protocol which models it has. */
export const endpoint = (address: string) =>
  Effect.gen(function*() {
    const client = yield* HttpClient.HttpClient
    const root = address.replace(/\/+$/, "")
    const response = yield* client.get(`${/\/v\d+\w*$/.test(root) ? root : `${root}/v1`}/models`)
    return response.status === 200
      ? "answers"
      : `answers ${response.status}: is it the root of the protocol, ending in /v1?`
  }).pipe(
    Effect.timeout(patience),
    Effect.orElseSucceed(() => "missing: nothing answers there; start the server that --predictor chat is to ask"),
    Effect.provide(NodeHttpClient.layer)
  )
