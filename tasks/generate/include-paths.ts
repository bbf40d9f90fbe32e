/** Folders beside the repository that context is taken from. */
import * as Effect from "effect/Effect"
import { fingerprint, fingerprintOf } from "../../services/text/random.ts"
import { readProject } from "../shared/project-files.ts"

/** A fingerprint of the folders' source files: a run that finds others there is another run. Null for no folder. */
export const readIncludeFingerprint = Effect.fnUntraced(function*(folders: ReadonlyArray<string>) {
  if (folders.length === 0) return null
  const parts: Array<string> = []
  for (const folder of folders) {
    const files = yield* readProject(folder, { prefix: "", withVendored: true }, {})
    for (const { path, text } of files) parts.push(path, fingerprint(text))
  }
  return fingerprintOf(parts)
})
