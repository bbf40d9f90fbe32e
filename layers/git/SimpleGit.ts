/**
 * Git through the git program: simple-git for the short questions, one streamed `git log` for history,
 * and one pipelined `git cat-file` for objects.
 */
import { tmpdir } from "node:os"
import { basename } from "node:path"
import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import { fingerprint } from "../../services/text/random.ts"
import {
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
import { askGit, fetchByGit, oneLine, orNothing, patience } from "./ask-git.ts"
import { readFolderTree } from "./folder-tree.ts"
import { kindOfMode, readCommits } from "./history.ts"
import { type Inside, lookInside } from "./inside.ts"
import { listPaths } from "./list-paths.ts"
import { type ObjectReader, openObjectReader } from "./object-reader.ts"
import { cloneProtocols, folderName, normalisedOrigin, protocolOf } from "./origin.ts"
import type { GitPlace } from "./plain-git.ts"
import { isOwnHistory } from "./own-history.ts"
import { openTreeComparer } from "./tree-changes.ts"

const failureOf = (command: string) => (cause: unknown): GitFailed | GitLost =>
  cause instanceof GitFailed || cause instanceof GitLost ? cause : new GitFailed({ command, detail: oneLine(cause) })

/** The same of a command that names files. */
const listingFailureOf = (command: string) => (cause: unknown): GitFailed | GitLost | TooManyFiles =>
  cause instanceof TooManyFiles ? cause : failureOf(command)(cause)

/** What a second try may mend: the network, and a lock that another git holds. */
const isPassing = (failure: GitFailed | GitLost): boolean =>
  /could not resolve|timed? ?out|early eof|connection|temporar|reset by peer|\.lock|unable to access|5\d\d/i
    .test(failure.detail)

const patiently = <A>(effect: Effect.Effect<A, GitFailed | GitLost>): Effect.Effect<A, GitFailed | GitLost> =>
  Effect.retry(effect, {
    while: isPassing,
    schedule: Schedule.exponential("500 millis").pipe(Schedule.jittered, Schedule.intersect(Schedule.recurs(3)))
  })

/** Settings that a bare clone has when git has made it; none of them makes git run anything. */
const ownSettings =
  /^(?:core\.(?:repositoryformatversion|filemode|bare|ignorecase|symlinks|precomposeunicode|logallrefupdates)|extensions\.(?:objectformat|refstorage)|remote\.origin\.url)$/

/** A list of more commits than that is none. */
const mostBoundaryBytes = 16 * 1024 * 1024

/** How many files of a folder are read at once. */
const readers = 16

/** What is drafted outside of the folder for temporary files has that one's name: the next run removes what a kill left. */
const draftPrefix = (): string => `draft-${basename(tmpdir())}-`

/** How many ids are asked for at once. */
const batchSize = 512

const make = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const cacheHome = yield* Config.string("XDG_CACHE_HOME").pipe(
    Config.orElse(() => Config.map(Config.string("HOME"), (home) => path.join(home, ".cache"))),
    Config.option
  )

  const failedAs = (command: string) =>
    Effect.mapError((cause: PlatformError) => new GitFailed({ command, detail: oneLine(cause) }))

  /**
   * Whether a clone of ours is there, as we left it. One that was given other settings since, which could make git run
   * something when it fetches, is removed.
   */
  const isOwnClone = Effect.fnUntraced(function*(target: string) {
    if (!(yield* failedAs("clone")(fs.exists(target)))) return false
    const found = yield* askGit({ _tag: "around", folder: target, isNamed: true }, ["rev-parse", "--absolute-git-dir"])
    const listing = ["config", "--local", "--name-only", "--list", "-z"]
    const names = yield* askGit({ _tag: "repository", gitDirectory: found.trim() }, listing)
    const isOurs = names.split("\0").every((name) => name === "" || ownSettings.test(name))
    if (!isOurs) yield* failedAs("clone")(fs.remove(target, { recursive: true }))
    return isOurs
  })

  /** Clones a URL into the cache folder, or fetches what is new; returns the folder of the bare clone. */
  const clone = Effect.fn("Git.clone")(function*(url: string) {
    const root = path.join(Option.getOrElse(cacheHome, () => "/tmp"), "retrace", "clones")
    const origin = normalisedOrigin(url) ?? folderName(url.replace(/:\/\/[^/]*@/, "://"))
    const target = path.join(root, `${origin.replace(/[^\w.-]+/g, "_")}-${fingerprint(url).slice(0, 8)}.git`)
    yield* failedAs("clone")(fs.makeDirectory(root, { recursive: true }))
    if (yield* isOwnClone(target)) {
      const refs = ["--prune", "--quiet", "--no-recurse-submodules", "origin", "+refs/heads/*:refs/heads/*"]
      const place: GitPlace = { _tag: "repository", gitDirectory: target }
      yield* patiently(fetchByGit(place, ["fetch", ...refs], cloneProtocols))
      return target
    }
    // It is cloned beside its place and then renamed, so that a broken clone never has the final name.
    const draft = yield* failedAs("clone")(fs.makeTempDirectoryScoped({ directory: root, prefix: draftPrefix() }))
    const bare = path.join(draft, "clone.git")
    const cloning = ["clone", "--bare", "--quiet", "--template=", "--", url, bare]
    yield* patiently(
      Effect.zipRight(
        failedAs("clone")(fs.remove(bare, { recursive: true, force: true })),
        fetchByGit({ _tag: "nowhere" }, cloning, cloneProtocols)
      )
    )
    // Another run may have put its clone there first; it has the same commits, so it will do.
    yield* fs.rename(bare, target).pipe(
      Effect.catchAll((cause) =>
        Effect.flatMap(
          failedAs("clone")(fs.exists(target)),
          (isThere) => isThere ? Effect.void : Effect.fail(new GitFailed({ command: "clone", detail: oneLine(cause) }))
        )
      )
    )
    return target
  })

  const open: Git["Type"]["open"] = Effect.fn("Git.open")(
    function*(location, { mostFiles = usualMostFiles, orFolder }) {
      const isThere = yield* Effect.orElseSucceed(fs.exists(location), () => false)
      const protocol = isThere ? undefined : protocolOf(location)
      if (!isThere && protocol === undefined) {
        return yield* new NotARepository({ location, detail: "there is no such folder; pass a path or a clone URL" })
      }
      if (protocol !== undefined && !cloneProtocols.includes(protocol)) {
        return yield* new NotARepository({
          location,
          detail: `"${protocol}" is no protocol to clone over; pass a URL of ${cloneProtocols.join(", ")}`
        })
      }
      const folder = isThere
        ? path.resolve(location)
        : yield* Effect.catchTag(
          clone(location),
          "GitFailed",
          ({ detail }) => new NotARepository({ location, detail })
        )
      const asking = ["rev-parse", "--absolute-git-dir", "--is-inside-git-dir", "--git-common-dir", "--show-prefix"]
      const found = yield* Effect.catchTag(
        askGit({ _tag: "around", folder, isNamed: true }, asking),
        "GitFailed",
        (failure) => Effect.succeed(failure)
      )
      if (typeof found === "string") {
        const [gitDirectory = "", isInside, common = "", prefix = ""] = found.split("\n")
        if (isInside !== "false" && !(yield* isSame(folder, gitDirectory))) {
          return yield* new NotARepository({
            location,
            detail: `it lies in the git directory "${gitDirectory}"; pass that one`
          })
        }
        const base = yield* Effect.orElseSucceed(fs.realPath(folder), () => folder)
        const commonDirectory = yield* Effect.orElseSucceed(
          fs.realPath(path.resolve(base, common)),
          () => path.resolve(base, common)
        )
        const top = isInside === "false" ? path.join(base, prefix.replace(/[^/]+/g, "..")) : null
        if (!(yield* isOwnHistory({ top, gitDirectory, commonDirectory }))) {
          return yield* new NotARepository({
            location,
            detail:
              `its history lies in "${commonDirectory}", which does not name it as a work tree; pass that folder if ` +
              "you mean its history"
          })
        }
        return yield* openRepository(folder, gitDirectory, prefix, mostFiles)
      }
      const isFolder = yield* fs.stat(folder).pipe(
        Effect.map((stat) => stat.type === "Directory"),
        Effect.orElseSucceed(() => false)
      )
      if (!isFolder) return yield* new NotARepository({ location, detail: "it is a file; pass the folder" })
      if (!/not a git repository/i.test(found.detail)) {
        return yield* new NotARepository({ location, detail: found.detail })
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

  const isSame = (one: string, other: string) =>
    Effect.zipWith(
      Effect.orElseSucceed(fs.realPath(one), () => one),
      Effect.orElseSucceed(fs.realPath(other), () => other),
      (one, other) => one === other
    )

  const openRepository = Effect.fnUntraced(function*(
    folder: string,
    gitDirectory: string,
    prefix: string,
    mostFiles: number
  ) {
    const place: GitPlace = { _tag: "repository", gitDirectory }
    const url = yield* orNothing(askGit(place, ["remote", "get-url", "origin"]))
    const shallow = yield* Effect.promise(() => lookInside(gitDirectory).read("shallow", mostBoundaryBytes))
    const boundaries = typeof shallow === "string" ? "" : new TextDecoder().decode(shallow)
    const shallowBoundaries = new Set(boundaries.split("\n").filter((line) => line !== ""))
    const name = normalisedOrigin(url.trim()) ?? folderName(prefix === "" ? folder : gitDirectory)

    const resolve = Effect.fnUntraced(function*(rev: string) {
      const sha = yield* orNothing(
        askGit(place, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${rev}^{commit}`])
      )
      if (sha.trim() === "") return yield* new NoSuchRevision({ repository: name, rev })
      return sha.trim()
    })

    const commits: Repository["commits"] = (range) =>
      Stream.unwrap(Effect.map(resolve(range.rev), (sha) =>
        Stream.fromAsyncIterable(
          readCommits({ gitDirectory, folder: prefix, shallowBoundaries, mostFiles }, { ...range, rev: sha }),
          listingFailureOf("log")
        ).pipe(Stream.flattenIterables)))

    const files: Repository["files"] = Effect.fn("Git.files")(function*(rev) {
      const commit = yield* resolve(rev)
      return { commit, files: yield* listTree(gitDirectory, commit, prefix, mostFiles) }
    })

    const comparer = yield* openComparer(gitDirectory, mostFiles)
    const treeChanges: Repository["treeChanges"] = (from, to) =>
      Effect.map(comparer(from, to), (changes) => changes.filter((change) => change.path.startsWith(prefix)))

    return { name, location: folder, commits, files, treeChanges, ...(yield* openObjects(gitDirectory)) }
  })

  const openTree = Effect.fnUntraced(function*(folder: string, mostFiles: number) {
    const name = folderName(folder)
    const { blobs, files, sizes } = yield* readFolderTree(folder, [...yield* listPlain(folder, mostFiles)])
    const repository: Repository = {
      name,
      location: folder,
      treeChanges: () => new GitFailed({ command: "diff-tree", detail: "a plain folder has no commits" }),
      commits: () => Stream.fail(new NoSuchRevision({ repository: name, rev: "HEAD" })),
      files: () => Effect.succeed({ commit: null, files }),
      sizes,
      blobs
    }
    return repository
  })

  /** Lists a folder without a repository. Only git knows the rules of .gitignore: an empty one beside it applies them. */
  const listPlain = (folder: string, mostFiles: number) =>
    Effect.scoped(Effect.gen(function*() {
      const draft = yield* failedAs("init")(fs.makeTempDirectoryScoped({ prefix: "retrace-list-" }))
      const gitDirectory = path.join(draft, "list.git")
      yield* askGit({ _tag: "nowhere" }, ["init", "--bare", "--quiet", "--template=", gitDirectory])
      return new Set(yield* listPaths({ _tag: "beside", gitDirectory, folder }, listing, mostFiles))
    }))

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
    const listed = yield* listPaths({ _tag: "around", folder, isNamed: false }, listing, mostFiles).pipe(
      Effect.catchIf(
        (failure) =>
          failure._tag === "GitFailed" &&
          /not a git repository|outside repository|work tree|bare repository/i.test(failure.detail),
        () => listPlain(folder, mostFiles)
      )
    )
    return [...new Set(listed)].sort()
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
    workingSizes: ofFiles((inside, file) => inside.size(file)),
    workingContents: (folder, paths, mostBytes) =>
      ofFiles((inside, file) => inside.read(file, mostBytes))(folder, paths)
  })
})

/** Lists the files that are tracked, and those that would be. A file in conflict is listed for each side. */
const listing = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]

const listTree = Effect.fnUntraced(function*(gitDirectory: string, tree: string, prefix: string, mostFiles: number) {
  const asking = ["ls-tree", "-r", "-z", "--full-tree", tree, ...(prefix === "" ? [] : ["--", prefix])]
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
  const contents = yield* keepAsking(() => openObjectReader(gitDirectory, "batch"))
  const sizing = yield* keepAsking(() => openObjectReader(gitDirectory, "batch-check"))

  const inBatches = <A>(reader: () => ObjectReader, isWanted: (answer: unknown) => answer is A) =>
    Effect.fnUntraced(function*(ids: ReadonlyArray<string>) {
      const answers: Array<A | null> = []
      for (let from = 0; from < ids.length; from += batchSize) {
        const batch = yield* answerOf("cat-file", failureOf, () => reader().ask(ids.slice(from, from + batchSize)))
        for (const answer of batch) answers.push(isWanted(answer) ? answer : null)
      }
      return answers
    })

  return {
    blobs: inBatches(contents, (answer): answer is Uint8Array => answer instanceof Uint8Array),
    sizes: inBatches(sizing, (answer): answer is number => typeof answer === "number")
  }
})

export const layer: Layer.Layer<Git, never, FileSystem.FileSystem | Path.Path> = Layer.effect(
  Git,
  // The cache folder comes from the environment, which is a string or absent: no value of it fails.
  Effect.orDie(make)
)
