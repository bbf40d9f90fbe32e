/**
 * Completer that knows its answers: a file of rows that have a prompt, a prefix and a suffix, or what a user says, each
 * with the answer to it. Of several answers to one question, the first counts. Rows of a dataset are such a file, too:
 * their completions are the answers of a model that is always right.
 */
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { type AskedText, Completer, CompleterRefused, type ModelAnswer } from "../../services/Completer.ts"
import { type CannotReadRows, Reader } from "../../services/Reader.ts"
import { fingerprintOf } from "../../services/text/random.ts"
import { cutAtStops } from "./gather.ts"

/** How many questions are under way at once; answers cost nothing. */
const concurrency = 16

const Answered = Schema.Struct({
  prompt: Schema.optional(Schema.String),
  prefix: Schema.optional(Schema.String),
  suffix: Schema.optional(Schema.String),
  system: Schema.optional(Schema.NullOr(Schema.String)),
  user: Schema.optional(Schema.String),
  answer: Schema.optional(Schema.String),
  completion: Schema.optional(Schema.String),
  chosen: Schema.optional(Schema.String),
  /** False for an answer that is not wanted, which no row asks for. */
  label: Schema.optional(Schema.Boolean),
  /** "stop" where it does not say. */
  ended: Schema.optional(Schema.Literal("stop", "length", "unknown"))
})

const decodeAnswered = Schema.decodeUnknownOption(Answered)

/** What one question is told from others by. */
const keyOf = (asked: AskedText): string => {
  switch (asked._tag) {
    case "raw":
      return JSON.stringify([asked.prompt])
    case "infill":
      return JSON.stringify([asked.prefix, asked.suffix])
    case "chat":
      return JSON.stringify([asked.system, asked.user, "chat"])
  }
}

const askedIn = ({ prefix, prompt, suffix, system, user }: typeof Answered.Type): AskedText | undefined =>
  prompt !== undefined
    ? { _tag: "raw", prompt }
    : user !== undefined
    ? { _tag: "chat", system: system ?? null, user }
    : prefix !== undefined && suffix !== undefined
    ? { _tag: "infill", prefix, suffix }
    : undefined

interface KnownAnswer {
  readonly text: string
  readonly ended: ModelAnswer["ended"]
}

const readAnswers = Effect.fnUntraced(function*(file: string) {
  const answers = new Map<string, KnownAnswer>()
  const rows = yield* (yield* Reader).open(file)
  const batches = yield* Stream.runCollect(rows.scan({ from: 0, holding: null }))
  for (const { row } of Chunk.toReadonlyArray(batches).flat()) {
    const read = row._tag === "row" ? Option.getOrUndefined(decodeAnswered(row.value)) : undefined
    const asked = read === undefined ? undefined : askedIn(read)
    const text = read?.answer ?? read?.completion ?? read?.chosen
    if (asked === undefined || text === undefined || read?.label === false) continue
    const key = keyOf(asked)
    if (!answers.has(key)) answers.set(key, { text, ended: read?.ended ?? "stop" })
  }
  return answers
}, Effect.scoped)

const make = (file: string) =>
  Effect.map(readAnswers(file), (answers) => {
    const identity = {
      protocol: "replay",
      model: file.replace(/^.*[\\/]/, ""),
      server: fingerprintOf([...answers].flatMap(([key, { ended, text }]) => [key, text, ended]))
    }
    const complete: Completer["Type"]["complete"] = ({ asked, stops }) => {
      const known = answers.get(keyOf(asked))
      if (known === undefined) {
        return new CompleterRefused({ endpoint: file, status: 400, detail: "it has no answer to this prompt" })
      }
      const cut = cutAtStops(known, stops.filter((stop) => stop !== ""))
      return Effect.succeed({ ...cut, promptTokens: null, answerTokens: null, millis: 0, firstMillis: null })
    }
    return Completer.of({ concurrency, identity: Effect.succeed(identity), complete, likelihood: null })
  })

/** Answers out of a file of rows. */
export const layer = (file: string): Layer.Layer<Completer, CannotReadRows, Reader> =>
  Layer.effect(Completer, make(file))
