/** The folders that a confined Vim is given, which are removed with it. */
import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { systemWords } from "../../services/faults/system-words.ts"
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

/** Makes a room with these files in it; throws an error that says in words why it cannot. */
export const makeRoom = (files: Readonly<Record<string, string | Uint8Array>>): Room => {
  const folder = temporaryFolder()
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
    throw new Error(`its files cannot be written to ${folder}: ${systemWords(cause)}`, { cause })
  }
}

/** Makes a folder for a Vim; throws an error that says in words why it cannot. */
export const temporaryFolder = (): string => {
  try {
    return mkdtempSync(join(tmpdir(), "retrace-vim-"))
  } catch (cause) {
    throw new Error(`no folder for it can be made in ${tmpdir()}: ${systemWords(cause)}`, { cause })
  }
}

/** What cannot be done without a folder, as a failure of the sandbox. */
export const withFolder = <A>(work: () => A): Effect.Effect<A, SandboxUnavailable> =>
  Effect.try({
    try: work,
    catch: (cause) =>
      new SandboxUnavailable({ part: "confinement", detail: cause instanceof Error ? cause.message : String(cause) })
  })
