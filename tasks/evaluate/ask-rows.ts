/** Asks every row once, both models in turns, in the order in which a server can go on with what it has read. */
import * as Effect from "effect/Effect"
import type { Completer, CompleterRefused, CompleterUnavailable, ModelIdentity } from "../../services/Completer.ts"
import { type AskSettings, codeOfAnswer, questionOf, reasonNotAsked } from "./ask-row.ts"
import { type Journal, journalKey, type KeptAnswer } from "./journal.ts"
import type { ModelSpec } from "./model-spec.ts"
import { TooManyFailures } from "./problems.ts"
import type { TestRow } from "./test-row.ts"

/** A model that is asked, and how often a row was put to it before. */
export interface AskedModel {
  /** The name that the page calls it by. */
  readonly name: string
  readonly spec: ModelSpec
  readonly completer: Completer["Type"]
  readonly identity: ModelIdentity
  /** 0, or 1 for the second time that the same model is asked. */
  readonly turn: number
}

/** What came of a row: an answer, or why there is none. A model of another kind is not asked at all. */
export type ModelRowAnswer =
  | {
    readonly _tag: "answered"
    /** The code in what the model said. */
    readonly text: string
    readonly isCutOff: boolean
    readonly millis: number
    readonly firstMillis: number | null
    /** How likely the model finds the right answer; null where nobody asked, or its server cannot say. */
    readonly logProbability: number | null
  }
  | NoRowAnswer

/** Why a row has no answer: its server refused it or never answered, or the model's protocol cannot ask it. */
export interface NoRowAnswer {
  readonly _tag: "unanswered" | "not asked"
  readonly reason: string
}

export interface AskOptions {
  readonly settings: AskSettings
  readonly likelihood: boolean
  readonly onAnswer: (done: number, size: number) => Effect.Effect<void>
}

/** So many rows in a row without an answer mean that no row will have one. */
const failuresThatSuffice = 8

/** Statuses that a question gets for what it is, and not for when or by whom it is asked. */
const refusedForGood: ReadonlySet<number> = new Set([400, 413, 422])

/** Returns the answers of each model, in the order of the rows. */
export const askRows = Effect.fn("evaluate.askRows")(function*(
  rows: ReadonlyArray<TestRow>,
  models: ReadonlyArray<AskedModel>,
  journal: Journal,
  { likelihood, onAnswer, settings }: AskOptions
) {
  const answers = models.map((): Array<ModelRowAnswer | undefined> => rows.map(() => undefined))
  const order = [...rows.keys()].sort((a, b) => compareTexts(headOf(rows[a]), headOf(rows[b])))
  const failures = models.map(() => 0)
  let done = 0
  const askOne = Effect.fnUntraced(function*(at: number, place: number) {
    const [row, model] = [rows[at], models[place]]
    if (row === undefined || model === undefined) return
    const answer = yield* askRow(row, model, journal, settings, likelihood).pipe(
      Effect.tap(() => Effect.sync(() => failures[place] = 0)),
      Effect.catchTags({
        CompleterUnavailable: (failure) => noAnswer(model, failures, place, failure),
        CompleterRefused: (failure) => noAnswer(model, failures, place, failure)
      })
    )
    answers[place]?.splice(at, 1, answer)
  })
  const concurrency = Math.max(1, Math.min(...models.map(({ completer }) => completer.concurrency)))
  yield* Effect.forEach(order, (at, turn) =>
    Effect.gen(function*() {
      // Whoever comes second finds a warmer machine: they take turns.
      const places = turn % 2 === 0 ? [...models.keys()] : [...models.keys()].reverse()
      for (const place of places) yield* askOne(at, place)
      done++
      yield* onAnswer(done, rows.length)
    }), { concurrency, discard: true })
  return answers.map((own) => own.map((answer): ModelRowAnswer => answer ?? { _tag: "not asked", reason: "not asked" }))
})

const headOf = (row: TestRow | undefined): string =>
  row?.prompt ?? (row?.goal._tag === "gap" ? row.goal.gap.prefix : "")

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const noAnswer = (
  { name }: AskedModel,
  failures: Array<number>,
  place: number,
  failure: CompleterUnavailable | CompleterRefused
): Effect.Effect<ModelRowAnswer, TooManyFailures> => {
  failures[place] = (failures[place] ?? 0) + 1
  return failures[place] >= failuresThatSuffice
    ? Effect.fail(new TooManyFailures({ model: name, detail: failure.message, code: failure.exitCode }))
    : Effect.succeed({ _tag: "unanswered", reason: `no answer: ${failure.detail}` })
}

const askRow = Effect.fnUntraced(function*(
  row: TestRow,
  { completer, identity, spec, turn }: AskedModel,
  journal: Journal,
  settings: AskSettings,
  wantsLikelihood: boolean
) {
  const question = questionOf(row, spec, settings)
  if (question === undefined) {
    const none: ModelRowAnswer = { _tag: "not asked", reason: reasonNotAsked(row, spec) }
    return none
  }
  const kept = yield* askOnce(
    journal,
    journalKey(identity, "answer", question, turn),
    Effect.map(completer.complete(question), (answer): KeptAnswer => ({ _tag: "answered", ...answer }))
  )
  if (kept._tag !== "answered") {
    const none: ModelRowAnswer = {
      _tag: "unanswered",
      reason: kept._tag === "refused" ? `refused: ${kept.detail}` : "no answer"
    }
    return none
  }
  const { asked } = question
  const { likelihood } = completer
  const told = wantsLikelihood && likelihood !== null && asked._tag === "raw"
    ? yield* askOnce(
      journal,
      journalKey(identity, "likelihood", { prompt: asked.prompt, text: row.gold }, turn),
      Effect.map(likelihood(asked.prompt, row.gold), (found): KeptAnswer => ({ _tag: "likelihood", ...found }))
    )
    : undefined
  const answered: ModelRowAnswer = {
    _tag: "answered",
    text: codeOfAnswer(kept.text, question, row),
    isCutOff: kept.ended === "length",
    millis: kept.millis,
    firstMillis: kept.firstMillis,
    logProbability: told?._tag === "likelihood" ? told.logProbability : null
  }
  return answered
})

/** Asks what the journal does not know, and keeps what comes of it before anything else is done with it. */
const askOnce = Effect.fnUntraced(function*(
  journal: Journal,
  key: string,
  ask: Effect.Effect<KeptAnswer, CompleterUnavailable | CompleterRefused>
) {
  const known = journal.get(key)
  if (known !== undefined) return known
  const fresh = yield* Effect.catchTag(ask, "CompleterRefused", (refusal) =>
    refusedForGood.has(refusal.status)
      ? Effect.succeed<KeptAnswer>({ _tag: "refused", detail: refusal.detail })
      : Effect.fail(refusal))
  yield* journal.append(key, fresh)
  return fresh
})
