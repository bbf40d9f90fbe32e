/** Near-duplicates among the rows of a type: on both sides of the split, and of all repositories, by their signatures. */
import * as Effect from "effect/Effect"
import type { Side } from "../../services/history/split.ts"
import { makeNearDuplicates } from "../../services/hygiene/near-duplicates.ts"
import type { Run, Table } from "../../services/Writer.ts"

/**
 * Compares the records of some pools. An example is known by its mate: its rows go or stay together, whichever of them
 * has the signature.
 */
export const findNearDuplicates = Effect.fn("generate.findNearDuplicates")(function*(
  run: Pick<Run, "look">,
  pools: Readonly<Record<Side, ReadonlyArray<string>>>
) {
  const sideOf = (pool: string): Side => (pools.held.includes(pool) ? "held" : "train")
  const gatherer = makeNearDuplicates()
  yield* run.look([...pools.train, ...pools.held], ({ mate, pool, signature }) => {
    if (signature !== undefined) gatherer.add(mate, sideOf(pool), Buffer.from(signature, "hex"))
  })
  const { besideHeld, clusters, largest, leftOut, reasonAgainst, rows } = gatherer.result()
  const reasonAgainstMate: NonNullable<Table["reasonAgainst"]> = (pool, mate) => reasonAgainst(mate, sideOf(pool))
  return {
    reasonAgainst: reasonAgainstMate,
    /** What the metadata tells, in examples: these count once whatever rows they give. */
    told: {
      compared: rows,
      clusters,
      largest,
      left_out: leftOut.train + leftOut.held,
      beside_held_out: besideHeld
    }
  }
})
