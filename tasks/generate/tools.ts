/** What the jobs need beyond their input: opened once a thread, by the composition root. */
import type * as Effect from "effect/Effect"

export interface JobTools {
  /** Returns the indices of the texts that hold a secret. */
  readonly findSecrets: (texts: ReadonlyArray<string>) => Effect.Effect<ReadonlySet<number>, Error>
  /** Returns a counter of tokens for the content of a tokenizer.json at a path. */
  readonly openTokenizer: (path: string) => Effect.Effect<(text: string) => number, Error>
}
