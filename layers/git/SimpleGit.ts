/**
 * Git through the git program: simple-git for the short questions, one streamed `git log` for history,
 * and one pipelined `git cat-file` for objects.
 */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import {
  CommitGone,
  Git,
  GitFailed,
  GitLost,
  NoSuchRevision,
  NotARepository,
  type Repository,
  TooManyFiles,
  type TreeFile,
  usualMostFiles
} from "../../services/Git.ts"
import { nearestOf } from "../../services/history/nearest-files.ts"
import { askGit, oneLine, orNothing, patience } from "./ask-git.ts"
import { repositoryFaultOf } from "./clone-faults.ts"
import { makeCloner } from "./clones.ts"
import { ensureCommit } from "./ensure-commit.ts"
import { findHistory, type FoundHistory, realPath } from "./find-history.ts"
import { readFolderTree } from "./folder-tree.ts"
import { kindOfMode, readCommits } from "./history.ts"
import { hear, takeWarnings } from "./git-warnings.ts"
import { type Inside, lookInside } from "./inside.ts"
import { listPaths } from "./list-paths.ts"
import { nearestFilesIn } from "./nearest-files.ts"
import { type ObjectReader, openObjectReader } from "./object-reader.ts"
import { cloneProtocols, folderName, normalisedOrigin, protocolOf } from "../../services/history/origin.ts"
import { isOwnHistory } from "./own-history.ts"
import { openObjectSource } from "./partial-clone.ts"
import type { GitPlace } from "./plain-git.ts"
import { openTreeComparer } from "./tree-changes.ts"
import { listPlainFolder, listWorkingFiles } from "./working-files.ts"

const failureOf = (command: string) => (cause: unknown): GitFailed | GitLost =>
  cause instanceof GitFailed || cause instanceof GitLost ? cause : new GitFailed({ command, detail: oneLine(cause) })

/** The same of a command that names files. */
const listingFailureOf = (command: string) => (cause: unknown): GitFailed | GitLost | TooManyFiles =>
  cause instanceof TooManyFiles ? cause : failureOf(command)(cause)

/** How many files of a folder are read at once. */
const readers = 16

/** How many ids are asked for at once. */
const batchSize = 512

const make = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const clone = yield* makeCloner

  const withFiles = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    effect.pipe(Effect.provideService(FileSystem.FileSystem, fs), Effect.provideService(Path.Path, path))

  const open: Git["Type"]["open"] = Effect.fn("Git.open")(
    function*(location, { asKept = false, mostFiles = usualMostFiles, orFolder }) {
      const isThere = yield* Effect.orElseSucceed(fs.exists(location), () => false)
      const protocol = isThere ? undefined : protocolOf(location)
      if (!isThere && protocol === undefined) {
        return yield* new NotARepository({ location, detail: "there is no such folder; pass a path or a clone URL" })
      }
      if (protocol !== undefined && !cloneProtocols.includes(protocol)) {
        return yield* new NotARepository({
          location,
          detail: `"${protocol}" is no protocol to clone over; pass a URL of ${cloneProtocols.join(", ")}`,
          fault: "protocol not allowed"
        })
      }
      const folder = isThere
        ? path.resolve(location)
        : yield* clone(location, asKept)
      const found = yield* Effect.catchTag(findHistory(folder), "GitFailed", (failure) => Effect.succeed(failure))
      if (!("_tag" in found)) {
        const { commonDirectory, gitDirectory, top } = found
        if (top === null && (yield* realPath(folder)) !== (yield* realPath(gitDirectory))) {
          return yield* new NotARepository({
            location,
            detail: `it lies in the git directory "${gitDirectory}"; pass that one`
          })
        }
        if (!(yield* isOwnHistory(found))) {
          return yield* new NotARepository({
            location,
            detail:
              `its history lies in "${commonDirectory}", which does not name it as a work tree; pass that folder if ` +
              "you mean its history, or type \"git worktree repair\" here if the work tree was moved"
          })
        }
        return yield* openRepository(folder, found, { mostFiles, isClone: !isThere })
      }
      const isFolder = yield* fs.stat(folder).pipe(
        Effect.map((stat) => stat.type === "Directory"),
        Effect.orElseSucceed(() => false)
      )
      if (!isFolder) return yield* new NotARepository({ location, detail: "it is a file; pass the folder" })
      if (!/not a git repository/i.test(found.detail)) {
        const fault = repositoryFaultOf(found.detail) === "not trusted" ? "not trusted" : "git failed"
        return yield* new NotARepository({ location, detail: found.detail, fault })
      }
      if (!orFolder) {
        return yield* new NotARepository({
          location,
          detail: "it holds no history; only generate reads plain folders, with --source tree"
        })
      }
      return yield* openTree(folder, mostFiles)
    }
  )

  const openRepository = Effect.fnUntraced(function*(
    folder: string,
    found: FoundHistory,
    { isClone, mostFiles }: { readonly mostFiles: number; readonly isClone: boolean }
  ) {
    const { prefix } = found
    const place: GitPlace = { _tag: "repository", gitDirectory: found.gitDirectory }
    const { gitDirectory, remedy } = yield* withFiles(openObjectSource(folder, found))
    const orRemedy = <E>(failure: E): E | GitFailed =>
      failure instanceof GitFailed && remedy !== null
        ? new GitFailed({ command: failure.command, detail: `${failure.detail}; ${remedy}` })
        : failure
    const url = yield* orNothing(askGit(place, ["remote", "get-url", "origin"]))
    const name = normalisedOrigin(url.trim()) ?? folderName(prefix === "" ? folder : found.gitDirectory)

    const idOf = (asked: string) =>
      Effect.map(
        orNothing(askGit(place, ["rev-parse", "--verify", "--quiet", "--end-of-options", asked])),
        (answer) => answer.trim()
      )
    const resolve = Effect.fnUntraced(function*(rev: string) {
      const commit = yield* idOf(`${rev}^{commit}`)
      if (commit !== "") return commit
      // Text behind ":/" is taken to its very end, and a branch may name an object that is not there.
      const id = yield* idOf(rev)
      if (id === "" || id === rev) return yield* new NoSuchRevision({ repository: name, rev })
      yield* Effect.mapError(askGit(place, ["cat-file", "-t", id]), orRemedy)
      const peeled = yield* idOf(`${id}^{commit}`)
      return peeled === "" ? yield* new NoSuchRevision({ repository: name, rev }) : peeled
    })

    const commits: Repository["commits"] = (range) =>
      Stream.unwrap(Effect.map(resolve(range.rev), (sha) =>
        Stream.fromAsyncIterable(
          readCommits({ gitDirectory, folder: prefix, mostFiles }, { ...range, rev: sha }),
          (cause) => orRemedy(listingFailureOf("log")(cause))
        ).pipe(Stream.flattenIterables)))

    const commitsSince: Repository["commitsSince"] = Effect.fn("Git.commitsSince")(function*(base, rev) {
      const [from, to] = [yield* resolve(base), yield* resolve(rev)]
      const listed = askGit({ _tag: "repository", gitDirectory }, ["rev-list", to, `^${from}`])
      return new Set((yield* Effect.mapError(listed, orRemedy)).split("\n").filter((sha) => sha !== ""))
    })

    const files: Repository["files"] = Effect.fn("Git.files")(function*(rev) {
      const commit = yield* resolve(rev)
      return { commit, files: yield* Effect.mapError(listTree(gitDirectory, commit, prefix, mostFiles), orRemedy) }
    })

    const comparer = yield* openComparer(gitDirectory, mostFiles)
    const treeChanges: Repository["treeChanges"] = (from, to) =>
      comparer(from, to).pipe(
        Effect.map((changes) => changes.filter((change) => change.path.startsWith(prefix))),
        Effect.mapError(orRemedy)
      )

    const { blobs, sizes, trees } = yield* openObjects(gitDirectory)
    const tellingMissing: Repository["sizes"] = (ids) =>
      Effect.tap(sizes(ids), (found) =>
        Effect.sync(() => {
          const missing = found.filter((size) => size === null).length
          if (missing > 0) hear(`an object is missing; ${remedy}`, missing)
        }))
    const repository: Repository = {
      name,
      location: folder,
      commits,
      commitsSince,
      files,
      treeChanges,
      nearestFiles: nearestFilesIn(trees),
      blobs,
      sizes: remedy === null ? sizes : tellingMissing,
      ensure: (commit) => ensureCommit({ place, name, isClone }, commit)
    }
    return repository
  })

  const openTree = Effect.fnUntraced(function*(folder: string, mostFiles: number) {
    const name = folderName(folder)
    const { blobs, files, sizes } = yield* readFolderTree(folder, yield* withFiles(listPlainFolder(folder, mostFiles)))
    const repository: Repository = {
      name,
      location: folder,
      treeChanges: () => new GitFailed({ command: "diff-tree", detail: "a plain folder has no commits" }),
      commits: () => Stream.fail(new NoSuchRevision({ repository: name, rev: "HEAD" })),
      commitsSince: (rev) => new NoSuchRevision({ repository: name, rev }),
      files: () => Effect.succeed({ commit: null, files }),
      nearestFiles: (places, isWanted) => Effect.succeed(nearestOf(files, places, isWanted)),
      sizes,
      blobs,
      ensure: (commit) => new CommitGone({ repository: name, sha: commit, detail: "a plain folder has no commits" })
    }
    return repository
  })

  const workingFiles: Git["Type"]["workingFiles"] = Effect.fn("Git.workingFiles")(function*(
    location,
    mostFiles = usualMostFiles
  ) {
    const folder = path.resolve(location)
    const isFolder = yield* fs.stat(folder).pipe(
      Effect.map((stat) => stat.type === "Directory"),
      Effect.orElseSucceed(() => false)
    )
    if (!isFolder) return yield* new NotARepository({ location, detail: "there is no such folder" })
    return [...yield* withFiles(listWorkingFiles(folder, mostFiles))].sort()
  })

  /** Asks something of paths, some at a time. A folder that is not there has none of them. */
  const ofFiles =
    <A>(ask: (inside: Inside, path: string) => Promise<A>) => (folder: string, paths: ReadonlyArray<string>) =>
      Effect.suspend(() => {
        const inside = lookInside(path.resolve(folder))
        return Effect.forEach(paths, (file) => Effect.promise(() => ask(inside, file)), { concurrency: readers })
      })

  return Git.of({
    open,
    workingFiles,
    warnings: Effect.sync(takeWarnings),
    workingSizes: ofFiles((inside, file) => inside.size(file)),
    workingContents: (folder, paths, mostBytes) =>
      ofFiles((inside, file) => inside.read(file, mostBytes))(folder, paths)
  })
})

const listTree = Effect.fnUntraced(function*(gitDirectory: string, tree: string, prefix: string, mostFiles: number) {
  const asking = [
    "ls-tree",
    "-r",
    "-z",
    "--full-tree",
    tree,
    ...(prefix === "" ? [] : ["--", `:(top,literal)${prefix}`])
  ]
  const listed = yield* listPaths({ _tag: "repository", gitDirectory }, asking, mostFiles)
  return listed.flatMap((entry): ReadonlyArray<TreeFile> => {
    const tab = entry.indexOf("\t")
    const [mode = "", , blob = ""] = entry.slice(0, tab).split(" ")
    return tab === -1 ? [] : [{ path: entry.slice(tab + 1), kind: kindOfMode(mode), blob }]
  })
})

/** Keeps one process to ask. The first question starts it; when one has failed, the next starts another process. */
const keepAsking = <Asked extends { readonly isSpent: () => boolean; readonly close: () => void }>(
  open: () => Asked
) => {
  let current: Asked | undefined
  const close = Effect.sync(() => current?.close())
  const get = () => {
    if (current === undefined || current.isSpent()) current = open()
    return current
  }
  return Effect.as(Effect.addFinalizer(() => close), get)
}

/** Waits for an answer, but not for ever. */
const answerOf = <A, E>(
  command: string,
  failedAs: (command: string) => (cause: unknown) => E,
  answer: () => Promise<A>
): Effect.Effect<A, E | GitFailed> =>
  Effect.tryPromise({ try: answer, catch: failedAs(command) }).pipe(
    Effect.timeoutFail({
      duration: patience,
      onTimeout: () => new GitFailed({ command, detail: `it gave no answer in ${patience}` })
    })
  )

const openComparer = Effect.fnUntraced(function*(gitDirectory: string, mostFiles: number) {
  const comparer = yield* keepAsking(() => openTreeComparer(gitDirectory, mostFiles))
  return (from: string, to: string) => answerOf("diff-tree", listingFailureOf, () => comparer().ask(from, to))
})

const openObjects = Effect.fnUntraced(function*(gitDirectory: string) {
  const contents = yield* keepAsking(() => openObjectReader(gitDirectory, "blobs"))
  const sizing = yield* keepAsking(() => openObjectReader(gitDirectory, "sizes"))
  const trees = yield* keepAsking(() => openObjectReader(gitDirectory, "trees"))

  const inBatches = <A>(reader: () => ObjectReader, isWanted: (answer: unknown) => answer is A) =>
    Effect.fnUntraced(function*(ids: ReadonlyArray<string>) {
      const answers: Array<A | null> = []
      for (let from = 0; from < ids.length; from += batchSize) {
        const batch = yield* answerOf("cat-file", failureOf, () => reader().ask(ids.slice(from, from + batchSize)))
        for (const answer of batch) answers.push(isWanted(answer) ? answer : null)
      }
      return answers
    })

  const isBytes = (answer: unknown): answer is Uint8Array => answer instanceof Uint8Array
  return {
    trees: inBatches(trees, isBytes),
    blobs: inBatches(contents, isBytes),
    sizes: inBatches(sizing, (answer): answer is number => typeof answer === "number")
  }
})

export const layer: Layer.Layer<Git, never, FileSystem.FileSystem | Path.Path> = Layer.effect(
  Git,
  // The cache folder comes from the environment, which is a string or absent: no value of it fails.
  Effect.orDie(make)
)
