/**
 * The files that lie in a folder now. Git lists them, which knows the rules of .gitignore; in a plain folder, also those of
 * the clones that lie in it, each by its own rules.
 */
import { existsSync, lstatSync } from "node:fs"
import { join } from "node:path"
import type * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import { type GitFailed, type GitLost, TooManyFiles } from "../../services/Git.ts"
import { askGit } from "./ask-git.ts"
import { findHistory } from "./find-history.ts"
import { listPaths } from "./list-paths.ts"
import { isOwnHistory } from "./own-history.ts"
import { scratchFolder } from "./scratch-folder.ts"

type Listing = Effect.Effect<ReadonlyArray<string>, GitFailed | GitLost | TooManyFiles, FileSystem.FileSystem>

/** Lists the files that are tracked, and those that would be. A file in conflict is listed for each side. */
const command = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]

/** Clones lie in clones, but not for ever. */
const mostDepth = 32

/**
 * Returns the paths of a folder, each once: those of the repository around it or, without one, of all that lies in it. A
 * repository inside a repository is listed by its name alone, with a final slash.
 */
export const listWorkingFiles = (folder: string, mostFiles: number): Listing =>
  listPaths({ _tag: "around", folder, isNamed: false }, command, mostFiles).pipe(
    Effect.map(distinct),
    Effect.catchIf(
      (failure) =>
        failure._tag === "GitFailed" &&
        /not a git repository|outside repository|work tree|bare repository/i.test(failure.detail),
      () => listPlainFolder(folder, mostFiles)
    )
  )

/** Paths that are not UTF-8 may look the same and be different; they are counted, and not read. */
const distinct = (paths: ReadonlyArray<string>): ReadonlyArray<string> => {
  const seen = new Set<string>()
  return paths.filter((path) => path.includes("\ufffd") || (!seen.has(path) && seen.add(path)))
}

/** Returns the paths of a folder that no repository is around, and of the clones inside. */
export const listPlainFolder = (folder: string, mostFiles: number): Listing =>
  Effect.flatMap(listFreely(folder, mostFiles), (paths) => withClones(folder, paths, mostFiles, mostDepth))

/** Lists a folder as if no repository were there: an empty one beside it applies the rules of .gitignore. */
const listFreely = (folder: string, mostFiles: number): Listing =>
  Effect.scoped(Effect.gen(function*() {
    const gitDirectory = join(yield* scratchFolder("retrace-list-"), "list.git")
    yield* askGit({ _tag: "nowhere" }, ["init", "--bare", "--quiet", "--template=", gitDirectory])
    return yield* listPaths({ _tag: "beside", gitDirectory, folder }, command, mostFiles)
  }))

/** Puts the files of each clone in the place of its name. */
const withClones = (folder: string, paths: ReadonlyArray<string>, mostFiles: number, depth: number): Listing =>
  Effect.gen(function*() {
    const all: Array<string> = []
    for (const path of paths) {
      if (!path.endsWith("/")) {
        all.push(path)
        continue
      }
      if (depth === 0) continue
      for (const inside of yield* listClone(join(folder, path), mostFiles, depth - 1)) all.push(path + inside)
      if (all.length > mostFiles) return yield* new TooManyFiles({ command: "ls-files", most: mostFiles })
    }
    return distinct(all)
  })

/**
 * Lists a clone by its own index and rules, if both are its own and can be read, or else freely. What it tracks and what is
 * not there is left out, and a submodule that is there is a clone like any other.
 */
const listClone = (folder: string, mostFiles: number, depth: number): Listing =>
  Effect.gen(function*() {
    const found = yield* Effect.either(findHistory(folder))
    const isOwn = found._tag === "Right" && found.right.prefix === "" && (yield* isOwnHistory(found.right))
    const listed = yield* Effect.catchTag(
      isOwn ? listPaths({ _tag: "around", folder, isNamed: false }, command, mostFiles) : listFreely(folder, mostFiles),
      "GitFailed",
      () => listFreely(folder, mostFiles)
    )
    const paths = listed.flatMap((path) => {
      if (path.endsWith("/")) return [path]
      const found = lstatSync(join(folder, path), { throwIfNoEntry: false })
      if (found?.isDirectory() !== true) return found === undefined ? [] : [path]
      return existsSync(join(folder, path, ".git")) ? [`${path}/`] : []
    })
    return yield* withClones(folder, paths, mostFiles, depth)
  })
