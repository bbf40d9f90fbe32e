/** Makes the folders that results lie in. */
import { mkdir, stat } from "node:fs/promises"
import { dirname } from "node:path"
import { systemCode } from "../../services/faults/system-words.ts"

const isThere = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)) !== undefined
  } catch (cause) {
    if (systemCode(cause) === "ENOENT") return false
    throw cause
  }
}

/**
 * Makes a folder, and those above it that are missing. Node's own recursive call never returns where the system keeps
 * the folders itself, as in /proc, because making one there fails as if its parent were missing.
 */
export const makeFolder = async (path: string): Promise<void> => {
  const missing: Array<string> = []
  for (let at = path; !(await isThere(at)); at = dirname(at)) missing.push(at)
  for (const folder of missing.toReversed()) {
    await mkdir(folder).catch(async (cause) => {
      // Another process may have been faster.
      if (systemCode(cause) === "EEXIST" && (await stat(folder)).isDirectory()) return
      throw systemCode(cause) === "ENOENT" ? Object.assign(new Error("no folder"), { code: "EACCES" }) : cause
    })
  }
  if (!(await stat(path)).isDirectory()) throw Object.assign(new Error("no folder"), { code: "ENOTDIR" })
}
