/** Keystrokes that models answer are typed into sandboxed Vims, and the texts decide. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import { readAnswer } from "../../services/formats/keystroke-answer.ts"
import { isDone } from "../../services/keys/outcome.ts"
import type { VimOptionsName } from "../../services/keys/vim-options.ts"
import { type Ledger, takeBack } from "../../services/rows/ledger.ts"
import { Sandbox } from "../../services/Sandbox.ts"
import { fingerprint } from "../../services/text/random.ts"
import type { Progress } from "../shared/progress.ts"
import { type SandboxAnswers, sandboxLayer } from "../shared/sandbox.ts"
import type { ModelRowAnswer } from "./ask-rows.ts"
import type { KeystrokeTrial, TrialOf } from "./score-keystrokes.ts"
import type { KeystrokeGoal, TestRow } from "./test-row.ts"

/** A Vim for each set of options that rows were tried with. */
type Vims = ReadonlyMap<VimOptionsName, Sandbox["Type"]>

type VimAnswers = Omit<SandboxAnswers, "vimOptions">

const goalOf = ({ goal }: TestRow): KeystrokeGoal | undefined => (goal._tag === "keystrokes" ? goal : undefined)

/** Opens what rows of keystrokes need; where this machine does not have it, these rows are left out, and counted. */
export const openVims = Effect.fn("evaluate.openVims")(function*(
  rows: ReadonlyArray<TestRow>,
  answers: VimAnswers,
  ledger: Ledger,
  progress: Progress
) {
  const open = Effect.fnUntraced(function*() {
    const vims = new Map<VimOptionsName, Sandbox["Type"]>()
    for (const vimOptions of new Set(rows.flatMap((row) => goalOf(row)?.vimOptions ?? []))) {
      const context = yield* Layer.build(sandboxLayer({ ...answers, vimOptions }, undefined, "others"))
      vims.set(vimOptions, Context.get(context, Sandbox))
    }
    return vims
  })
  const opened = yield* Effect.either(open())
  if (Either.isRight(opened)) return { rows, vims: opened.right satisfies Vims }
  const rest = rows.filter((row) => goalOf(row) === undefined)
  takeBack(ledger, "rows", `keystrokes cannot be tried: ${opened.left.detail}`, rows.length - rest.length)
  yield* progress.say(`Warning: rows of keystrokes are left out: ${opened.left.message}`)
  return { rows: rest, vims: new Map<VimOptionsName, Sandbox["Type"]>() satisfies Vims }
})

const keyOf = ({ id }: TestRow, text: string): string => fingerprint(id, text)

/** Types all keys that were answered, each once for a row. */
export const tryKeystrokes = Effect.fn("evaluate.tryKeystrokes")(function*(
  rows: ReadonlyArray<TestRow>,
  all: ReadonlyArray<ReadonlyArray<ModelRowAnswer>>,
  vims: Vims,
  progress: Progress
) {
  const trials = new Map<string, KeystrokeTrial>()
  const attempts = rows.flatMap((row, at) => {
    const goal = goalOf(row)
    if (goal === undefined) return []
    return all.flatMap((answers) => {
      const answer = answers[at]
      if (answer?._tag !== "answered") return []
      const key = keyOf(row, answer.text)
      const read = readAnswer(answer.text)
      if (trials.has(key)) return []
      trials.set(key, null)
      return Either.isLeft(read) ? [] : [{ key, goal, keys: read.right.keys }]
    })
  })
  let done = 0
  for (const [options, sandbox] of vims) {
    const own = attempts.filter(({ goal: { vimOptions } }) => vimOptions === options)
    yield* Effect.forEach(own, ({ goal: { source, target }, key, keys }) =>
      Effect.gen(function*() {
        const outcome = yield* sandbox.run({ source, keys })
        trials.set(key, { isSolved: isDone(outcome, target), keys: keys.length })
        done++
        yield* progress.advance({ done, size: attempts.length, rows: done, unit: "answers in Vim" })
      }), { concurrency: sandbox.concurrency, discard: true })
  }
  const trialOf: TrialOf = (row, text) => trials.get(keyOf(row, text)) ?? null
  return trialOf
})
