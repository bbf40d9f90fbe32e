/** What counts the tokens of rows: the tokenizer that the user names, or an estimate. */
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import { estimatedTokens, type TokenCounter } from "../../services/measures/token-counts.ts"
import { openTokenizer } from "../shared/open-tokenizer.ts"

/** Opens the tokenizer of a path, or estimates where there is none. */
export const openCounter = Effect.fnUntraced(function*(tokenizer: string | undefined) {
  if (tokenizer === undefined) return estimatedTokens
  const path = yield* Path.Path
  const counter: TokenCounter = {
    count: yield* openTokenizer(path.resolve(tokenizer)),
    name: path.basename(tokenizer),
    isEstimate: false
  }
  return counter
})
