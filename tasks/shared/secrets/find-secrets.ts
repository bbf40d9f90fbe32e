/** Which texts hold a secret, by secretlint's recommended rules, loaded when the first one is asked about. */
import * as Effect from "effect/Effect"
import { JobFailed } from "../../../services/Compute.ts"

/** Returns the indices of the texts that hold a secret. */
export const findSecrets = (texts: ReadonlyArray<string>): Effect.Effect<ReadonlySet<number>, JobFailed> =>
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
    catch: (cause) =>
      new JobFailed({ job: "secret scan", detail: cause instanceof Error ? cause.message : String(cause) })
  })
