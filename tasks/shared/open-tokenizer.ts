/** Counters of tokens by a local tokenizer.json: each file is read once, by Hugging Face's library, loaded when needed. */
import { readFile } from "node:fs/promises"
import * as Effect from "effect/Effect"
import { systemCode, systemWords } from "../../services/faults/system-words.ts"
import { CannotReadInput } from "./problems.ts"

/** Why a file is no tokenizer: what its library says of it means nothing to who named the file. */
const detailOf = (cause: unknown): string => {
  if (cause instanceof SyntaxError) return "it is not JSON; pass a tokenizer.json of Hugging Face's"
  return systemCode(cause) === "" ? "it holds no tokenizer that can be used" : systemWords(cause)
}

const tokenizers = new Map<string, Promise<(text: string) => number>>()

/** `path` is absolute. */
export const openTokenizer = (path: string): Effect.Effect<(text: string) => number, CannotReadInput> =>
  Effect.tryPromise({
    try: () => {
      const known = tokenizers.get(path)
      if (known !== undefined) return known
      const loading = (async () => {
        const { Tokenizer } = await import("@huggingface/tokenizers")
        const tokenizer = new Tokenizer(JSON.parse(await readFile(path, "utf8")), {})
        return (text: string) => tokenizer.encode(text).ids.length
      })()
      tokenizers.set(path, loading)
      return loading
    },
    catch: (cause) => new CannotReadInput({ path, detail: detailOf(cause) })
  })
