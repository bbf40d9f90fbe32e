/**
 * Who holds a lock: a process, by its number, the moment when it started, and the place where such numbers count. Numbers
 * alone are used again: in a container the first process always has the same one.
 */
import { readFileSync, readlinkSync } from "node:fs"
import { hostname } from "node:os"
import { fingerprint } from "../../services/text/random.ts"

/** Numbers of processes count on one machine, and in a container there; folders may be shared between them. */
export const placeOfNumbers = (): string => {
  // Other systems have one namespace.
  let place = ""
  try {
    // Namespaces are numbered alike on all machines, and machines may have one name: each start of one has its own id.
    place = readlinkSync("/proc/self/ns/pid") + readFileSync("/proc/sys/kernel/random/boot_id", "utf8")
  } catch {
    // There is no /proc.
  }
  return fingerprint(hostname(), place).slice(0, 8)
}

/** What a process writes into its lock; "-" stands for a moment that the system does not tell. */
export const ownMark = (): string => `${process.pid} ${statusOf(process.pid)?.started ?? "-"} ${placeOfNumbers()}`

/** Whether a mark is that of a process of another machine or container, of which nobody here can tell whether it runs. */
export const isElsewhere = (mark: string): boolean => {
  const [, place] = /^\d+ (?:\d+|-) ([\da-f]{8})$/.exec(mark) ?? []
  return place !== undefined && place !== placeOfNumbers()
}

/** Whether the process that wrote the mark still runs, given that it runs here if anywhere. A zombie does not. */
export const isHeld = (mark: string): boolean => {
  const [number = "", started] = mark.split(" ")
  const pid = Number(number)
  if (!Number.isInteger(pid) || pid <= 0 || !exists(pid)) return false
  const status = statusOf(pid)
  if (status === undefined) return true
  return !status.isDead && (started === undefined || started === "-" || started === status.started)
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
