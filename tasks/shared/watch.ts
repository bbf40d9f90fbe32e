/** Follows what other programs do to the folders that hold source files. */
import { relative, sep } from "node:path"
import { watch } from "chokidar"
import * as Effect from "effect/Effect"
import * as Runtime from "effect/Runtime"
import { languageOfPath } from "../../services/text/language.ts"
import { isConfigPath, reasonAgainstPath } from "../../services/text/source-file.ts"

/** Changes that come together, as when a branch is checked out, are taken together. */
const quietMillis = 50

/** Files may be written this long before the watching began and still count as changed. */
const marginMillis = 2000

/**
 * Calls `refresh` with the paths, relative to `root`, that came, changed or went since the moment `since` (milliseconds
 * since 1970, when the files were read); until the scope ends.
 */
export const watchFolders = Effect.fnUntraced(function*(
  root: string,
  folders: ReadonlySet<string>,
  since: number,
  refresh: (paths: ReadonlyArray<string>) => Effect.Effect<void>
) {
  const run = Runtime.runFork(yield* Effect.runtime<never>())
  yield* Effect.acquireRelease(
    Effect.sync(() => {
      const watcher = watch([...folders], {
        depth: 0,
        alwaysStat: true,
        ignored: (path) => /(?:^|[\\/])\.git$/.test(path)
      })
      let changed = new Set<string>()
      let timer: ReturnType<typeof setTimeout> | undefined
      const flush = () => {
        timer = undefined
        const paths = [...changed]
        changed = new Set()
        run(refresh(paths))
      }
      let isReady = false
      watcher.on("ready", () => {
        isReady = true
      })
      watcher.on("all", (event, location, stats) => {
        // While the folders are gone through for the first time, what was not written since is known.
        if (!isReady && event === "add" && (stats?.mtimeMs ?? 0) < since - marginMillis) return
        // A folder that comes is followed from now on, unless it holds what others wrote.
        const path = relative(root, location).split(sep).join("/")
        if (event === "addDir") {
          if (isReady && !folders.has(location) && reasonAgainstPath(`${path}/x`) === undefined) watcher.add(location)
          return
        }
        if (event === "unlinkDir" || (languageOfPath(path) === undefined && !isConfigPath(path))) return
        if (reasonAgainstPath(path) !== undefined) return
        changed.add(path)
        timer ??= setTimeout(flush, quietMillis)
      })
      // A folder that cannot be watched, such as one too many, is not followed: clients still send their changes.
      watcher.on("error", () => undefined)
      return { watcher, stop: () => clearTimeout(timer) }
    }),
    ({ stop, watcher }) => {
      stop()
      return Effect.promise(() => watcher.close())
    }
  )
})
