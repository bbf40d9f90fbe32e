/** The folders that a confined Vim is given, which are removed with it. */
import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { systemWords } from "../../services/faults/system-words.ts"
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
  const parent = tmpdir()
  try {
    const folder = mkdtempSync(join(parent, "retrace-vim-"))
    const [shown, work, reports] = [join(folder, "io"), join(folder, "w"), join(folder, "r")]
    for (const path of [shown, work, reports]) mkdirSync(path)
    for (const [name, content] of Object.entries(files)) writeFileSync(join(shown, name), content)
    if (confinedUser !== undefined) {
      for (const path of [folder, shown, work, reports]) chownSync(path, confinedUser, confinedUser)
    }
    return { folder, shown, work, reports, remove: () => rmSync(folder, { recursive: true, force: true }) }
  } catch (cause) {
    throw new Error(`no folder for it can be made in ${parent}: ${systemWords(cause)}`, { cause })
  }
}
