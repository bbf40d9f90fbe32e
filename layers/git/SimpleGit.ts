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
import { simpleGit } from "simple-git"
import { fingerprint } from "../../services/text/random.ts"
import {
  Git,
  GitFailed,
  GitLost,
  NoSuchRevision,
  NotARepository,
  type Repository,
  type TreeFile
} from "../../services/Git.ts"
import { gitEndingOf, gitEnvironment, plainEnvironmentNames } from "./git-process.ts"
import { kindOfMode, readCommits } from "./history.ts"
import { type ObjectReader, openObjectReader } from "./object-reader.ts"
import { folderName, isUrl, normalisedOrigin } from "./origin.ts"
import { openTreeComparer } from "./tree-changes.ts"

/** Runs one short git command in a folder and gives its standard output. */
const ask = (folder: string, args: ReadonlyArray<string>): Effect.Effect<string, GitFailed | GitLost> =>
  Effect.suspend(() => {
    const command = args.slice(0, 2).join(" ")
    let wasKilled = false
    return Effect.tryPromise({
      try: (signal) =>
        simpleGit({
          baseDir: folder,
          abort: signal,
          allowEnvironment: plainEnvironmentNames,
          // A plain folder is read through a repository beside it; none of our arguments comes from a repository.
          unsafe: { allowUnsafeConfigPaths: true },
          // A killed process has no exit code, so what it printed until then would pass for its whole answer.
          errors: (error, { exitCode }) => {
            wasKilled = typeof exitCode !== "number"
            return wasKilled ? new Error("killed") : error
          }
        })
          .env(gitEnvironment(process.env)).raw([...args]),
      catch: (cause) => wasKilled ? gitEndingOf(command, null, "") : new GitFailed({ command, detail: oneLine(cause) })
    })
  })

/** Gives "" where git says that something is not there; a process that was lost says nothing of the kind. */
const orNothing = (answer: Effect.Effect<string, GitFailed | GitLost>): Effect.Effect<string, GitLost> =>
  Effect.catchTag(answer, "GitFailed", () => Effect.succeed(""))

const failureOf = (command: string) => (cause: unknown): GitFailed | GitLost =>
  cause instanceof GitFailed || cause instanceof GitLost ? cause : new GitFailed({ command, detail: oneLine(cause) })

const oneLine = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).trim().replace(/\s*\n\s*/g, "; ").slice(0, 500)

/** What a second try may mend: the network, and a lock that another git holds. */
const isPassing = (failure: GitFailed | GitLost): boolean =>
  /could not resolve|timed? ?out|early eof|connection|temporar|reset by peer|\.lock|unable to access|5\d\d/i
    .test(failure.detail)

const patiently = <A>(effect: Effect.Effect<A, GitFailed | GitLost>): Effect.Effect<A, GitFailed | GitLost> =>
  Effect.retry(effect, {
    while: isPassing,
    schedule: Schedule.exponential("500 millis").pipe(Schedule.jittered, Schedule.intersect(Schedule.recurs(3)))
  })

/** How long git may take for one batch of objects: a share on a dead server would never answer. */
const objectPatience = "2 minutes"

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

  /** Clones a URL into the cache folder, or fetches what is new; returns the folder of the bare clone. */
  const clone = Effect.fn("Git.clone")(function*(url: string) {
    const root = path.join(Option.getOrElse(cacheHome, () => "/tmp"), "retrace", "clones")
    const origin = normalisedOrigin(url) ?? folderName(url)
    const target = path.join(root, `${origin.replace(/[^\w.-]+/g, "_")}-${fingerprint(url).slice(0, 8)}.git`)
    yield* failedAs("clone")(fs.makeDirectory(root, { recursive: true }))
    if (yield* failedAs("clone")(fs.exists(target))) {
      yield* patiently(ask(target, ["fetch", "--prune", "--quiet", "origin", "+refs/heads/*:refs/heads/*"]))
      return target
    }
    // It is cloned beside its place and then renamed, so that a broken clone never has the final name.
    const draft = yield* failedAs("clone")(fs.makeTempDirectoryScoped({ directory: root, prefix: draftPrefix() }))
    const bare = path.join(draft, "clone.git")
    yield* patiently(
      Effect.zipRight(
        failedAs("clone")(fs.remove(bare, { recursive: true, force: true })),
        ask(root, ["clone", "--bare", "--quiet", "--", url, bare])
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

  /** Writes a plain folder into a repository that lives as long as the scope; returns its tree. */
  const importFolder = Effect.fn("Git.importFolder")(function*(folder: string) {
    const draft = yield* failedAs("init")(fs.makeTempDirectoryScoped({ prefix: "retrace-tree-" }))
    const gitDirectory = path.join(draft, "tree.git")
    yield* ask(draft, ["init", "--bare", "--quiet", gitDirectory])
    const there = ["--git-dir", gitDirectory, "--work-tree", folder]
    yield* ask(folder, [...there, "-c", "core.autocrlf=false", "-c", "core.safecrlf=false", "add", "-A", "."])
    const tree = yield* ask(folder, [...there, "write-tree"])
    return { gitDirectory, tree: tree.trim() }
  })

  const open: Git["Type"]["open"] = Effect.fn("Git.open")(function*(location, options) {
    const isThere = yield* Effect.orElseSucceed(fs.exists(location), () => false)
    if (!isThere && !isUrl(location)) {
      return yield* new NotARepository({ location, detail: "there is no such folder; pass a path or a clone URL" })
    }
    const folder = isThere
      ? path.resolve(location)
      : yield* Effect.catchTag(
        clone(location),
        "GitFailed",
        ({ detail }) => new NotARepository({ location, detail })
      )
    const place = ["rev-parse", "--absolute-git-dir", "--is-bare-repository", "--show-prefix"]
    const found = yield* Effect.catchTag(ask(folder, place), "GitFailed", (failure) => Effect.succeed(failure))
    if (typeof found === "string") {
      const [gitDirectory = "", , prefix = ""] = found.split("\n")
      return yield* openRepository(folder, gitDirectory, prefix.trim())
    }
    const isFolder = yield* fs.stat(folder).pipe(
      Effect.map((stat) => stat.type === "Directory"),
      Effect.orElseSucceed(() => false)
    )
    if (!isFolder) return yield* new NotARepository({ location, detail: "it is a file; pass the folder" })
    if (!/not a git repository/i.test(found.detail)) {
      return yield* new NotARepository({ location, detail: found.detail })
    }
    if (!options.orFolder) {
      return yield* new NotARepository({
        location,
        detail: "it holds no history; only generate reads plain folders, with --source tree"
      })
    }
    const imported = yield* importFolder(folder)
    return yield* openTree(folder, imported.gitDirectory, imported.tree)
  })

  const openRepository = Effect.fnUntraced(function*(folder: string, gitDirectory: string, prefix: string) {
    const url = yield* orNothing(ask(folder, ["remote", "get-url", "origin"]))
    const shallow = yield* fs.readFileString(path.join(gitDirectory, "shallow")).pipe(Effect.orElseSucceed(() => ""))
    const shallowBoundaries = new Set(shallow.split("\n").filter((line) => line !== ""))
    const name = normalisedOrigin(url.trim()) ?? folderName(prefix === "" ? folder : gitDirectory)

    const resolve = Effect.fnUntraced(function*(rev: string) {
      const sha = yield* orNothing(
        ask(folder, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${rev}^{commit}`])
      )
      if (sha.trim() === "") return yield* new NoSuchRevision({ repository: name, rev })
      return sha.trim()
    })

    const commits: Repository["commits"] = (range) =>
      Stream.unwrap(Effect.map(resolve(range.rev), (sha) =>
        Stream.fromAsyncIterable(
          readCommits({ gitDirectory, folder: prefix, shallowBoundaries }, { ...range, rev: sha }),
          failureOf("log")
        ).pipe(Stream.flattenIterables)))

    const files: Repository["files"] = Effect.fn("Git.files")(function*(rev) {
      const commit = yield* resolve(rev)
      return { commit, files: yield* listTree(gitDirectory, commit, prefix) }
    })

    const comparer = yield* openComparer(gitDirectory)
    const treeChanges: Repository["treeChanges"] = (from, to) =>
      Effect.map(comparer(from, to), (changes) => changes.filter((change) => change.path.startsWith(prefix)))

    return { name, location: folder, commits, files, treeChanges, ...(yield* openObjects(gitDirectory)) }
  })

  const openTree = Effect.fnUntraced(function*(folder: string, gitDirectory: string, tree: string) {
    const name = folderName(folder)
    const repository: Repository = {
      name,
      location: folder,
      treeChanges: () => new GitFailed({ command: "diff-tree", detail: "a plain folder has no commits" }),
      commits: () => Stream.fail(new NoSuchRevision({ repository: name, rev: "HEAD" })),
      files: () => Effect.map(listTree(gitDirectory, tree, ""), (files) => ({ commit: null, files })),
      ...(yield* openObjects(gitDirectory))
    }
    return repository
  })

  const workingFiles: Git["Type"]["workingFiles"] = Effect.fn("Git.workingFiles")(function*(location) {
    const folder = path.resolve(location)
    const isFolder = yield* fs.stat(folder).pipe(
      Effect.map((stat) => stat.type === "Directory"),
      Effect.orElseSucceed(() => false)
    )
    if (!isFolder) return yield* new NotARepository({ location, detail: "there is no such folder" })
    const listing = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    const listed = yield* ask(folder, listing).pipe(
      Effect.catchIf(
        ({ detail }) => /not a git repository|outside repository|work tree/i.test(detail),
        // Only git knows the rules of .gitignore: an empty repository beside the folder applies them.
        () =>
          Effect.scoped(Effect.gen(function*() {
            const draft = yield* failedAs("init")(fs.makeTempDirectoryScoped({ prefix: "retrace-list-" }))
            const gitDirectory = path.join(draft, "list.git")
            yield* ask(draft, ["init", "--bare", "--quiet", gitDirectory])
            return yield* ask(folder, ["--git-dir", gitDirectory, "--work-tree", folder, ...listing])
          }))
      )
    )
    // A file in conflict is listed once for each side.
    return [...new Set(listed.split("\0").filter((file) => file !== ""))].sort()
  })

  return Git.of({ open, workingFiles })
})

const listTree = Effect.fnUntraced(function*(gitDirectory: string, tree: string, prefix: string) {
  const listing = yield* ask(gitDirectory, [
    "ls-tree",
    "-r",
    "-z",
    "--full-tree",
    tree,
    ...(prefix === "" ? [] : ["--", prefix])
  ])
  return listing.split("\0").flatMap((entry): ReadonlyArray<TreeFile> => {
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
const answerOf = <A>(command: string, answer: () => Promise<A>): Effect.Effect<A, GitFailed | GitLost> =>
  Effect.tryPromise({ try: answer, catch: failureOf(command) }).pipe(
    Effect.timeoutFail({
      duration: objectPatience,
      onTimeout: () => new GitFailed({ command, detail: `it gave no answer in ${objectPatience}` })
    })
  )

const openComparer = Effect.fnUntraced(function*(gitDirectory: string) {
  const comparer = yield* keepAsking(() => openTreeComparer(gitDirectory))
  return (from: string, to: string) => answerOf("diff-tree", () => comparer().ask(from, to))
})

const openObjects = Effect.fnUntraced(function*(gitDirectory: string) {
  const contents = yield* keepAsking(() => openObjectReader(gitDirectory, "batch"))
  const sizing = yield* keepAsking(() => openObjectReader(gitDirectory, "batch-check"))

  const inBatches = <A>(reader: () => ObjectReader, isWanted: (answer: unknown) => answer is A) =>
    Effect.fnUntraced(function*(ids: ReadonlyArray<string>) {
      const answers: Array<A | null> = []
      for (let from = 0; from < ids.length; from += batchSize) {
        const batch = yield* answerOf("cat-file", () => reader().ask(ids.slice(from, from + batchSize)))
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
