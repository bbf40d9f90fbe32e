/**
 * What was answered, kept as it comes: one line an answer, appended and never changed. A question that was answered before
 * is not asked again; a line that a kill cut off counts as not written.
 */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { ModelIdentity, ModelQuestion } from "../../services/Completer.ts"
import { fingerprint } from "../../services/text/random.ts"
import type { CannotWrite } from "../../services/Writer.ts"
import { orCannotWrite } from "../shared/whole-file.ts"

const Answer = Schema.Struct({
  _tag: Schema.Literal("answered"),
  text: Schema.String,
  ended: Schema.Literal("stop", "length", "unknown"),
  promptTokens: Schema.NullOr(Schema.Number),
  answerTokens: Schema.NullOr(Schema.Number),
  millis: Schema.Number,
  firstMillis: Schema.NullOr(Schema.Number)
})

/** The server takes no such question, and will not take it later. */
const Refusal = Schema.Struct({ _tag: Schema.Literal("refused"), detail: Schema.String })

const Likelihood = Schema.Struct({
  _tag: Schema.Literal("likelihood"),
  logProbability: Schema.Number,
  tokens: Schema.Number
})

const KeptAnswer = Schema.Union(Answer, Refusal, Likelihood)
/** What came of a question. */
export type KeptAnswer = typeof KeptAnswer.Type

const JournalLine = Schema.Struct({ key: Schema.String, kept: KeptAnswer })

const decodeLine = Schema.decodeUnknownOption(Schema.parseJson(JournalLine))

/** What a question is known by: what the server says that it runs, how it is asked, all of the question, and how often. */
export const journalKey = (
  identity: ModelIdentity,
  purpose: "answer" | "likelihood",
  question: ModelQuestion | { readonly prompt: string; readonly text: string },
  turn: number
): string => fingerprint(JSON.stringify([identity, purpose, question, turn]))

export interface Journal {
  readonly get: (key: string) => KeptAnswer | undefined
  readonly append: (key: string, kept: KeptAnswer) => Effect.Effect<void, CannotWrite>
}

/** Opens the journal of a folder, which is made if it is not there. */
export const openJournal = Effect.fn("evaluate.openJournal")(function*(folder: string) {
  const fs = yield* FileSystem.FileSystem
  const file = (yield* Path.Path).join(folder, "journal.jsonl")
  const orFail = orCannotWrite(file)
  yield* orFail(fs.makeDirectory(folder, { recursive: true }))
  const old = (yield* orFail(fs.exists(file))) ? yield* orFail(fs.readFileString(file)) : ""
  const known = new Map<string, KeptAnswer>()
  for (const line of old.split("\n")) {
    const read = Option.getOrUndefined(decodeLine(line))
    if (read !== undefined && !known.has(read.key)) known.set(read.key, read.kept)
  }
  const handle = yield* orFail(fs.open(file, { flag: "a" }))
  const encoder = new TextEncoder()
  // What a kill left of a line is not to become a part of the next one.
  if (old !== "" && !old.endsWith("\n")) yield* orFail(handle.writeAll(encoder.encode("\n")))
  const turn = yield* Effect.makeSemaphore(1)
  const journal: Journal = {
    get: (key) => known.get(key),
    append: (key, kept) =>
      turn.withPermits(1)(Effect.uninterruptible(
        Effect.suspend(() => {
          known.set(key, kept)
          return orFail(handle.writeAll(encoder.encode(`${JSON.stringify({ key, kept })}\n`)))
        })
      ))
  }
  return journal
})
