/** The rounds: ask for what is not solved yet, try the answers, show what worked in the next round. */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { parseKeys } from "../../services/keys/keystrokes.ts"
import { Predictor, type SolvedEdit } from "../../services/Predictor.ts"
import type { Sequence } from "../../services/Writer.ts"
import type { Losses } from "../shared/dataset-run/losses.ts"
import type { LoopEdit } from "./edits.ts"
import { makeRollIn, type RollIn } from "./roll-in.ts"
import { reportRound, type RoundReport } from "./rounds.ts"
import type { VimLoopSettings } from "./settings.ts"
import { solve } from "./solve.ts"
import { isSolvedTurn, renderTurn, type Turn, turnKey, type Turns } from "./turns.ts"

export type Stop =
  | "every edit is solved"
  | "a round solved nothing new"
  | "all rounds are played"
  | "the token budget is spent"

export interface Played {
  readonly rounds: ReadonlyArray<RoundReport>
  readonly stopped: Stop
}

export interface PlayListener {
  readonly onTurn: (round: number, done: number, size: number, solved: number) => Effect.Effect<void>
  readonly onRound: (report: RoundReport, edits: number) => Effect.Effect<void>
}

/** What a run has when its rounds begin. */
export interface PlayTable {
  readonly edits: ReadonlyArray<LoopEdit>
  readonly settings: VimLoopSettings
  /** Name of the predictor, for the rows. */
  readonly predictor: string
  /** Solved edits to show from the first round on. */
  readonly examples: ReadonlyArray<SolvedEdit>
  /** What was answered before the run was broken; grows by what is answered now. */
  readonly turns: Turns
  /** Where answers are kept as they come. */
  readonly journal: Sequence
  readonly lost: Losses
}

/** Plays until nothing is left to solve, a round solves nothing new, the rounds are over, or the tokens are. */
export const play = Effect.fn("vimLoop.play")(function*(table: PlayTable, listener: PlayListener) {
  const { edits, settings, turns } = table
  const solved = new Set<string>()
  const rounds: Array<RoundReport> = []
  const ended = (stopped: Stop): Played => ({ rounds, stopped })
  for (let round = 1; round <= settings.rounds; round++) {
    const pending = edits.filter(({ id }) => !solved.has(id))
    if (pending.length === 0) return ended("every edit is solved")
    yield* playRound(table, round, pending, listener)
    const report = reportRound(round, edits, turns, solved)
    rounds.push(report)
    yield* listener.onRound(report, edits.length)
    if (report.asked < pending.length) return ended("the token budget is spent")
    if (report.solved === 0) return ended("a round solved nothing new")
  }
  return ended(edits.length === solved.size ? "every edit is solved" : "all rounds are played")
})

const playRound = Effect.fn("vimLoop.round")(function*(
  table: PlayTable,
  round: number,
  pending: ReadonlyArray<LoopEdit>,
  { onTurn }: PlayListener
) {
  const { journal, lost, predictor, settings, turns } = table
  const missing = pending.filter(({ id }) => !turns.has(turnKey(round, id)))
  if (missing.length === 0 || journal.isSealed) return
  const { concurrency } = yield* Predictor
  const rollIn = rollInOf(table, round)
  let spent = [...turns.values()].reduce((sum, turn) => sum + tokensOf(turn), 0)
  let done = pending.length - missing.length
  let solved = pending.filter(({ id }) => isSolvedIn(turns, round, id)).length
  yield* Effect.forEach(missing, (edit) =>
    Effect.gen(function*() {
      if (settings.tokenBudget !== null && spent >= settings.tokenBudget) return
      const examples = rollIn.choose(edit, settings.examples)
      const turn = yield* solve({ edit, round, examples, predictor }, settings, lost)
      yield* journal.append([renderTurn(turn)], {})
      turns.set(turnKey(round, edit.id), turn)
      spent += tokensOf(turn)
      done++
      if (isSolvedTurn(turn)) solved++
      yield* onTurn(round, done, pending.length, solved)
    }), { concurrency, discard: true })
})

const tokensOf = (turn: Turn): number => turn.prompt_tokens + turn.completion_tokens

const isSolvedIn = (turns: Turns, round: number, id: string): boolean => {
  const turn = turns.get(turnKey(round, id))
  return turn !== undefined && isSolvedTurn(turn)
}

/** Examples are what earlier rounds solved on the side that is trained on: what is held out is shown to nobody. */
const rollInOf = ({ edits, examples, turns }: PlayTable, round: number): RollIn => {
  const solved = edits.filter(({ side }) => side === "train").flatMap((edit): ReadonlyArray<SolvedEdit> => {
    for (let earlier = 1; earlier < round; earlier++) {
      const right = turns.get(turnKey(earlier, edit.id))?.trials.filter(({ fault }) => fault === null) ?? []
      const [shortest] = right.toSorted((a, b) => a.keystrokes - b.keystrokes)
      const keys = shortest === undefined ? undefined : Either.getOrUndefined(parseKeys(shortest.keys))
      const { language, source, target } = edit
      if (keys !== undefined) return [{ source, target, language, keys }]
    }
    return []
  })
  return makeRollIn([...examples, ...solved])
}
