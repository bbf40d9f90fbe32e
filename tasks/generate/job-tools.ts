/** The jobs' tools over real libraries: secretlint's recommended rules, Hugging Face tokenizers. Loaded when needed. */
import { readFile } from "node:fs/promises"
import * as Effect from "effect/Effect"
import { CannotReadInput } from "./problems.ts"
import type { JobTools } from "./tools.ts"

const failure = (cause: unknown): Error => (cause instanceof Error ? cause : new Error(String(cause)))

const findSecrets: JobTools["findSecrets"] = (texts) =>
  Effect.tryPromise({
    try: async () => {
      const { lintSource } = await import("@secretlint/core")
      const { creator } = await import("@secretlint/secretlint-rule-preset-recommend")
      const id = "@secretlint/secretlint-rule-preset-recommend"
      const found = new Set<number>()
      for (const [index, content] of texts.entries()) {
        const result = await lintSource({
          source: { content, filePath: `row-${index}.txt`, ext: ".txt", contentType: "text" },
          options: { config: { rules: [{ id, rule: creator }] }, noPhysicFilePath: true, maskSecrets: true }
        })
        if (result.messages.length > 0) found.add(index)
      }
      return found
    },
    catch: failure
  })

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
    catch: (cause) => new CannotReadInput({ path, detail: `it is no tokenizer.json that can be used (${failure(cause).message})` })
  })

export const jobTools: JobTools = { findSecrets, openTokenizer }
