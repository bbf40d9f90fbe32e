/** Folders that git is given for as long as it is asked. */
import { tmpdir } from "node:os"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import { noTemporaryFolder } from "../../services/faults/temporary-folder.ts"
import { GitFailed } from "../../services/Git.ts"

/** Makes an empty folder that is removed with the scope. */
export const scratchFolder = Effect.fnUntraced(function*(prefix: string) {
  const fs = yield* FileSystem.FileSystem
  return yield* Effect.mapError(
    fs.makeTempDirectoryScoped({ prefix }),
    (cause) => new GitFailed({ command: "init", detail: noTemporaryFolder(tmpdir(), cause) })
  )
})
