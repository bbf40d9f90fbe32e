/** The jobs' tools over real libraries: secretlint's recommended rules, Hugging Face tokenizers. Loaded when needed. */
import { readFile } from "node:fs/promises"
import * as Effect from "effect/Effect"
import { JobFailed } from "../../services/Compute.ts"
import { CannotReadInput } from "../shared/problems.ts"
import type { JobTools } from "./tools.ts"

const detailOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

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
    catch: (cause) => new JobFailed({ job: "secret scan", detail: detailOf(cause) })
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
    catch: (cause) =>
      new CannotReadInput({ path, detail: `it is no tokenizer.json that can be used (${detailOf(cause)})` })
  })

/** The tools, with what asks the index of this thread. */
export const jobTools = (contextAt: JobTools["contextAt"]): JobTools => ({ findSecrets, openTokenizer, contextAt })
