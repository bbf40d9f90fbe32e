/** The folders that a confined Vim is given, which are removed with it. */
import { chownSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, resolve } from "node:path"
import * as Effect from "effect/Effect"
import { systemWords } from "../../services/faults/system-words.ts"
import { temporaryAdvice } from "../../services/faults/temporary-folder.ts"
import { SandboxUnavailable } from "../../services/Sandbox.ts"
import { confinedUser } from "./confined-user.ts"

/** A folder on the host with three in it. */
export interface Room {
  readonly folder: string
  /** What the Vim inside reads: its script, the filter, the attempt. The host writes here, and the Vim never does. */
  readonly shown: string
  /** What the Vim inside writes to. Bubblewrap mounts others over these, so that on the host they stay empty. */
  readonly work: string
  readonly reports: string
  readonly remove: () => void
}

/** Makes a room with these files in it; throws a NoRoom where it cannot. */
export const makeRoom = (files: Readonly<Record<string, string | Uint8Array>>): Room => {
  const folder = temporaryFolder()
  const locked = confinedUser === undefined ? undefined : lockedAbove(folder)
  if (locked !== undefined) {
    rmSync(folder, { recursive: true, force: true })
    throw new NoRoom(`it runs as another user than root, who cannot enter ${locked}; ${temporaryAdvice}`)
  }
  const [shown, work, reports] = [join(folder, "io"), join(folder, "w"), join(folder, "r")]
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    for (const path of [shown, work, reports]) mkdirSync(path)
    for (const [name, content] of Object.entries(files)) writeFileSync(join(shown, name), content)
    if (confinedUser !== undefined) {
      for (const path of [folder, shown, work, reports]) chownSync(path, confinedUser, confinedUser)
    }
    return { folder, shown, work, reports, remove }
  } catch (cause) {
    remove()
    throw new NoRoom(`its files cannot be written to ${folder}: ${systemWords(cause)}`, { cause })
  }
}

/** Returns the folder above another one that others than its owner and group may not enter, or undefined. */
const lockedAbove = (folder: string): string | undefined => {
  const parent = dirname(folder)
  if ((statSync(parent).mode & 0o001) === 0) return parent
  return parent === folder ? undefined : lockedAbove(parent)
}

/** Why a Vim gets no folder, in words. */
export class NoRoom extends Error {}

/** Makes a folder for a Vim, and returns its absolute path; throws a NoRoom where it cannot. */
export const temporaryFolder = (): string => {
  const parent = resolve(tmpdir())
  try {
    return mkdtempSync(join(parent, "retrace-vim-"))
  } catch (cause) {
    throw new NoRoom(`no folder for it can be made in ${parent}: ${systemWords(cause)}; ${temporaryAdvice}`, { cause })
  }
}

/** What cannot be done without a folder, as a failure of the sandbox. */
export const withFolder = <A>(work: () => A): Effect.Effect<A, SandboxUnavailable> =>
  Effect.try({ try: work, catch: (cause) => unavailableFor(cause) })

/** Why a Vim does not start, as a failure of the sandbox. */
export const unavailableFor = (cause: unknown): SandboxUnavailable =>
  new SandboxUnavailable({
    part: cause instanceof NoRoom ? "folder" : "confinement",
    detail: cause instanceof Error ? cause.message : String(cause)
  })
