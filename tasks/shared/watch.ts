/** Follows what other programs do to the folders that hold source files. */
import { relative, sep } from "node:path"
import * as Effect from "effect/Effect"
import * as Runtime from "effect/Runtime"
import { languageOfPath } from "../../services/text/language.ts"
import { isConfigPath, reasonAgainstPath } from "../../services/text/source-file.ts"
import { followFolders, type UsedUp } from "./follow-folders.ts"

/** Files may be written this long before the watching began and still count as changed. */
const marginMillis = 2000

/** What to raise where it is used up. */
const limits: Readonly<Record<UsedUp, string>> = {
  ENOSPC: "fs.inotify.max_user_watches",
  EMFILE: "fs.inotify.max_user_instances"
}

const unwatchedLine = (code: UsedUp): string =>
  `the system has no watch left (${code}): folders are looked at on disk instead, which sees changes later; ` +
  `raise ${limits[code]}, or pass --no-watch`

/**
 * Calls `refresh` with the paths, relative to `root`, that came, changed or went since the moment `since` (milliseconds
 * since 1970, when the files were read); until the scope ends.
 */
export const watchFolders = Effect.fnUntraced(function*(
  root: string,
  folders: Iterable<string>,
  since: number,
  refresh: (paths: ReadonlyArray<string>) => Effect.Effect<void>
) {
  const run = Runtime.runFork(yield* Effect.runtime<never>())
  const inProject = (location: string) => relative(root, location).split(sep).join("/")
  yield* Effect.acquireRelease(
    Effect.sync(() =>
      followFolders({
        root,
        folders,
        since: since - marginMillis,
        isFile: (location) => {
          const path = inProject(location)
          return (languageOfPath(path) !== undefined || isConfigPath(path)) && reasonAgainstPath(path) === undefined
        },
        // What others wrote is not followed, and git's folder is none of the project's.
        isFolder: (location) => {
          const path = inProject(location)
          return !/(?:^|\/)\.git$/.test(path) && reasonAgainstPath(`${path}/x`) === undefined
        },
        tell: (locations) => void run(refresh(locations.map(inProject))),
        tellUnwatched: (code) => void run(Effect.logWarning(unwatchedLine(code)))
      })
    ),
    ({ close }) => Effect.sync(close)
  )
})
