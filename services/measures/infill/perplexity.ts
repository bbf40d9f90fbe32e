/** How surprised a model is by the right answer. A character is the unit, so that models with other tokens compare. */

/**
 * Returns the perplexity of a character: 1 for a text that the model is sure of. `logProbability` is the sum of the natural
 * logarithms of the tokens' probabilities, and `characters` how many characters they stand for; for a set, give the sums
 * over its rows. Null where there are no characters. Source: Real-FIM-Eval.
 */
export const perplexityOfCharacter = (logProbability: number, characters: number): number | null =>
  characters === 0 ? null : Math.exp(-logProbability / characters)
