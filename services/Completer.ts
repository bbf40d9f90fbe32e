/** Completer: asks a language model what comes next, with the very text that it was trained on. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { ExitCode } from "./faults/exit-code.ts"

/** The protocols that a model can be asked in; "replay" is a file of answers. */
export const completerProtocols = [
  "llama.cpp",
  "vllm",
  "openai",
  "chat",
  "ollama",
  "mistral",
  "tgi",
  "replay"
] as const

/** The name of a protocol. */
export type CompleterProtocol = (typeof completerProtocols)[number]

/** Asks one model behind one server. */
export class Completer extends Context.Tag("retrace/Completer")<Completer, {
  /** How many questions are worth asking at once; more callers wait. */
  readonly concurrency: number
  /** What the server says that it runs. It is asked once, and the same answer is given from then on. */
  readonly identity: Effect.Effect<ModelIdentity, CompleterUnavailable | CompleterRefused>
  /**
   * Asks for one answer. What may succeed later is repeated before it fails; whoever is interrupted ends the request,
   * so that the server stops writing.
   */
  readonly complete: (
    question: ModelQuestion
  ) => Effect.Effect<ModelAnswer, CompleterUnavailable | CompleterRefused>
  /** Returns how likely the model finds a text behind a prompt; null where its server cannot say. */
  readonly likelihood:
    | ((prompt: string, text: string) => Effect.Effect<TextLikelihood, CompleterUnavailable | CompleterRefused>)
    | null
}>() {}

/** What a server says that it runs: answers that are kept belong to it, and to no other. */
export interface ModelIdentity {
  /** The protocol that it is asked in, such as "llama.cpp". */
  readonly protocol: string
  /** The model by the server's own name for it; "" where it does not say. */
  readonly model: string
  /** The build of the server; "" where it does not say. */
  readonly server: string
}

/** What a model is asked: to go on with a text, to fill a gap by the server's own template, or to answer in a chat. */
export type AskedText =
  | { readonly _tag: "raw"; readonly prompt: string }
  | { readonly _tag: "infill"; readonly prefix: string; readonly suffix: string }
  | { readonly _tag: "chat"; readonly system: string | null; readonly user: string }

/** A question, with all that decides its answer: servers differ in what they take for granted. */
export interface ModelQuestion {
  readonly asked: AskedText
  /** Tokens of the answer at the most. */
  readonly maxTokens: number
  /** Strings that end the answer; none of them is part of it. */
  readonly stops: ReadonlyArray<string>
  /** 0 is greedy. */
  readonly temperature: number
  readonly seed: number
}

/** What a model answered. */
export interface ModelAnswer {
  readonly text: string
  /** Why it ended: at its own end token or one of the stops, at the limit of tokens, or for a reason that is not told. */
  readonly ended: "stop" | "length" | "unknown"
  /** Null where the server does not say. */
  readonly promptTokens: number | null
  readonly answerTokens: number | null
  /** Milliseconds from the question to the whole answer; to its first piece, or null where it came whole. */
  readonly millis: number
  readonly firstMillis: number | null
}

/** How likely a model finds a text. */
export interface TextLikelihood {
  /** The sum of the natural logarithms of its tokens' probabilities. */
  readonly logProbability: number
  readonly tokens: number
}

/** The server cannot answer now; the same question may be answered later. */
export class CompleterUnavailable extends Schema.TaggedError<CompleterUnavailable>()("CompleterUnavailable", {
  endpoint: Schema.String,
  detail: Schema.String
}) {
  readonly exitCode = ExitCode.Unavailable
  override get message() {
    return `Cannot reach the model server at "${this.endpoint}": ${this.detail}`
  }
}

/** The server does not take this question, and will not take it later. */
export class CompleterRefused extends Schema.TaggedError<CompleterRefused>()("CompleterRefused", {
  endpoint: Schema.String,
  /** The status of its answer; 400 for a question that its protocol cannot ask. */
  status: Schema.Number,
  detail: Schema.String
}) {
  readonly exitCode = ExitCode.BadInput
  override get message() {
    return `Cannot get an answer from "${this.endpoint}": ${this.detail}`
  }
}
