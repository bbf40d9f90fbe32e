/** A stage of which each piece gives one file, whose bytes depend on its name alone. */
import { createHash } from "node:crypto"
import type { WorkStage } from "../../services/Crew.ts"

export const contentOf = (name: string): string => createHash("sha256").update(name).digest("hex").repeat(100)

export const stageOf = <E, R>(count: number, make: WorkStage<E, R>["make"]): WorkStage<E, R> => ({
  name: "mine",
  pieces: Array.from({ length: count }, (_, number) => ({ name: `p-${number}`, weight: 1 + number % 7 })),
  make
})
