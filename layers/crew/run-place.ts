/** The place of a run that a crew works on: what was asked, and how its results get where they belong. */
import { randomUUID } from "node:crypto"
import type { Dirent } from "node:fs"
import { copyFile, link, readdir, readFile, rename, rm, rmdir, writeFile } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import * as Effect from "effect/Effect"
import { differencesBetween, sayDifferences } from "../../services/faults/differences.ts"
import { systemCode } from "../../services/faults/system-words.ts"
import { type Agreement, type Crew, RunSealed, type WorkStage } from "../../services/Crew.ts"
import { type CannotWrite, FolderTaken } from "../../services/Writer.ts"
import { exists, onDisk } from "../disk/disk.ts"
import { makeFolder } from "../disk/make-folder.ts"
import { announceStage, lookAt, nameOfRequest, requestFile } from "./look.ts"
import { pieceFile, type RunPlace } from "./piece-folders.ts"

/** Returns all of a crew but how it finishes stages, which is where crews differ. */
export const crewAt = (place: RunPlace): Omit<Crew["Type"], "finish"> => ({
  agree: (request) => Effect.flatten(onDisk(place.output, () => agree(place, request))),
  isSealed: isSealedAt(place),
  look: onDisk(place.directory, () => lookAt(place)),
  folderOf: (stage, piece) => join(place.directory, stage, piece),
  seal: ({ beside, piece, stage }) =>
    Effect.flatten(onDisk(place.output, () => seal(place, join(place.directory, stage, piece), beside)))
})

/** Returns the place of a run, given what is asked. */
export const placeOfRequest = (place: Omit<RunPlace, "directory">, request: unknown): RunPlace => ({
  ...place,
  directory: join(place.agreement, nameOfRequest(request))
})

/** Whether the results of a run are whole. */
export const isSealedAt = (place: RunPlace): Effect.Effect<boolean, CannotWrite> =>
  onDisk(place.output, () => isSealed(place))

/** Names the run that the results are of, from the moment on when nothing but their last name is missing. */
const sealFile = "sealed"

const isSealed = async ({ agreement, directory, last, output }: RunPlace): Promise<boolean> =>
  await exists(join(output, last)) && await readMark(agreement) === basename(directory)

const readMark = (agreement: string): Promise<string | undefined> =>
  readFile(join(agreement, sealFile), "utf8").catch(() => undefined)

/** Fails where the results of a run are whole. */
export const failIfSealed = (place: RunPlace): Effect.Effect<void, CannotWrite | RunSealed> =>
  Effect.flatMap(isSealedAt(place), (isSealed) => isSealed ? new RunSealed() : Effect.void)

/** Comes to a stage: fails where the run is sealed, and says which pieces the stage has. */
export const enterStage = <E, R>(
  place: RunPlace,
  stage: WorkStage<E, R>
): Effect.Effect<void, CannotWrite | RunSealed> =>
  Effect.zipRight(failIfSealed(place), onDisk(place.directory, () => announceStage(place, stage)))

/**
 * Has what fails in a run that others have finished meanwhile fail for that reason: the pieces are gone then. A member may
 * find them gone that has slept since it last looked.
 */
export const unlessSealed =
  (place: RunPlace) => <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | RunSealed | CannotWrite, R> =>
    Effect.catchAll(effect, (failure) => Effect.zipRight(failIfSealed(place), Effect.fail(failure)))

type Agreed = Effect.Effect<Agreement, FolderTaken>

const agree = async (place: RunPlace, request: unknown): Promise<Agreed> => {
  const { agreement, last, output, results } = place
  const taken = (detail: string): Agreed => Effect.fail(new FolderTaken({ directory: output, detail }))
  await makeFolder(output)
  const names = new Set(await readdir(output))
  if (results.some((name) => name.endsWith(".part") && names.has(name))) {
    return taken("one process writes there, or did and was interrupted; pass another --output")
  }
  const path = join(agreement, requestFile)
  const known = await readRequest(path)
  if (known === undefined) {
    if (names.has(last)) return taken("it holds a finished run; remove it, or pass another --output")
    if (results.some((name) => names.has(name))) {
      return taken("it holds a dataset that is not ours; remove it, or pass another --output")
    }
    await makeFolder(agreement)
    const draft = join(agreement, `.${randomUUID()}`)
    await writeFile(draft, `${JSON.stringify(request, null, 2)}\n`)
    const isOurs = await link(draft, path).then(() => true, (cause) => {
      if (systemCode(cause) === "EEXIST") return false
      throw cause
    }).finally(() => rm(draft, { force: true }))
    return isOurs ? Effect.succeed({ isSealed: false }) : agree(place, request)
  }
  const isWhole = await isSealed(place)
  if (JSON.stringify(known) === JSON.stringify(request)) {
    if (names.has(last) && !isWhole && !(await exists(place.directory))) {
      return taken("it holds a finished run of somebody else; pass another --output")
    }
    return Effect.succeed({ isSealed: isWhole })
  }
  return taken(
    `its ${names.has(last) ? "finished" : "unfinished"} run had other options${
      sayDifferences(differencesBetween(known, request))
    }; remove it, or pass another --output`
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
  place: RunPlace,
  merged: string,
  beside: Readonly<Record<string, string>>
): Promise<Effect.Effect<void, FolderTaken>> => {
  const { agreement, directory, last, output } = place
  const mark = basename(directory)
  const asked = await readRequest(join(agreement, requestFile))
  // Somebody may have removed the run and begun another one while this one was under way.
  const isOurs = asked !== undefined && nameOfRequest(asked) === mark
  if (!isOurs || (await exists(join(output, last)) && await readMark(agreement) !== mark)) {
    return Effect.fail(
      new FolderTaken({
        directory: output,
        detail: "somebody began another run there meanwhile; pass another --output"
      })
    )
  }
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
  if (names.includes(last)) {
    await writeFile(join(agreement, sealFile), mark)
    await move(join(merged, last), join(output, last))
  }
  for (const name of await readdir(directory).catch(() => [])) if (name !== "failed") await drop(directory, name)
  // It stays where it tells of tries that failed.
  await rmdir(directory).catch(() => undefined)
  return Effect.void
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
    try {
      await copyFile(from, draft)
      await rename(draft, to)
      await rm(from, { force: true })
    } catch (cause) {
      await rm(draft, { force: true })
      // Somebody else moved it meanwhile.
      if (systemCode(cause) !== "ENOENT") throw cause
    }
  })
}
