/** How many tokens the prompt and the answers of a row have, as a trainer reads them. */
import type { Fields } from "../rows/fields.ts"
import { fim } from "../rows/fim.ts"
import type { Asked } from "../rows/shape.ts"
import { shapeOf } from "../rows/shapes.ts"
import { readRow } from "./rows.ts"
import { makeSpread, type Spread } from "./spread.ts"

/** Counts the tokens of a text. */
export interface TokenCounter {
  readonly count: (text: string) => number
  /** What counts them, such as "tokenizer.json". */
  readonly name: string
  /** Whether the figures are an estimate. */
  readonly isEstimate: boolean
}

/** About so many characters make a token, where no tokenizer is given. */
const charactersPerToken = 4

/** An estimate, in fractions of tokens, for where there is no tokenizer. */
export const estimatedTokens: TokenCounter = {
  count: (text) => text.length / charactersPerToken,
  name: `${charactersPerToken} characters a token`,
  isEstimate: true
}

/** Tokens of a row; undefined for an answer that it does not have. */
export interface RowTokens {
  readonly prompt: number
  readonly wanted: number | undefined
  readonly unwanted: number | undefined
}

/**
 * Returns what a row asks and answers as it is trained on: of a text with its parts beside it, all that stands before
 * the answer is the prompt, with the model's own tokens and the code of other files.
 */
export const trainedOn = (row: Fields): Asked | undefined => {
  const shape = shapeOf(row)
  return (shape === fim ? readRow(row, undefined) : undefined) ?? shape.asked?.(row)
}

/** Counts the tokens of what a row asks and answers. Prompt and answers are counted apart, as trainers do. */
export const tokensIn = ({ prompt, unwanted, wanted }: Asked, { count }: TokenCounter): RowTokens => {
  // A tokenizer may begin each text with tokens of its own; those stand before the prompt only.
  const added = count("")
  const ofAnswer = (answer: string | undefined) => answer === undefined ? undefined : count(answer) - added
  return { prompt: count(prompt), wanted: ofAnswer(wanted), unwanted: ofAnswer(unwanted) }
}

/** Returns the tokens of a prompt with its longest answer. */
export const tokensOfLongest = ({ prompt, unwanted = 0, wanted = 0 }: RowTokens): number =>
  prompt + Math.max(wanted, unwanted)

/** How the tokens of prompts and answers are spread over rows. */
export interface TokenSpreads {
  readonly prompt: Spread
  readonly wanted: Spread
  readonly unwanted: Spread
}

/** Makes spreads without any row. */
export const makeTokenSpreads = (): TokenSpreads => ({
  prompt: makeSpread(),
  wanted: makeSpread(),
  unwanted: makeSpread()
})

/** Adds a row; parts of tokens are rounded up. */
export const addTokens = (spreads: TokenSpreads, { prompt, unwanted, wanted }: RowTokens): void => {
  spreads.prompt.add(Math.ceil(prompt))
  if (wanted !== undefined) spreads.wanted.add(Math.ceil(wanted))
  if (unwanted !== undefined) spreads.unwanted.add(Math.ceil(unwanted))
}
