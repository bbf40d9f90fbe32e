/**
 * What a protocol has to say about itself: which questions it takes and as what bodies, how its answers are read, and
 * what its server says that it runs. How a server is talked to is the same for all of them.
 */
import type * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type {
  CompleterRefused,
  CompleterUnavailable,
  ModelAnswer,
  ModelIdentity,
  ModelQuestion,
  TextLikelihood
} from "../../services/Completer.ts"

/** What one JSON value of an answer holds: all of an answer that comes whole, or a piece of a streamed one. */
export interface AnswerPiece {
  /** Null where it holds no text of the answer, but counts or another choice. */
  readonly text: string | null
  /** Whether `text` is the whole text, whatever came before. */
  readonly isWhole?: boolean
  /** Null while more is to come. */
  readonly ended: ModelAnswer["ended"] | null
  readonly promptTokens: number | null
  readonly answerTokens: number | null
  /** What of the question was lost without an error; null for nothing. */
  readonly lost?: string | null
}

/** One question as a protocol asks it. */
export interface AskedAs {
  readonly url: string
  readonly body: unknown
  /** How a streamed answer is laid out: server-sent events, or a JSON value a line. */
  readonly framing: "events" | "lines"
  /** Reads a JSON value of the answer; undefined where it is none of this protocol. */
  readonly read: (value: unknown) => AnswerPiece | undefined
}

export type CompleterFailure = CompleterUnavailable | CompleterRefused

/** How a protocol reaches its server. */
export interface Talk {
  readonly endpoint: string
  /** The model that is asked for; "" for the one that the server runs. */
  readonly model: string
  readonly isStreamed: boolean
  /** Asks for JSON of a form: by GET where there is no body. */
  readonly json: <A, I>(url: string, body: unknown, form: Schema.Schema<A, I>) => Effect.Effect<A, CompleterFailure>
  /** Asks a question. */
  readonly ask: (question: ModelQuestion, as: AskedAs) => Effect.Effect<ModelAnswer, CompleterFailure>
  /** A question that this protocol cannot ask, and why. */
  readonly refuse: (detail: string) => CompleterRefused
}

export interface Protocol {
  readonly name: string
  readonly identity: (talk: Talk) => Effect.Effect<Omit<ModelIdentity, "protocol">, CompleterFailure>
  readonly complete: (talk: Talk, question: ModelQuestion) => Effect.Effect<ModelAnswer, CompleterFailure>
  readonly likelihood:
    | ((talk: Talk, prompt: string, text: string) => Effect.Effect<TextLikelihood, CompleterFailure>)
    | null
}

/** Says which questions a protocol takes. */
export const takesOnly = (talk: Talk, asked: ModelQuestion["asked"], what: string): CompleterRefused =>
  talk.refuse(
    `it takes ${what}, not ${asked._tag === "raw" ? "a text as it is" : asked._tag === "chat" ? "a chat" : "a gap"}`
  )
