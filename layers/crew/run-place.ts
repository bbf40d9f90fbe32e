/** The place of a run that a crew works on: what was asked, and how its results get where they belong. */
import { randomUUID } from "node:crypto"
import type { Dirent } from "node:fs"
import { copyFile, link, readdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import * as Effect from "effect/Effect"
import { differencesBetween, sayDifferences } from "../../services/faults/differences.ts"
import { systemCode } from "../../services/faults/system-words.ts"
import { type Agreement, type Crew, RunSealed } from "../../services/Crew.ts"
import { type CannotWrite, FolderTaken } from "../../services/Writer.ts"
import { exists, onDisk } from "../disk/disk.ts"
import { makeFolder } from "../disk/make-folder.ts"
import { lookAt, requestFile } from "./look.ts"
import { pieceFile, type RunPlace } from "./piece-folders.ts"

/** Returns all of a crew but how it finishes stages, which is where crews differ. */
export const crewAt = (place: RunPlace): Omit<Crew["Type"], "finish"> => ({
  agree: (request) => Effect.flatten(onDisk(place.output, () => agree(place, request))),
  isSealed: isSealedAt(place),
  look: onDisk(place.directory, () => lookAt(place)),
  folderOf: (stage, piece) => join(place.directory, stage, piece),
  seal: ({ beside, piece, stage }) =>
    onDisk(place.output, () => seal(place, join(place.directory, stage, piece), beside))
})

/** Whether the results of a run are whole. */
export const isSealedAt = ({ last, output }: RunPlace): Effect.Effect<boolean, CannotWrite> =>
  onDisk(output, () => exists(join(output, last)))

/** Fails where the results of a run are whole. */
export const failIfSealed = (place: RunPlace): Effect.Effect<void, CannotWrite | RunSealed> =>
  Effect.flatMap(isSealedAt(place), (isSealed) => isSealed ? new RunSealed() : Effect.void)

/**
 * Has what fails in a run that others have finished meanwhile fail for that reason: the pieces are gone then. A member may
 * find them gone that has slept since it last looked.
 */
export const unlessSealed =
  (place: RunPlace) => <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | RunSealed | CannotWrite, R> =>
    Effect.catchAll(effect, (failure) => Effect.zipRight(failIfSealed(place), Effect.fail(failure)))

type Agreed = Effect.Effect<Agreement, FolderTaken>

const agree = async ({ directory, last, output, results }: RunPlace, request: unknown): Promise<Agreed> => {
  const taken = (detail: string): Agreed => Effect.fail(new FolderTaken({ directory: output, detail }))
  await makeFolder(output)
  const isSealed = await exists(join(output, last))
  const path = join(directory, requestFile)
  const known = await readRequest(path)
  if (known === undefined) {
    const names = new Set(await readdir(output))
    if (isSealed) return taken("it holds a finished run; remove it, or pass another --output")
    if (results.some((name) => names.has(name))) {
      return taken("it holds a dataset or a run of one process; remove it, or pass another --output")
    }
    await makeFolder(directory)
    const draft = join(directory, `.${randomUUID()}`)
    await writeFile(draft, `${JSON.stringify(request, null, 2)}\n`)
    const isOurs = await link(draft, path).then(() => true, (cause) => {
      if (systemCode(cause) === "EEXIST") return false
      throw cause
    }).finally(() => rm(draft, { force: true }))
    return isOurs ? Effect.succeed({ isSealed }) : agree({ directory, last, output, results }, request)
  }
  const differences = differencesBetween(known, request)
  if (JSON.stringify(known) === JSON.stringify(request)) return Effect.succeed({ isSealed })
  const run = isSealed ? "its finished run" : "its unfinished run"
  return Effect.fail(
    new FolderTaken({
      directory: output,
      detail: `${run} had other options${sayDifferences(differences)}; remove it, or pass another --output`,
      differences
    })
  )
}

const readRequest = async (path: string): Promise<unknown> => {
  const text = await readFile(path, "utf8").catch((cause) => {
    if (systemCode(cause) === "ENOENT") return undefined
    throw cause
  })
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const seal = async (
  { directory, last, output }: RunPlace,
  merged: string,
  beside: Readonly<Record<string, string>>
): Promise<void> => {
  for (const [name, path] of Object.entries(beside)) await move(join(merged, name), path)
  const entries: ReadonlyArray<Dirent> = await readdir(merged, { withFileTypes: true }).catch((cause) => {
    // Somebody else is done with it.
    if (systemCode(cause) === "ENOENT") return []
    throw cause
  })
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name)
  for (const name of names.filter((name) => name !== pieceFile && name !== last)) {
    await move(join(merged, name), join(output, name))
  }
  if (names.includes(last)) await move(join(merged, last), join(output, last))
  for (const name of await readdir(directory)) {
    if (name !== requestFile && name !== "failed") await drop(directory, name)
  }
}

/** Removes a folder, from which others who do not know yet that the run is sealed may still read and write. */
const drop = async (directory: string, name: string): Promise<void> => {
  const doomed = join(directory, `.${randomUUID()}`)
  await rename(join(directory, name), doomed).catch((cause) => {
    if (systemCode(cause) !== "ENOENT") throw cause
  })
  // Who writes there right now makes another removal fail, and removes what it wrote itself.
  await rm(doomed, { recursive: true, force: true }).catch(() => undefined)
}

/** Moves a file, unless somebody else did. */
const move = async (from: string, to: string): Promise<void> => {
  await makeFolder(dirname(to))
  await rename(from, to).catch(async (cause) => {
    if (systemCode(cause) === "ENOENT") return
    if (systemCode(cause) !== "EXDEV") throw cause
    // It lies on another disk.
    const draft = `${to}.${randomUUID()}.part`
    await copyFile(from, draft)
    await rename(draft, to)
    await rm(from, { force: true })
  })
}
