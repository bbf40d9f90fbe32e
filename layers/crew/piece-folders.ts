/**
 * The folders of pieces. A piece is made in a try folder that nobody else knows, and gets its name by one rename. The
 * folder of a run holds
 *
 *     <stage>/<piece>/              what a piece gave; ".piece.json" in it tells which try it was
 *     try/<stage>.<piece>.<id>/     what is being made, or was left behind by a kill
 *     failed/<stage>.<piece>.<n>.json   why the n-th failed try failed, from 1 on
 */
import { randomUUID } from "node:crypto"
import { open, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { systemCode } from "../../services/faults/system-words.ts"
import { mostTries, type WorkPiece } from "../../services/Crew.ts"
import { makeFolder } from "../disk/make-folder.ts"

/** Where a run lies. */
export interface RunPlace {
  /** Absolute path of the folder in which all agree on what is asked. */
  readonly agreement: string
  /** Absolute path of the folder for its pieces, which is that of what is asked: others who ask for more have another one. */
  readonly directory: string
  /** Absolute path of the folder for its results. */
  readonly output: string
  /** Name of the result that says that all are there. */
  readonly last: string
  /** Names of files that are somebody else's results, where they lie in the output folder already. */
  readonly results: ReadonlyArray<string>
}

/** Says in a piece's folder which try made it, and what it took. */
export const pieceFile = ".piece.json"

/** What {@link pieceFile} holds. */
export interface PieceRecord {
  /** Name of its try folder. */
  readonly try: string
  readonly weight: number
  /** From the beginning of the try to its end. */
  readonly millis: number
}

/** Returns the names of the pieces of a stage that are done. */
export const donePieces = async (directory: string, stage: string): Promise<ReadonlySet<string>> =>
  new Set(await namesIn(join(directory, stage)))

const namesIn = (folder: string): Promise<ReadonlyArray<string>> =>
  readdir(folder).catch((cause) => {
    if (systemCode(cause) === "ENOENT") return []
    throw cause
  })

/** A try folder. */
export interface Try {
  readonly folder: string
  readonly name: string
  readonly began: number
}

/** Makes a try folder for a piece. */
export const beginTry = async (directory: string, stage: string, piece: WorkPiece): Promise<Try> => {
  const name = `${stage}.${piece.name}.${randomUUID()}`
  const folder = join(directory, "try", name)
  await makeFolder(folder)
  return { folder, name, began: performance.now() }
}

/** Removes a try folder, as far as it is there. */
export const dropTry = (made: Try): Promise<void> => rm(made.folder, { recursive: true, force: true })

/**
 * Gives a try folder the name of its piece. Where another try was faster, its folder stays and this one goes: returns
 * whether it was this one.
 */
export const publishTry = async (directory: string, stage: string, piece: WorkPiece, made: Try): Promise<boolean> => {
  const millis = Math.round(performance.now() - made.began)
  const told: PieceRecord = { try: made.name, weight: piece.weight, millis }
  await writeFile(join(made.folder, pieceFile), JSON.stringify(told))
  for (const name of await readdir(made.folder)) await syncPath(join(made.folder, name))
  await syncPath(made.folder)
  await makeFolder(join(directory, stage))
  const final = join(directory, stage, piece.name)
  try {
    await rename(made.folder, final)
  } catch (cause) {
    if (!taken.has(systemCode(cause)) && !(await isThere(final))) throw cause
    // Over a network a rename is sent again when its answer is lost, and then fails although it was done.
    const isOurs = (await readPiece(final))?.try === made.name
    if (!isOurs) await dropTry(made)
    return isOurs
  }
  await syncPath(join(directory, stage))
  return true
}

/** What a rename onto a folder that is there fails with. */
const taken: ReadonlySet<string> = new Set(["ENOTEMPTY", "EEXIST"])

const isThere = (path: string): Promise<boolean> => stat(path).then(() => true, () => false)

/** Makes sure that what was written is on disk, where the system can: some cannot open folders. */
const syncPath = async (path: string): Promise<void> => {
  const file = await open(path, "r").catch(() => undefined)
  if (file === undefined) return
  await file.sync().catch(() => undefined)
  await file.close()
}

/** Returns what a piece's folder tells, or undefined for one without a word. */
export const readPiece = async (folder: string): Promise<PieceRecord | undefined> => {
  try {
    const told: unknown = JSON.parse(await readFile(join(folder, pieceFile), "utf8"))
    return isPieceRecord(told) ? told : undefined
  } catch {
    return undefined
  }
}

const isPieceRecord = (told: unknown): told is PieceRecord =>
  typeof told === "object" && told !== null && "try" in told && "weight" in told && "millis" in told

/** A try that failed. */
export interface FailedTry {
  /** Names of the stage and the piece, with "." between them. */
  readonly piece: string
  readonly reason: string
}

/** Counts a failed try of a piece; returns how many there are now. */
export const countFailure = async (
  directory: string,
  stage: string,
  piece: WorkPiece,
  reason: string
): Promise<number> => {
  const folder = join(directory, "failed")
  await makeFolder(folder)
  const failed: FailedTry = { piece: `${stage}.${piece.name}`, reason }
  for (let number = 1;; number++) {
    const path = join(folder, `${failed.piece}.${number}.json`)
    const isOurs = await writeFile(path, JSON.stringify(failed), { flag: "wx" }).then(() => true, (cause) => {
      if (systemCode(cause) === "EEXIST") return false
      throw cause
    })
    if (isOurs) return number
  }
}

/** Returns the failed tries of a run, in the order of their names. */
export const failedTries = async (directory: string): Promise<ReadonlyArray<FailedTry>> => {
  const folder = join(directory, "failed")
  const found: Array<FailedTry> = []
  for (const name of [...await namesIn(folder)].sort()) {
    const [, piece] = /^([a-z]+\.[a-z\d-]+)\.\d+\.json$/.exec(name) ?? []
    if (piece === undefined) continue
    // One that is being written is empty for a moment.
    const reason = await readFile(join(folder, name), "utf8").then(reasonIn, () => "")
    found.push({ piece, reason })
  }
  return found
}

const reasonIn = (text: string): string => {
  try {
    const told: unknown = JSON.parse(text)
    return typeof told === "object" && told !== null && "reason" in told ? String(told.reason) : ""
  } catch {
    return ""
  }
}

/**
 * Why a try failed whose process is gone. Processes are ended for many reasons, so this says less of a piece than another
 * failure does.
 */
export const abandoned = "its process was ended, or did not get on"

/**
 * So many tries of a piece may be abandoned before it is held to have ended their processes. What a piece does to the process
 * that it is made in is seen there: this is for what takes whole machines along.
 */
export const mostAbandoned = 50

/** Returns the last reason of a piece that failed too often, or undefined for one that may be tried again. */
export const reasonToCondemn = (
  failed: ReadonlyArray<FailedTry>,
  stage: string,
  piece: WorkPiece
): string | undefined => {
  const reasons = failed.filter((one) => one.piece === `${stage}.${piece.name}`).map(({ reason }) => reason)
  const seen = reasons.filter((reason) => reason !== abandoned)
  if (seen.length >= mostTries) return seen[seen.length - 1]
  return reasons.length - seen.length >= mostAbandoned ? abandoned : undefined
}
