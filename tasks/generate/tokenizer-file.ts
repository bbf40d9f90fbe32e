/** The tokenizer that the user names, as a part of a run's identity: what it says counts, not where it lies. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import { systemWords } from "../../services/faults/system-words.ts"
import { fingerprint } from "../../services/text/random.ts"
import { openTokenizer } from "../shared/open-tokenizer.ts"
import { CannotReadInput } from "../shared/problems.ts"

/** Reads the file and returns the fingerprint of its content; null where no tokenizer is named. */
export const readTokenizerFingerprint = Effect.fnUntraced(function*(path: string | null) {
  if (path === null) return null
  const fs = yield* FileSystem.FileSystem
  const content = yield* Effect.mapError(
    fs.readFileString(path),
    (cause) => new CannotReadInput({ path, detail: `${systemWords(cause)}; pass a local tokenizer.json` })
  )
  // A file that is no tokenizer is told now, and not by the first worker that needs it.
  yield* openTokenizer(path)
  return fingerprint(content)
})
