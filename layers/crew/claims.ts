/**
 * Claims: who works on which piece, so that others take another one. A claim is a hint: where it is wrong a piece is done
 * twice, and nothing else happens. Its file is touched as long as its owner works; one that nobody touched for long is
 * stale, by the clock that touches files, whatever the clocks of the machines say.
 */
import { randomUUID } from "node:crypto"
import { readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { systemCode } from "../../services/faults/system-words.ts"
import { isElsewhere, isHeld, ownMark } from "../disk/lock-owner.ts"
import { makeFolder } from "../disk/make-folder.ts"

/** The claims of a run. */
export interface Claims {
  /** Claims what nobody works on: returns how to give it back, or why it is not to be had. */
  readonly take: (name: string) => Promise<TakenClaim | "claimed">
  /** Returns the names of what is claimed now, and whether somebody still works on it. */
  readonly all: () => Promise<ReadonlyArray<{ readonly name: string; readonly isFresh: boolean }>>
}

/** A claim of this process. */
export interface TakenClaim {
  /** Whether an earlier owner left it behind: its process was ended, or does not get on. */
  readonly wasAbandoned: boolean
  readonly release: () => Promise<void>
}

/** How often a claim is touched, and for how long nobody has to touch one that is stale. */
export interface ClaimTimes {
  readonly touchMillis: number
  readonly staleMillis: number
}

/** What claims are touched by where nobody says otherwise. */
export const usualClaimTimes: ClaimTimes = { touchMillis: 30_000, staleMillis: 120_000 }

/** Opens the claims in a folder. */
export const openClaims = (folder: string, { staleMillis, touchMillis }: ClaimTimes): Claims => {
  /** Whether somebody still works on what a file claims. */
  const isFreshAt = async (path: string, now: number): Promise<boolean | undefined> => {
    const [mark, file] = await Promise.all([readMark(path), stat(path).catch(() => undefined)])
    if (mark === undefined || file === undefined) return undefined
    // A process of this machine can be asked for, and one of another only be waited for.
    if (mark !== "" && !isElsewhere(mark.split("\n")[0] ?? "") && !isHeld(mark.split("\n")[0] ?? "")) return false
    return now - file.mtimeMs < staleMillis
  }
  const take = async (name: string): Promise<TakenClaim | "claimed"> => {
    await makeFolder(folder)
    const path = join(folder, name)
    const mark = `${ownMark()}\n${randomUUID()}`
    let wasAbandoned = false
    if (!(await isWritten(path, mark))) {
      const seen = await readMark(path)
      if (await isFreshAt(path, await clockOf(folder)) !== false) return "claimed"
      // Renamed away first: of several that see it only one gets it.
      const relic = join(folder, `.${randomUUID()}`)
      const isGone = await rename(path, relic).then(() => true, () => false)
      if (!isGone) return "claimed"
      wasAbandoned = await readMark(relic) === seen
      await rm(relic, { force: true })
      if (!(await isWritten(path, mark))) return "claimed"
    }
    const touching = setInterval(() => {
      // By writing, so that the clock of the file system says when.
      writeFile(path, mark, { flag: "r+" }).catch(() => undefined)
    }, touchMillis).unref()
    return {
      wasAbandoned,
      release: async () => {
        clearInterval(touching)
        // Whoever thought that it was stale may have it by now.
        if (await readMark(path) === mark) await rm(path, { force: true })
      }
    }
  }
  return {
    take,
    all: async () => {
      const names = await readdir(folder).catch(() => [])
      const now = names.length === 0 ? 0 : await clockOf(folder)
      const found = await Promise.all(
        names.filter((name) => !name.startsWith(".")).map(async (name) => ({
          name,
          isFresh: await isFreshAt(join(folder, name), now)
        }))
      )
      return found.flatMap(({ isFresh, name }) => (isFresh === undefined ? [] : [{ name, isFresh }]))
    }
  }
}

/** What the clock says that touches the files of a folder; this machine's for one who may not write there. */
export const clockOf = async (folder: string): Promise<number> => {
  const path = join(folder, `.${randomUUID()}`)
  try {
    await writeFile(path, "")
    return (await stat(path)).mtimeMs
  } catch {
    return Date.now()
  } finally {
    await rm(path, { force: true }).catch(() => undefined)
  }
}

const isWritten = (path: string, mark: string): Promise<boolean> =>
  writeFile(path, mark, { flag: "wx" }).then(() => true, (cause) => {
    if (systemCode(cause) === "EEXIST") return false
    throw cause
  })

const readMark = (path: string): Promise<string | undefined> => readFile(path, "utf8").catch(() => undefined)
