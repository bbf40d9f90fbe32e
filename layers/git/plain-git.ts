/**
 * How git is called, in one place: it reads, and runs nothing that a repository names. A setting of ours goes before
 * those of any file, so neither a repository's configuration nor the user's brings a program back.
 */

import { renameLimit } from "./renames.ts"

/**
 * Settings that every call is given. Drivers, whose names nobody knows beforehand, need none: filters run when files
 * are added or checked out, and merge drivers when branches are merged, which we never do.
 */
const settings = [
  // What would run a program while git reads.
  "core.fsmonitor=false",
  "core.hooksPath=/dev/null",
  "core.pager=cat",
  "core.editor=:",
  "sequence.editor=:",
  "core.alternateRefsCommand=true",
  "log.showSignature=false",
  // What would start a git in another repository, or one that goes on when we have ended.
  "submodule.recurse=false",
  "fetch.recurseSubmodules=false",
  "gc.auto=0",
  "maintenance.auto=false",
  // What is fetched stays the one file that came: copies of a clone share files.
  "fetch.unpackLimit=1",
  // A folder that looks like a repository is one where the user names it, not where git comes upon it.
  "safe.bareRepository=explicit",
  // What would make git read files that are no part of a repository, or change what it prints.
  "core.attributesFile=/dev/null",
  "diff.orderFile=/dev/null",
  "core.quotePath=false",
  "log.showRoot=true",
  // Rows of histories that were written before stay as they are: git compares this many files with as many.
  `diff.renameLimit=${renameLimit}`
]

/** What a call is given besides that connects to nothing. A clone asks the user's own program for a password. */
const quietSettings = ["core.askPass="]

/** Where git looks. */
export type GitPlace =
  /** In this repository. */
  | { readonly _tag: "repository"; readonly gitDirectory: string }
  /** In this repository, as if the folder were its work tree. */
  | { readonly _tag: "beside"; readonly gitDirectory: string; readonly folder: string }
  /** In the repository around the folder; one that has no work tree counts only with `isNamed`. */
  | { readonly _tag: "around"; readonly folder: string; readonly isNamed: boolean }
  /** Nowhere: the command says itself. */
  | { readonly _tag: "nowhere" }

/** Where git is started: a folder that nobody but the administrator writes to, so that no program is found in it. */
export const neutralFolder = "/"

const argumentsOfPlace = (place: GitPlace): ReadonlyArray<string> => {
  switch (place._tag) {
    case "repository":
      return ["--git-dir", place.gitDirectory]
    case "beside":
      return ["-C", place.folder, "--git-dir", place.gitDirectory, "--work-tree", place.folder]
    case "around":
      return ["-C", place.folder, ...(place.isNamed ? ["-c", "safe.bareRepository=all"] : [])]
    case "nowhere":
      return []
  }
}

/** All arguments of a git process; `isReaching` for one that speaks to another machine. */
export const gitArguments = (
  place: GitPlace,
  args: ReadonlyArray<string>,
  isReaching = false
): ReadonlyArray<string> => [
  "--no-pager",
  ...[...settings, ...(isReaching ? [] : quietSettings)].flatMap((setting) => ["-c", setting]),
  ...argumentsOfPlace(place),
  ...args
]
