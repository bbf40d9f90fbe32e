/** What all ways of writing need: failures with their reasons, a lock, and JSON that is either whole or not there. */
import { open, readFile, rename, rm, writeFile } from "node:fs/promises"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { systemCode, systemWords } from "../../services/faults/system-words.ts"
import { CannotWrite, FolderTaken } from "../../services/Writer.ts"
import { isHeld, ownMark } from "./lock-owner.ts"

/** Records go to disk at least this often, so that a kill costs no more than that. */
export const flushMillis = 5000

/** Does something with the disk; fails with why the disk refused. */
export const onDisk = <A>(path: string, run: () => Promise<A>): Effect.Effect<A, CannotWrite> =>
  Effect.tryPromise({
    try: run,
    catch: (cause) => new CannotWrite({ path, detail: reasonOf(cause) })
  })

/** Refusals that may not happen in another place. */
const ofThePlace: ReadonlySet<string> = new Set(["ENOENT", "EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST", "EISDIR"])

const reasonOf = (cause: unknown): string =>
  ofThePlace.has(systemCode(cause)) ? `${systemWords(cause)}; pass another --output` : systemWords(cause)

/**
 * Holds the lock of `place`: a file at `path` that names this process. The lock of a process that is gone is taken
 * over.
 */
export const lock = (path: string, place: string) => {
  const take = Effect.gen(function*() {
    const taken = yield* onDisk(path, () =>
      writeFile(path, ownMark(), { flag: "wx" }).then(
        () => true,
        (cause) => {
          if (systemCode(cause) !== "EEXIST") throw cause
          return false
        }
      ))
    if (taken) return
    const owner = yield* onDisk(path, () => readFile(path, "utf8").catch(() => ""))
    if (isHeld(owner)) {
      return yield* new FolderTaken({
        directory: place,
        detail: `process ${owner.split(" ")[0] ?? ""} is writing there; wait for it, or pass another --output`
      })
    }
    yield* onDisk(path, () => rm(path, { force: true }))
    return yield* new FolderTaken({ directory: place, detail: "its lock was left behind and could not be taken over" })
  })
  // A process that is ending, or that takes over the same stale lock, is done in a moment: it gets two seconds.
  const patiently = Effect.retry(take, {
    while: (failure) => failure._tag === "FolderTaken",
    schedule: Schedule.exponential("60 millis").pipe(Schedule.jittered, Schedule.intersect(Schedule.recurs(5)))
  })
  // The next run takes over a lock that cannot be removed, because this process is gone by then.
  return Effect.acquireRelease(patiently, () => Effect.promise(() => rm(path, { force: true }).catch(() => undefined)))
}

export const readJson = (path: string) =>
  onDisk(path, async () => {
    const text = await readFile(path, "utf8").catch((cause) => {
      if (systemCode(cause) === "ENOENT") return undefined
      throw cause
    })
    if (text === undefined) return undefined
    try {
      return JSON.parse(text) as unknown
    } catch {
      return null
    }
  })

/** Returns where a file of JSON is written before it gets its name. */
export const draftOf = (path: string): string => (path.endsWith(".part") ? `${path}.new` : `${path}.part`)

/** Writes JSON beside its place, then renames it there. */
export const replaceFile = async (path: string, document: unknown): Promise<void> => {
  const draft = draftOf(path)
  const file = await open(draft, "w")
  try {
    await file.writeFile(`${JSON.stringify(document, null, 2)}\n`)
    await file.datasync()
  } finally {
    await file.close()
  }
  await rename(draft, path)
}
