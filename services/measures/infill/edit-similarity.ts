/** How alike two texts are by the edits between them, from 0 to 100, without the white space at their ends. */
import { distance } from "fastest-levenshtein"
import { inSingleUnits } from "./characters.ts"
import { commonLength } from "./common-length.ts"

/**
 * Returns the share of the characters of both texts that stay where one is turned into the other by taking out and
 * putting in: rapidfuzz's ratio, which CrossCodeEval and RepoBench print as "edit similarity", rounded there. Two empty
 * texts are alike.
 */
export const editSimilarity = (gold: string, answer: string): number => {
  const [left, right] = inSingleUnits(gold.trim(), answer.trim())
  const total = left.length + right.length
  return total === 0 ? 100 : 200 * commonLength(left, right) / total
}

/**
 * Returns how much of the longer text is left by Levenshtein's distance, which also replaces: RepoEval's edit similarity.
 * Two empty texts are alike; RepoEval leaves them out.
 */
export const levenshteinSimilarity = (gold: string, answer: string): number => {
  const [left, right] = inSingleUnits(gold.trim(), answer.trim())
  const longest = Math.max(left.length, right.length)
  return longest === 0 ? 100 : 100 * (1 - distance(left, right) / longest)
}
