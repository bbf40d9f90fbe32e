/**
 * A ledger says, for each stage of a task, how much came in, how much was kept, and how much was left out for which
 * reason. Adding is commutative, so the ledgers of parts can be summed in any order.
 */

/** One stage. Once it is over, `came` equals `kept` plus the sum of `leftOut`. */
export interface LedgerStage {
  came: number
  kept: number
  readonly leftOut: Record<string, number>
}

/** Stages by name, in the order in which they were first used. */
export type Ledger = Record<string, LedgerStage>

/** Returns the stage of that name, which is added to the ledger if it is new. */
export const stageOf = (ledger: Ledger, stage: string): LedgerStage =>
  ledger[stage] ??= { came: 0, kept: 0, leftOut: {} }

/** Counts what came in and was kept. */
export const keep = (ledger: Ledger, stage: string, count = 1): void => {
  const entry = stageOf(ledger, stage)
  entry.came += count
  entry.kept += count
}

/** Counts what came in and was left out for `reason`. */
export const leaveOut = (ledger: Ledger, stage: string, reason: string, count = 1): void => {
  if (count === 0) return
  const entry = stageOf(ledger, stage)
  entry.came += count
  entry.leftOut[reason] = (entry.leftOut[reason] ?? 0) + count
}

/** Counts what was kept before as left out after all. */
export const takeBack = (ledger: Ledger, stage: string, reason: string, count = 1): void => {
  const entry = stageOf(ledger, stage)
  entry.came -= count
  entry.kept -= count
  leaveOut(ledger, stage, reason, count)
}

/** Adds `part` to `total`. */
export const addLedger = (total: Ledger, part: Ledger): void => {
  for (const [name, stage] of Object.entries(part)) {
    const entry = stageOf(total, name)
    entry.came += stage.came
    entry.kept += stage.kept
    for (const [reason, count] of Object.entries(stage.leftOut)) {
      entry.leftOut[reason] = (entry.leftOut[reason] ?? 0) + count
    }
  }
}

/** Returns a copy whose stages and reasons are sorted by name, so that equal ledgers are printed as equal bytes. */
export const sortedLedger = (ledger: Ledger): Ledger =>
  Object.fromEntries(
    Object.entries(ledger).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, stage]) => [name, {
      came: stage.came,
      kept: stage.kept,
      leftOut: Object.fromEntries(Object.entries(stage.leftOut).sort(([a], [b]) => (a < b ? -1 : 1)))
    }])
  )

/**
 * Returns the names of the stages that do not add up; none in a correct run.
 *
 * @example
 * unbalancedStages({ cuts: { came: 3, kept: 1, leftOut: { blank: 1 } } }) // ["cuts"]
 */
export const unbalancedStages = (ledger: Ledger): ReadonlyArray<string> =>
  Object.entries(ledger)
    .filter(([, stage]) =>
      stage.came !== stage.kept + Object.values(stage.leftOut).reduce((sum, count) => sum + count, 0)
    )
    .map(([name]) => name)
