/** Finds the history that a folder belongs to, by one question to git. */
import { randomUUID } from "node:crypto"
import { realpath } from "node:fs/promises"
import { join, resolve } from "node:path"
import * as Effect from "effect/Effect"
import type { GitFailed, GitLost } from "../../services/Git.ts"
import { askGit } from "./ask-git.ts"

/** What git says of a folder; absolute paths. */
export interface FoundHistory {
  /** The upper end of the work tree; null where the folder lies in a git directory. */
  readonly top: string | null
  /** The folder inside the work tree, with a final slash, or "". */
  readonly prefix: string
  readonly gitDirectory: string
  /** Where the objects and refs lie: the git directory, or that of another work tree. */
  readonly commonDirectory: string
}

/** Returns a path as it lies on the disk, or as it is where nothing is there. */
export const realPath = (path: string): Effect.Effect<string> => Effect.promise(() => realpath(path).catch(() => path))

/** Asks git around a folder. A path may hold any character but NUL, so a word that nobody can guess stands between. */
export const findHistory = (folder: string): Effect.Effect<FoundHistory, GitFailed | GitLost> =>
  Effect.gen(function*() {
    const mark = `--${randomUUID()}`
    const questions = ["--absolute-git-dir", "--is-inside-git-dir", "--git-common-dir", "--show-prefix"]
    const told = yield* askGit(
      { _tag: "around", folder, isNamed: true },
      ["rev-parse", ...questions.flatMap((question) => [question, mark])]
    )
    const [gitDirectory = "", isInside, common = "", prefix = ""] = told.split(`\n${mark}\n`)
    const base = yield* realPath(folder)
    const found: FoundHistory = {
      top: isInside === "false" ? join(base, prefix.replace(/[^/]+/g, "..")) : null,
      prefix,
      gitDirectory,
      commonDirectory: yield* realPath(resolve(base, common))
    }
    return found
  })
