/**
 * Who holds a lock: a process, by its number and, where the system tells, the moment when it started. Numbers alone are
 * used again: in a container the first process always has the same one.
 */
import { readFileSync } from "node:fs"

/** What a process writes into its lock. */
export const ownMark = (): string => `${process.pid} ${statusOf(process.pid)?.started ?? ""}`.trim()

/** Whether the process that wrote the mark still runs. A zombie does not. */
export const isHeld = (mark: string): boolean => {
  const [number = "", started] = mark.split(" ")
  const pid = Number(number)
  if (!Number.isInteger(pid) || pid <= 0 || !exists(pid)) return false
  const status = statusOf(pid)
  if (status === undefined) return true
  return !status.isDead && (started === undefined || started === status.started)
}

const exists = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (cause) {
    return cause instanceof Error && "code" in cause && cause.code === "EPERM"
  }
}

/** Returns the state and the start of a process, as Linux tells them (proc(5)); undefined on other systems. */
const statusOf = (pid: number): { readonly isDead: boolean; readonly started: string } | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
    // The name in brackets may hold anything; the third field follows it.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
    return { isDead: /^[ZX]/.test(fields[0] ?? ""), started: fields[19] ?? "" }
  } catch {
    return undefined
  }
}
