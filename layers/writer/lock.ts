/**
 * The lock of a place where one process writes at a time: a file that names the process. It is made whole, by a link to a
 * draft, so that nobody finds it half written. The lock of a process that is gone is replaced by the one process that
 * holds the right to do so, which is a lock itself: of several that come at once, one gets it. Of a process on another
 * machine or in another container nobody can tell whether it is gone: as long as it holds a lock it touches the file now
 * and then, and a lock that was not touched for two minutes, by the clock of the file system, is that of a dead one.
 */
import { link, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { systemCode } from "../../services/faults/system-words.ts"
import { FolderTaken } from "../../services/Writer.ts"
import { onDisk } from "../disk/disk.ts"
import { isElsewhere, isHeld, ownMark } from "../disk/lock-owner.ts"

/** A lock that this process holds. */
export interface Lock {
  /** Gives it back before the scope does; doing so twice is harmless. */
  readonly release: () => Promise<void>
}

/** Holds the lock of `place`, a file at `path`, until it is released or the scope ends. */
export const lock = (path: string, place: string) => {
  const take = Effect.flatMap(onDisk(place, () => tryLock(path)), (attempt) => {
    switch (attempt._tag) {
      case "taken":
        return Effect.void
      case "held":
        return new FolderTaken({
          directory: place,
          detail: `process ${attempt.mark.split(" ")[0] ?? ""}${
            isElsewhere(attempt.mark) ? " of another machine or container" : ""
          } is writing there; wait for it, or pass another --output`
        })
      case "contended":
        return new FolderTaken({
          directory: place,
          detail: "its lock was left behind and could not be taken over"
        })
    }
  })
  // A process that is ending, or that takes over the same stale lock, is done in a moment: it gets two seconds.
  const patiently = Effect.retry(take, {
    while: (failure) => failure._tag === "FolderTaken",
    schedule: Schedule.exponential("60 millis").pipe(Schedule.jittered, Schedule.intersect(Schedule.recurs(5)))
  })
  const hold = Effect.map(patiently, (): Lock => {
    let isOurs = true
    const touching = setInterval(() => {
      // By writing, so that the clock of the file system says when.
      writeFile(path, ownMark(), { flag: "r+" }).catch(() => undefined)
    }, touchMillis).unref()
    return {
      release: async () => {
        clearInterval(touching)
        if (isOurs) await rm(path, { force: true })
        isOurs = false
      }
    }
  })
  // The next run takes over a lock that cannot be removed, because this process is gone by then.
  return Effect.acquireRelease(hold, ({ release }) => Effect.promise(() => release().catch(() => undefined)))
}

const touchMillis = 30_000
const staleMillis = 120_000

/** Whether the owner of a lock lives, as far as one can tell; `now` is a file that was made just now. */
const isAlive = async (mark: string, path: string, now: string): Promise<boolean> =>
  isElsewhere(mark) ? !await isStale(path, now) : isHeld(mark)

/** Whether nobody touched a file for long, by the clock that touched one just now. */
const isStale = async (path: string, now: string): Promise<boolean> => {
  const [touched, made] = await Promise.all([stat(path), stat(now)]).catch(() => [undefined, undefined])
  return touched !== undefined && made !== undefined && made.mtimeMs - touched.mtimeMs >= staleMillis
}

type LockAttempt =
  | { readonly _tag: "taken" }
  | { readonly _tag: "held"; readonly mark: string }
  /** It changed under our eyes: another try will tell. */
  | { readonly _tag: "contended" }

let drafts = 0

const tryLock = async (path: string): Promise<LockAttempt> => {
  const draft = `${path}.${process.pid}-${drafts++}`
  try {
    await writeFile(draft, ownMark())
    const attempt = await claim(draft, path)
    if (attempt._tag === "taken") await sweepRelics(path, draft)
    return attempt
  } finally {
    await rm(draft, { force: true }).catch(() => undefined)
  }
}

/** The right to replace a lock whose owner is gone. */
const rightOf = (path: string): string => `${path}.free`

const claim = async (draft: string, path: string): Promise<LockAttempt> => {
  if (await isMade(draft, path)) return { _tag: "taken" }
  const mark = await readMark(path)
  if (mark === undefined) return { _tag: "contended" }
  if (await isAlive(mark, path, draft)) return { _tag: "held", mark }
  const right = rightOf(path)
  const attempt = await claim(draft, right)
  if (attempt._tag !== "taken") return attempt
  // Only the holder of the right replaces a lock, and its dead owner does not either: it stays as it is seen here.
  if (await readMark(path) === mark) {
    await rename(right, path)
    return attempt
  }
  await rm(right, { force: true })
  return { _tag: "contended" }
}

/** Systems of files without hard links: there a lock is empty for a moment. */
const hasNoLinks: ReadonlySet<string> = new Set(["EPERM", "ENOSYS", "ENOTSUP", "EOPNOTSUPP"])

/** Makes the lock, unless there is one. */
const isMade = async (draft: string, path: string): Promise<boolean> => {
  try {
    await link(draft, path).catch((cause) => {
      if (!hasNoLinks.has(systemCode(cause))) throw cause
      return writeFile(path, ownMark(), { flag: "wx" })
    })
    return true
  } catch (cause) {
    if (systemCode(cause) === "EEXIST") return false
    throw cause
  }
}

const readMark = (path: string): Promise<string | undefined> =>
  readFile(path, "utf8").catch((cause) => {
    if (systemCode(cause) === "ENOENT") return undefined
    throw cause
  })

/** Removes drafts and rights of processes that were killed with them. Whoever holds the lock may: a right is no use now. */
const sweepRelics = async (path: string, now: string): Promise<void> => {
  const prefix = `${basename(path)}.`
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(prefix)) continue
    const relic = join(dirname(path), name)
    if (relic === now || !/^(?:\d+-\d+|free(?:\.free)*)$/.test(name.slice(prefix.length))) continue
    const mark = await readMark(relic)
    if (mark === undefined) continue
    // The draft of another process is empty for a moment.
    const isGone = mark === "" ? await isStale(relic, now) : !await isAlive(mark, relic, now)
    if (isGone) await rm(relic, { force: true })
  }
}
