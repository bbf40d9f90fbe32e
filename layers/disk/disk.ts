/** What all ways of writing need: failures with their reasons, and JSON that is either whole or not there. */
import { constants } from "node:fs"
import { access, type FileHandle, open, readFile, rename, unlink } from "node:fs/promises"
import * as Effect from "effect/Effect"
import { systemCode, systemWords } from "../../services/faults/system-words.ts"
import { wellFormedJson } from "../../services/rows/well-formed.ts"
import { CannotWrite } from "../../services/Writer.ts"

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

/** A link is not opened. Windows has none of these. */
const noFollow = constants.O_NOFOLLOW ?? 0

/**
 * Opens a file that a run writes, from its beginning ("w") or at its end ("a"). What a stranger's folder has under that
 * name, such as a link into another place, is not written through.
 */
export const openOwn = async (path: string, how: "w" | "a"): Promise<FileHandle> => {
  if (how === "a") return open(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | noFollow)
  await unlink(path).catch((cause) => {
    if (systemCode(cause) !== "ENOENT") throw cause
  })
  return open(path, "wx")
}

/** Cuts a file that a run writes off behind so many bytes. */
export const cutOff = async (path: string, bytes: number): Promise<void> => {
  const file = await open(path, constants.O_WRONLY | noFollow)
  try {
    await file.truncate(bytes)
  } finally {
    await file.close()
  }
}

/** Whether a file is there; fails where that cannot be told. */
export const exists = (path: string): Promise<boolean> =>
  access(path).then(() => true, (cause) => {
    if (systemCode(cause) === "ENOENT") return false
    throw cause
  })

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

/** Writes JSON beside its place. A draft that is cut off is no JSON. */
export const writeDraft = (path: string, document: unknown): Promise<void> =>
  writeTextDraft(path, `${wellFormedJson(JSON.stringify(document, null, 2))}\n`)

const writeTextDraft = async (path: string, text: string): Promise<void> => {
  const file = await openOwn(draftOf(path), "w")
  try {
    await file.writeFile(text)
    await file.datasync()
  } finally {
    await file.close()
  }
}

/** Gives a draft its name. Nobody has to hold the lock any more: another run that does the same may be faster. */
export const nameDraft = (path: string): Promise<void> =>
  rename(draftOf(path), path).catch((cause) => access(path).catch(() => Promise.reject(cause)))

/** Writes JSON beside its place, then renames it there. */
export const replaceFile = async (path: string, document: unknown): Promise<void> => {
  await writeDraft(path, document)
  await rename(draftOf(path), path)
}

/** Writes a text beside its place, then renames it there. */
export const replaceText = async (path: string, text: string): Promise<void> => {
  await writeTextDraft(path, text)
  await rename(draftOf(path), path)
}
