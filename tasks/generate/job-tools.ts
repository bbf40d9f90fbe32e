/** The jobs' tools over real libraries: secretlint's recommended rules, Hugging Face tokenizers. Loaded when needed. */
import { readFile } from "node:fs/promises"
import * as Effect from "effect/Effect"
import { CannotReadInput } from "../shared/problems.ts"
import { findSecrets } from "../shared/secrets/find-secrets.ts"
import type { JobTools } from "./tools.ts"

const detailOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

const tokenizers = new Map<string, Promise<(text: string) => number>>()

const openTokenizer: JobTools["openTokenizer"] = (path) =>
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
    catch: (cause) =>
      new CannotReadInput({ path, detail: `it is no tokenizer.json that can be used (${detailOf(cause)})` })
  })

/** The tools, with what asks the index of this thread. */
export const jobTools = (contextAt: JobTools["contextAt"]): JobTools => ({ findSecrets, openTokenizer, contextAt })
