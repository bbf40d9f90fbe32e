/** Asks a chat server for several answers at once. */
import type * as HttpClient from "@effect/platform/HttpClient"
import * as Effect from "effect/Effect"
import type { ChatMessage } from "../../../services/formats/keystroke-chat.ts"
import { versionedAddress } from "../../model-server/addresses.ts"
import {
  makeModelServer,
  type ModelServerOptions,
  type RequestRefused,
  type ServerUnavailable
} from "../../model-server/server.ts"
import { type Completion, makePieceReader, readCompletion } from "./completion.ts"

export interface ChatServerOptions extends ModelServerOptions {
  /** Root of the protocol ("http://127.0.0.1:8000/v1"), or the whole address of its chat completions. */
  readonly endpoint: string
  readonly model: string
  readonly temperature: number
  /** The most tokens that one answer may have. */
  readonly maxTokens: number
  readonly isStreamed: boolean
}

export interface ChatServer {
  /** Asks for `count` answers at once; `onRequest` is called for each request that is sent. */
  readonly complete: (
    messages: ReadonlyArray<ChatMessage>,
    count: number,
    onRequest: () => void
  ) => Effect.Effect<Completion, ServerUnavailable | RequestRefused>
}

export const makeChatServer = (client: HttpClient.HttpClient, options: ChatServerOptions): Effect.Effect<ChatServer> =>
  Effect.map(makeModelServer(client, options), ({ exchange }) => ({
    complete: (messages, count, onRequest) =>
      Effect.map(
        exchange({
          url: versionedAddress(options.endpoint, "/chat/completions"),
          body: {
            model: options.model,
            messages,
            temperature: options.temperature,
            max_tokens: options.maxTokens,
            ...(count > 1 ? { n: count } : {}),
            ...(options.isStreamed ? { stream: true, stream_options: { include_usage: true } } : {})
          },
          read: (text) => ({ _tag: "said", value: readCompletion(text) }),
          inPieces: options.isStreamed ? makePieceReader : null,
          onRequest
        }),
        ({ value }) => value
      )
  }))
