/**
 * The linter-free ablation: as many edits, of the same sizes, as the path that a linter guided, with the lines dealt
 * out by weight alone. Its states break like those of a human who is interrupted anywhere.
 */
import { drawIndex, type Random } from "../../services/text/random.ts"
import type { LineTable } from "./pylintseq.ts"
import type { Steps } from "./sample.ts"

export const dealLines = (table: LineTable, guided: Steps, random: Random): Steps => {
  const weights = table.weights.map((weight) => (weight === 0 ? 1 : weight))
  return guided.map((step) => {
    const taken: Array<number> = []
    while (taken.length < step.length) {
      const drawn = drawIndex(random, weights)
      if (drawn === undefined) break
      weights[drawn] = 0
      taken.push(drawn)
    }
    return taken.sort((a, b) => a - b)
  })
}
