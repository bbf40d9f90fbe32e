/** How far each round came, by depth, language and size: what rounds.json holds. No clock is in it. */
import { depths } from "../../services/cuts/depths.ts"
import { bandNames, bandOf, type LoopEdit } from "./edits.ts"
import { textOfFault } from "../../services/keys/fault.ts"
import { isSolvedTurn, type Turn, turnKey, type Turns } from "./turns.ts"

export interface Rate {
  readonly edits: number
  readonly solved: number
  readonly rate: number
}

export interface RoundReport {
  readonly round: number
  /** Edits that were asked for in this round, and how many of them it solved. */
  readonly asked: number
  readonly solved: number
  /** Of all edits, those solved up to and with this round. */
  readonly solved_so_far: number
  readonly rate: number
  readonly candidates: number
  readonly right: number
  /** Candidates that were wrong, and answers without keys, by reason. */
  readonly wrong: Readonly<Record<string, number>>
  readonly refused: Readonly<Record<string, number>>
  readonly requests: number
  readonly prompt_tokens: number
  readonly completion_tokens: number
  /** Of all edits of a kind, those solved so far. */
  readonly by_depth: Readonly<Record<string, Rate>>
  readonly by_language: Readonly<Record<string, Rate>>
  readonly by_lines: Readonly<Record<string, Rate>>
}

/** Reports one round; `solvedBefore` grows by what it solved. */
export const reportRound = (
  round: number,
  edits: ReadonlyArray<LoopEdit>,
  turns: Turns,
  solvedBefore: Set<string>
): RoundReport => {
  const own = edits.flatMap(({ id }) => turns.get(turnKey(round, id)) ?? [])
  const solved = own.filter(isSolvedTurn)
  for (const { edit } of solved) solvedBefore.add(edit)
  const trials = own.flatMap((turn) => turn.trials)
  const sum = (pick: (turn: Turn) => number) => own.reduce((total, turn) => total + pick(turn), 0)
  const byKind = (names: ReadonlyArray<string>, kindOf: (edit: LoopEdit) => string) =>
    Object.fromEntries(names.flatMap((name) => {
      const some = edits.filter((edit) => kindOf(edit) === name)
      return some.length === 0
        ? []
        : [[name, rateOf(some.length, some.filter(({ id }) => solvedBefore.has(id)).length)]]
    }))
  const depthOf = ({ depth }: LoopEdit) => depth ?? "pair"
  const languageOf = ({ language }: LoopEdit) => language ?? "unknown"
  return {
    round,
    asked: own.length,
    solved: solved.length,
    solved_so_far: solvedBefore.size,
    rate: rateOf(edits.length, solvedBefore.size).rate,
    candidates: trials.length,
    right: trials.filter(({ fault }) => fault === null).length,
    wrong: counted(trials.flatMap(({ fault }) => (fault === null ? [] : [[textOfFault(fault), 1]]))),
    refused: counted(
      own.flatMap(({ refused }) => refused.map(({ count, reason }): [string, number] => [reason, count]))
    ),
    requests: sum(({ requests }) => requests),
    prompt_tokens: sum((turn) => turn.prompt_tokens),
    completion_tokens: sum((turn) => turn.completion_tokens),
    by_depth: byKind([...depths, "pair"], depthOf),
    by_language: byKind([...new Set(edits.map(languageOf))].sort(), languageOf),
    by_lines: byKind(bandNames, ({ lines }) => bandOf(lines))
  }
}

const rateOf = (edits: number, solved: number): Rate => ({
  edits,
  solved,
  rate: edits === 0 ? 0 : Math.round(solved / edits * 10_000) / 10_000
})

const counted = (entries: ReadonlyArray<readonly [string, number]>): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const [name, count] of entries.toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    counts[name] = (counts[name] ?? 0) + count
  }
  return counts
}
