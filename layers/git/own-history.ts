/**
 * Whether the history that git finds for a work tree is its own. A folder that somebody packed may name any repository of
 * this machine as its history, so one that lies elsewhere must name the folder too: as git's work trees and submodules do.
 */
import { realpath } from "node:fs/promises"
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path"
import * as Effect from "effect/Effect"
import type { GitLost } from "../../services/Git.ts"
import { askGit, orNothing } from "./ask-git.ts"
import { lookInside } from "./inside.ts"

/** What git says of a folder; absolute paths. */
export interface FoundHistory {
  /** The upper end of the work tree; null where the user named the git directory. */
  readonly top: string | null
  readonly gitDirectory: string
  /** Where the objects and refs lie: the git directory, or that of another work tree. */
  readonly commonDirectory: string
}

/** So long is a path at the most, in bytes. */
const mostPathBytes = 4096

const real = (path: string): Effect.Effect<string> => Effect.promise(() => realpath(path).catch(() => path))

const isWithin = (folder: string, path: string): boolean => {
  const inside = relative(folder, path)
  return inside !== ".." && !inside.startsWith(`..${sep}`) && !isAbsolute(inside)
}

/** Returns whether the history is that of the folder. */
export const isOwnHistory = (found: FoundHistory): Effect.Effect<boolean, GitLost> =>
  Effect.gen(function*() {
    const [git, common] = yield* Effect.all([real(found.gitDirectory), real(found.commonDirectory)])
    if (found.top === null) return isWithin(common, git)
    const top = yield* real(found.top)
    if (git !== common) {
      if (dirname(git) !== join(common, "worktrees")) return false
      const back = yield* Effect.promise(() => lookInside(git).read("gitdir", mostPathBytes))
      if (typeof back === "string") return false
      const named = resolve(git, new TextDecoder().decode(back).trim())
      return (yield* real(dirname(named))) === top
    }
    if (isWithin(top, git)) return true
    const config = ["config", "--file", join(git, "config"), "--no-includes", "core.worktree"]
    const named = (yield* orNothing(askGit({ _tag: "repository", gitDirectory: git }, config))).trim()
    return named !== "" && (yield* real(resolve(git, named))) === top
  })
