/** The processes of a sandbox, seen from outside. */
import { readFileSync } from "node:fs"

/** Returns the pids of the children of a process; none where the kernel does not tell. */
export const childrenOf = (pid: number): ReadonlyArray<number> => {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
    return text.split(" ").filter((part) => part !== "").map(Number)
  } catch {
    return []
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
