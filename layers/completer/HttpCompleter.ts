/** Completer that asks a model server over HTTP, in one of the protocols of this room. */
import * as HttpClient from "@effect/platform/HttpClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import {
  Completer,
  CompleterRefused,
  CompleterUnavailable,
  type ModelIdentity,
  type ModelQuestion
} from "../../services/Completer.ts"
import { withoutPasswords } from "../../services/text/showable.ts"
import { faultUnderSuccess, inOneLine } from "../model-server/problem.ts"
import { type Exchange, makeModelServer, type ModelServer, type ModelServerOptions } from "../model-server/server.ts"
import { gatherPieces, readWhole } from "./gather.ts"
import type { Protocol, Talk } from "./protocol.ts"

export interface HttpCompleterOptions extends ModelServerOptions {
  /** The host, the root of the protocol, or one of its addresses. */
  readonly endpoint: string
  /** The model's name on the server; "" for the one that it runs. */
  readonly model: string
  /** Streamed answers tell when their first piece came, and have their time a piece. */
  readonly isStreamed: boolean
}

const make = (protocol: Protocol, options: HttpCompleterOptions) =>
  Effect.gen(function*() {
    const server = yield* makeModelServer(yield* HttpClient.HttpClient, options)
    const turn = yield* Effect.makeSemaphore(1)
    const talk = makeTalk(server, options)
    let known: ModelIdentity | undefined

    /** Asked once; who comes while it is under way waits for the same answer. */
    const identity = turn.withPermits(1)(Effect.suspend(() =>
      known === undefined
        ? Effect.map(protocol.identity(talk), (said) => known = { protocol: protocol.name, ...said })
        : Effect.succeed(known)
    ))

    /** The talk with the name of the model: a server that runs one knows it. */
    const named = options.model === ""
      ? Effect.map(identity, ({ model }): Talk => ({ ...talk, model }))
      : Effect.succeed(talk)

    const { likelihood } = protocol
    return Completer.of({
      concurrency: options.concurrency,
      identity,
      complete: Effect.fn("Completer.complete")(function*(question) {
        const stops = question.stops.filter((stop) => stop !== "")
        return yield* protocol.complete(yield* named, { ...question, stops })
      }),
      likelihood: likelihood === null
        ? null
        : Effect.fn("Completer.likelihood")(function*(prompt, text) {
          return yield* likelihood(yield* named, prompt, text)
        })
    })
  })

const makeTalk = (server: ModelServer, { endpoint, isStreamed, model }: HttpCompleterOptions): Talk => {
  const shown = withoutPasswords(endpoint)
  const exchange = <A>(asked: Exchange<A>) =>
    server.exchange(asked).pipe(Effect.catchTags({
      ServerUnavailable: ({ detail }) => new CompleterUnavailable({ endpoint: shown, detail }),
      RequestRefused: ({ detail, status }) => new CompleterRefused({ endpoint: shown, status, detail })
    }))

  const json: Talk["json"] = (url, body, form) => {
    const decode = Schema.decodeUnknownOption(form)
    return Effect.map(
      exchange({
        url,
        body,
        read: (text) => {
          const value = Option.getOrUndefined(parseJson(text))
          return faultUnderSuccess(value) ?? Option.match(decode(value), {
            onNone: () => ({
              _tag: "failed",
              status: 200,
              detail: `it answers something else than this protocol does: ${inOneLine(text)}`
            }),
            onSome: (said) => ({ _tag: "said", value: said })
          })
        },
        inPieces: null
      }),
      ({ value }) => value
    )
  }

  const ask: Talk["ask"] = ({ stops }: ModelQuestion, as) =>
    Effect.map(
      exchange({
        url: as.url,
        body: as.body,
        read: (text) => readWhole(text, as, stops),
        inPieces: isStreamed ? () => gatherPieces(as, stops) : null
      }),
      ({ firstMillis, millis, value: { answerTokens, ended, promptTokens, text } }) => ({
        text,
        ended: ended ?? "unknown",
        promptTokens,
        answerTokens,
        millis,
        firstMillis
      })
    )

  const refuse: Talk["refuse"] = (detail) => new CompleterRefused({ endpoint: shown, status: 400, detail })

  return { endpoint, model, isStreamed, json, ask, refuse }
}

const parseJson = Schema.decodeUnknownOption(Schema.parseJson())

export const layer = (
  protocol: Protocol,
  options: HttpCompleterOptions
): Layer.Layer<Completer, never, HttpClient.HttpClient> => Layer.effect(Completer, make(protocol, options))
