/** A look at a run from outside: all that its folder tells. */
import { readdir, readFile, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { systemCode } from "../../services/faults/system-words.ts"
import type { CrewView, StageView, WorkPiece, WorkStage } from "../../services/Crew.ts"
import { fingerprint } from "../../services/text/random.ts"
import { exists } from "../disk/disk.ts"
import { makeFolder } from "../disk/make-folder.ts"
import { clockOf, openClaims, usualClaimTimes } from "./claims.ts"
import { donePieces, failedTries, readPiece } from "./piece-folders.ts"
import type { RunPlace } from "./piece-folders.ts"

/** What was asked; it stays when the run is sealed, so that who comes late knows that nothing is left to do. */
export const requestFile = "request.json"

/** Names the folder for the pieces of what is asked. */
export const nameOfRequest = (request: unknown): string => fingerprint(JSON.stringify(request))

const stagesFolder = "stages"

/** Writes down which pieces a stage has, for those who look. */
export const announceStage = async (
  { directory }: RunPlace,
  { name, pieces }: Pick<WorkStage<never, never>, "name" | "pieces">
): Promise<void> => {
  const folder = join(directory, stagesFolder)
  await makeFolder(folder)
  await writeFile(join(folder, `${name}.json`), JSON.stringify(pieces), { flag: "wx" }).catch((cause) => {
    if (systemCode(cause) !== "EEXIST") throw cause
  })
}

/** Looks at a run; returns null where nobody shares one. */
export const lookAt = async ({ agreement, last, output }: Omit<RunPlace, "directory">): Promise<CrewView | null> => {
  const path = join(agreement, requestFile)
  const began = await stat(path).then(({ mtimeMs }) => mtimeMs, () => undefined)
  if (began === undefined) return null
  const request: unknown = JSON.parse(await readFile(path, "utf8"))
  const directory = join(agreement, nameOfRequest(request))
  const isSealed = await exists(join(output, last))
  const names = await readdir(join(directory, stagesFolder)).catch(() => [])
  const announced = await Promise.all(names.map(async (file) => ({
    name: file.replace(/\.json$/, ""),
    pieces: readPieces(await readFile(join(directory, stagesFolder, file), "utf8").catch(() => "")),
    at: await stat(join(directory, stagesFolder, file)).then(({ mtimeMs }) => mtimeMs, () => 0)
  })))
  const claims = await openClaims(join(directory, "claim"), usualClaimTimes).all()
  const stages: Array<StageView> = []
  for (const { at, name, pieces } of announced.toSorted((a, b) => a.at - b.at)) {
    const done = await Promise.all([...await donePieces(directory, name)].map(async (piece) => {
      const folder = join(directory, name, piece)
      const [told, file] = await Promise.all([readPiece(folder), stat(folder).catch(() => undefined)])
      return { weight: told?.weight ?? 0, at: file?.mtimeMs ?? 0 }
    }))
    stages.push({
      name,
      began: at,
      pieces: pieces.length,
      weight: pieces.reduce((sum, { weight }) => sum + weight, 0),
      done,
      underWay: claims.filter((claim) => claim.isFresh && claim.name.startsWith(`${name}.`)).length
    })
  }
  return { request, isSealed, began, now: await clockOf(directory), stages, failed: await failedTries(directory) }
}

const readPieces = (text: string): ReadonlyArray<WorkPiece> => {
  try {
    const told: unknown = JSON.parse(text)
    return Array.isArray(told) ? told : []
  } catch {
    // It is being written.
    return []
  }
}
