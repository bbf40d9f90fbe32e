/**
 * Whether the history that git finds for a work tree is its own. A folder that somebody packed may name any repository of
 * this machine as its history, so one that lies elsewhere must know the folder too: it names it, as git's work trees and
 * submodules do, or its index holds what only a file that it checked out there can have.
 */
import { lstat, realpath } from "node:fs/promises"
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path"
import * as Effect from "effect/Effect"
import type { GitLost } from "../../services/Git.ts"
import { askGit, orNothing } from "./ask-git.ts"
import { type FoundHistory, realPath } from "./find-history.ts"
import { lookInside } from "./inside.ts"

/** So long is a path at the most, in bytes. */
const mostPathBytes = 4096

const isWithin = (folder: string, path: string): boolean => {
  const inside = relative(folder, path)
  return inside !== ".." && !inside.startsWith(`..${sep}`) && !isAbsolute(inside)
}

/** Returns whether the history is that of the folder. */
export const isOwnHistory = (found: FoundHistory): Effect.Effect<boolean, GitLost> =>
  Effect.gen(function*() {
    const [git, common] = yield* Effect.all([realPath(found.gitDirectory), realPath(found.commonDirectory)])
    if (found.top === null) return isWithin(common, git)
    const top = yield* realPath(found.top)
    if (git === common && isWithin(top, git)) return true
    const isLinked = dirname(git) === join(common, "worktrees")
    if (git !== common && !isLinked) return false
    const named = yield* isLinked ? linkedWorkTree(git) : configuredWorkTree(git)
    return (named !== undefined && (yield* realPath(named)) === top) || (yield* isCheckedOutIn(git, top))
  })

/** The work tree that `git worktree` keeps note of. */
const linkedWorkTree = Effect.fnUntraced(function*(git: string) {
  const back = yield* Effect.promise(() => lookInside(git).read("gitdir", mostPathBytes))
  return typeof back === "string" ? undefined : dirname(resolve(git, withoutLineEnd(new TextDecoder().decode(back))))
})

const configuredWorkTree = Effect.fnUntraced(function*(git: string) {
  const asking = ["config", "--file", join(git, "config"), "--no-includes", "core.worktree"]
  const named = withoutLineEnd(yield* orNothing(askGit({ _tag: "repository", gitDirectory: git }, asking)))
  return named === "" ? undefined : resolve(git, named)
})

const withoutLineEnd = (text: string): string => text.replace(/\r?\n$/, "")

/** How many files of an index are compared: one that nobody touched since it was checked out is enough. */
const mostCompared = 1000

/** What `git ls-files --debug -z` tells of a file between its path and the next one. */
const details = /^ {2}ctime: (\d+):(\d+)\n {2}mtime: .*\n {2}dev: \d+\tino: (\d+)\n.*\n.*\n/

/**
 * Whether a file lies in the folder that is the very one of the index, by its number and by the moment when it was last
 * changed, which nobody can set. `git clone --separate-git-dir` leaves no other trace.
 */
const isCheckedOutIn = Effect.fnUntraced(function*(git: string, top: string) {
  const listed = yield* orNothing(askGit({ _tag: "repository", gitDirectory: git }, ["ls-files", "--debug", "-z"]))
  const [first = "", ...rest] = listed.split("\0", mostCompared)
  let path = first
  for (const text of rest) {
    const [whole = "", seconds, nanoseconds, number] = details.exec(text) ?? []
    const found = yield* Effect.promise(() => statInside(top, path))
    if (
      found !== undefined && BigInt(number ?? 0) === BigInt.asUintN(32, found.ino) &&
      BigInt(seconds ?? 0) * second + BigInt(nanoseconds ?? 0) === found.ctimeNs
    ) {
      return true
    }
    path = text.slice(whole.length)
  }
  return false
})

const second = 1_000_000_000n

/** Looks at a file to which no link leads. */
const statInside = async (top: string, path: string) => {
  try {
    const location = join(top, path)
    return await realpath(location) === location ? await lstat(location, { bigint: true }) : undefined
  } catch {
    return undefined
  }
}
