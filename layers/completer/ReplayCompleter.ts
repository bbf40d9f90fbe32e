/**
 * Completer that knows its answers: a file of rows that have a prompt, a prefix and a suffix, or what a user says, each
 * with the answer to it. Of several answers to one question, the first counts. Rows of a dataset are such a file, too, of
 * whatever type and for whatever trainer: their right answers are those of a model that is always right.
 */
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { type AskedText, Completer, CompleterRefused, type ModelAnswer } from "../../services/Completer.ts"
import { readEvaluationRow } from "../../services/evaluation-sets/sets.ts"
import { withoutBegin } from "../../services/formats/base-models.ts"
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
      // Some rows begin as their model's tokenizer begins every text.
      return JSON.stringify([withoutBegin(asked.prompt)])
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

/** Returns what a row says, and to what; undefined where it says nothing, or nothing that is wanted. */
const answerIn = (
  row: unknown
): { readonly asked: AskedText; readonly text: string; readonly ended: Ended } | undefined => {
  const said = Option.getOrUndefined(decodeAnswered(row))
  if (said?.label === false) return undefined
  const asked = said === undefined ? undefined : askedIn(said)
  const text = said?.answer ?? said?.completion ?? said?.chosen
  if (asked !== undefined && text !== undefined) return { asked, text, ended: said?.ended ?? "stop" }
  const own = readEvaluationRow(row)
  if (own._tag === "infill" && own.prompt !== null) {
    return { asked: { _tag: "raw", prompt: own.prompt }, text: own.gold, ended: "stop" }
  }
  return own._tag === "edit" && own.asked !== null
    ? { asked: { _tag: "raw", prompt: own.asked.shown.prompt }, text: own.asked.completion, ended: "stop" }
    : undefined
}

type Ended = ModelAnswer["ended"]

interface KnownAnswer {
  readonly text: string
  readonly ended: Ended
}

const readAnswers = Effect.fnUntraced(function*(file: string) {
  const answers = new Map<string, KnownAnswer>()
  const rows = yield* (yield* Reader).open(file)
  const batches = yield* Stream.runCollect(rows.scan({ from: 0, holding: null }))
  for (const { row } of Chunk.toReadonlyArray(batches).flat()) {
    const read = row._tag === "row" ? answerIn(row.value) : undefined
    if (read === undefined) continue
    const key = keyOf(read.asked)
    if (!answers.has(key)) answers.set(key, { text: read.text, ended: read.ended })
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
