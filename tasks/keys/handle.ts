/** What the command does once its flags are read. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { printKeys } from "../../services/keys/keystrokes.ts"
import { isDone, textAfter } from "../../services/keys/outcome.ts"
import { Predictor } from "../../services/Predictor.ts"
import { Sandbox } from "../../services/Sandbox.ts"
import type { AnswersTo } from "../shared/asked/asked.ts"
import { lazyLayer } from "../shared/lazy-layer.ts"
import { DidNotFinish, WrongUsage } from "../shared/problems.ts"
import { sandboxLayer } from "../shared/sandbox.ts"
import { Screen } from "../shared/terminal.ts"
import { readers } from "../shared/readers.ts"
import { rowLines } from "../shared/row-lines.ts"
import { givenSource, keysOf, readText } from "../shared/text-input.ts"
import { outcomeRow, runRows } from "./batch.ts"
import type { asked } from "./asked.ts"
import { NothingFound } from "./problems.ts"

type KeysAnswers = AnswersTo<typeof asked>

export const handle = (answers: KeysAnswers) =>
  Effect.suspend(() => run(answers)).pipe(
    // Keys that are found for a target hold what somebody else may have written.
    Effect.provide(sandboxLayer(answers, answers.concurrency, answers.keys === undefined ? "others" : "user"))
  )

const run = Effect.fnUntraced(function*(answers: KeysAnswers) {
  if (answers.batch === undefined) yield* printOne(answers)
  else yield* printBatch(answers, answers.batch)
})

const printOne = Effect.fnUntraced(function*(answers: KeysAnswers) {
  const sandbox = yield* Sandbox
  const screen = yield* Screen
  const target = yield* readText(answers.target, answers.targetText, "--target and --target-text")
  if (answers.keys === undefined) {
    if (target !== undefined) return yield* printFound(yield* givenSource(answers), target, answers)
    return yield* new WrongUsage({ detail: "Cannot start without keys: pass --keys, --target or --batch" })
  }
  const keys = yield* keysOf(answers.keys, answers.notation)
  const outcome = yield* sandbox.run({ source: yield* givenSource(answers), keys })
  if (answers.json) {
    const solved = target === undefined ? {} : { solved: isDone(outcome, target) }
    return yield* screen.print(`${JSON.stringify({ ...outcomeRow(outcome), ...solved })}\n`)
  }
  const text = textAfter(outcome)
  if (text === undefined) return yield* new DidNotFinish({ outcome: outcome._tag, detail: detailOf(outcome) })
  const isCut = screen.printsToTerminal && text !== "" && !text.endsWith("\n")
  yield* screen.print(isCut ? `${text}\n` : text)
})

/** So many candidates are tried before the shortest that works is taken. */
const most = 24

/** Finds keystrokes that make the target, and prints the shortest that did it in Vim; as JSON, all that did. */
const printFound = Effect.fnUntraced(function*(source: string, target: string, { json }: KeysAnswers) {
  const sandbox = yield* Sandbox
  const screen = yield* Screen
  const predictor = yield* Predictor
  const { candidates } = yield* predictor.predict({ edit: { source, target }, examples: [], count: most })
  const ways = candidates.map(({ keys }) => keys)
  const outcomes = yield* sandbox.runAll(ways.map((keys) => ({ source, keys })))
  const solved = ways.filter((_, index) => {
    const outcome = outcomes[index]
    return outcome !== undefined && isDone(outcome, target)
  })
  const [shortest] = solved
  if (shortest === undefined) return yield* new NothingFound({ tried: ways.length })
  const rows = solved.map((keys) => `${JSON.stringify({ keys: printKeys(keys), keystrokes: keys.length })}\n`)
  yield* screen.print(json ? rows.join("") : `${printKeys(shortest)}\n`)
}, (found, _source, _target, { vimOptions }) =>
  Effect.provide(
    found,
    lazyLayer(async () => (await import("../../layers/predictor/SearchPredictor.ts")).layer(vimOptions))
  ))

const detailOf = (outcome: object): string =>
  "reason" in outcome ? `${outcome.reason}` : "detail" in outcome ? `${outcome.detail}` : ""

/** So many rows are in the sandbox at once. */
const rowsAtOnce = 256

const printBatch = Effect.fnUntraced(function*(answers: KeysAnswers, name: string) {
  const screen = yield* Screen
  if (answers.keys !== undefined || answers.source !== undefined || answers.text !== undefined) {
    return yield* new WrongUsage({ detail: "Cannot use --batch with --keys, --source or --text: its rows have them" })
  }
  let first = 0
  let refused = 0
  yield* (yield* rowLines(name)).pipe(
    Stream.grouped(rowsAtOnce),
    Stream.runForEach((lines) => {
      const piece = { lines: [...lines], first, notation: answers.notation }
      first += lines.length
      return runRows(piece, (row) => {
        if (row.outcome === "refused") refused++
        return screen.print(`${JSON.stringify(row)}\n`)
      })
    })
  )
  if (refused > 0) yield* screen.note(`${refused} of ${first} rows are none; their outcome says why\n`)
}, Effect.provide(readers))
