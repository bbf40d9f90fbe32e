/** The folders that confined Vims are given: made for one owner, removed with it, swept where an owner was killed. */
import { chownSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
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

const prefix = "retrace-vim-"

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (cause) {
    return !(cause instanceof Error && "code" in cause && cause.code === "ESRCH")
  }
}

/** Removes the rooms of this user whose owners were killed. */
const sweep = (folder: string) => {
  for (const name of readdirSync(folder)) {
    const pid = Number(/^retrace-vim-(\d+)-/.exec(name)?.[1] ?? process.pid)
    if (isAlive(pid)) continue
    const path = join(folder, name)
    if (lstatSync(path).uid === process.getuid?.() || confinedUser !== undefined) {
      rmSync(path, { recursive: true, force: true })
    }
  }
}

let hasSwept = false

/** Makes a room with these files in it; throws an error that says in words why it cannot. */
export const makeRoom = (files: Readonly<Record<string, string | Uint8Array>>): Room => {
  const parent = tmpdir()
  try {
    if (!hasSwept) sweep(parent)
    hasSwept = true
    const folder = mkdtempSync(join(parent, `${prefix}${process.pid}-`))
    const [shown, work, reports] = [join(folder, "io"), join(folder, "w"), join(folder, "r")]
    for (const path of [shown, work, reports]) mkdirSync(path)
    for (const [name, content] of Object.entries(files)) writeFileSync(join(shown, name), content)
    if (confinedUser !== undefined) {
      for (const path of [folder, shown, work, reports]) chownSync(path, confinedUser, confinedUser)
    }
    return { folder, shown, work, reports, remove: () => rmSync(folder, { recursive: true, force: true }) }
  } catch (cause) {
    throw new Error(`no folder for it can be made in ${parent}: ${systemWords(cause)}`)
  }
}
