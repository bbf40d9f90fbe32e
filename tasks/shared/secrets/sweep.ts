/** Sweeps secrets out of what is to be written. */
import * as Effect from "effect/Effect"
import { type Ledger, takeBack } from "../../../services/rows/ledger.ts"
import { maySecret } from "./prefilter.ts"

export interface Sweep<Row, E> {
  /** All of a row's text that anybody will see. */
  readonly textOf: (row: Row) => string
  /** Returns the indices of the texts that hold a secret. */
  readonly findSecrets: (texts: ReadonlyArray<string>) => Effect.Effect<ReadonlySet<number>, E>
  /** The stage in which the rows were counted as kept. */
  readonly stage: string
}

/** Returns the rows that hold no secret; the full rules read only those that may. A secret anywhere takes the whole row. */
export const withoutSecrets = Effect.fnUntraced(function*<Row, E>(
  rows: ReadonlyArray<Row>,
  { findSecrets, stage, textOf }: Sweep<Row, E>,
  ledger: Ledger
) {
  const suspects = rows.map((row) => ({ row, text: textOf(row) })).filter(({ text }) => maySecret(text))
  const found = suspects.length === 0 ? new Set<number>() : yield* findSecrets(suspects.map(({ text }) => text))
  const secret = new Set(suspects.filter((_, index) => found.has(index)).map(({ row }) => row))
  takeBack(ledger, stage, "secret", secret.size)
  return secret.size === 0 ? rows : rows.filter((row) => !secret.has(row))
})
