/** The processes of a sandbox, seen from outside. */
import { closeSync, openSync, readFileSync, readSync } from "node:fs"

const listOf = (pid: number): string => `/proc/${pid}/task/${pid}/children`

const pidsIn = (text: string): ReadonlyArray<number> => text.split(" ").filter((part) => part !== "").map(Number)

/** Returns the pids of the children of a process; none where the kernel does not tell. */
export const childrenOf = (pid: number): ReadonlyArray<number> => {
  try {
    return pidsIn(readFileSync(listOf(pid), "utf8"))
  } catch {
    return []
  }
}

/** A process whose children are asked for again and again. */
export interface Watched {
  readonly children: () => ReadonlyArray<number>
  readonly close: () => void
}

/** Watches a process; keeps its list of children open. */
export const watchChildren = (pid: number): Watched => {
  let list: number | undefined
  try {
    list = openSync(listOf(pid), "r")
  } catch {
    // The kernel does not tell.
  }
  const bytes = Buffer.alloc(4096)
  return {
    children: () => {
      if (list === undefined) return []
      try {
        return pidsIn(bytes.toString("latin1", 0, readSync(list, bytes, 0, bytes.length, 0)))
      } catch {
        return []
      }
    },
    close: () => {
      if (list !== undefined) closeSync(list)
      list = undefined
    }
  }
}

/**
 * Returns the last of a line of processes in which each has one child: whatever starts a Vim stands above it, and a Vim
 * that has not forked yet has none.
 */
export const onlyDescendantOf = (pid: number): number => {
  const children = childrenOf(pid)
  const [child] = children
  return child === undefined || children.length > 1 ? pid : onlyDescendantOf(child)
}
