/** The Completer of a protocol, by its name. */
import type * as HttpClient from "@effect/platform/HttpClient"
import type * as Layer from "effect/Layer"
import type { Completer, CompleterProtocol } from "../../services/Completer.ts"
import type { CannotReadRows, Reader } from "../../services/Reader.ts"
import { chatProtocol } from "./chat.ts"
import { type HttpCompleterOptions, layer as httpLayer } from "./HttpCompleter.ts"
import { llamaCppProtocol } from "./llama-cpp.ts"
import { mistralProtocol } from "./mistral.ts"
import { ollamaProtocol } from "./ollama.ts"
import { openaiProtocol } from "./openai.ts"
import type { Protocol } from "./protocol.ts"
import { layer as replayLayer } from "./ReplayCompleter.ts"
import { tgiProtocol } from "./tgi.ts"
import { vllmProtocol } from "./vllm.ts"

const protocols: Readonly<Record<Exclude<CompleterProtocol, "replay">, Protocol>> = {
  "llama.cpp": llamaCppProtocol,
  vllm: vllmProtocol,
  openai: openaiProtocol,
  chat: chatProtocol,
  ollama: ollamaProtocol,
  mistral: mistralProtocol,
  tgi: tgiProtocol
}

/** The endpoint of "replay" is a file of answers; nothing else of the options concerns it. */
export const completerFor = (
  protocol: CompleterProtocol,
  options: HttpCompleterOptions
): Layer.Layer<Completer, CannotReadRows, HttpClient.HttpClient | Reader> =>
  protocol === "replay" ? replayLayer(options.endpoint) : httpLayer(protocols[protocol], options)
