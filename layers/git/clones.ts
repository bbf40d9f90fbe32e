/**
 * Clones of URLs, bare: made once, kept in the user's cache folder, and brought up to date when they are opened again. What
 * is opened is a copy of the kept clone that nobody else writes to, so its commits stay as they are for as long as it is
 * open, whatever other processes fetch or remove.
 */
import { tmpdir } from "node:os"
import { basename } from "node:path"
import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import { systemCode, systemWords } from "../../services/faults/system-words.ts"
import { GitFailed, NotARepository } from "../../services/Git.ts"
import { cloneProtocols, folderName, normalisedOrigin } from "../../services/history/origin.ts"
import { fingerprint } from "../../services/text/random.ts"
import { askGit, fetchByGit } from "./ask-git.ts"
import { bringUpToDate } from "./bring-up-to-date.ts"
import { type CloneCache, keepClone, readCacheBytes, shrinkCache, takeClone, usualCacheBytes } from "./clone-cache.ts"
import { patiently, repositoryFaultOf } from "./clone-faults.ts"
import { homeOfUser } from "./home-of-user.ts"
import { hear } from "./git-warnings.ts"
import type { GitPlace } from "./plain-git.ts"

/** Settings that a bare clone has when git has made it; none of them makes git run anything. */
const ownSettings =
  /^(?:core\.(?:repositoryformatversion|filemode|bare|ignorecase|symlinks|precomposeunicode|logallrefupdates)|extensions\.(?:objectformat|refstorage)|remote\.origin\.url)$/

/** What is drafted outside of the folder for temporary files has that one's name: the next run removes what a kill left. */
const draftPrefix = (): string => `draft-${basename(tmpdir())}-`

/** The variable that bounds the cache. */
const boundName = "RETRACE_CLONE_CACHE"

/**
 * Gives a function that clones a URL, or fetches what is new unless it is to be `asKept`, and returns the folder of a bare
 * clone for the scope.
 */
export const makeCloner = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  // What is no absolute path is to be ignored, says the specification of these folders.
  const cacheHome = yield* Config.string("XDG_CACHE_HOME").pipe(
    Config.validate({ message: "not absolute", validation: (folder) => path.isAbsolute(folder) }),
    Effect.orElseSucceed(() => path.join(homeOfUser() ?? tmpdir(), ".cache"))
  )
  const root = path.join(cacheHome, "retrace", "clones")
  const bound = yield* Effect.orElseSucceed(Config.string(boundName), () => "")
  const mostBytes = bound === "" ? usualCacheBytes : readCacheBytes(bound)

  /** Whether this process has made sure that all fit: the bound may be another one than before. */
  let isBounded = false

  /** Makes a folder and those above it, one by one: asked for all of them at once, Node never returns from some places. */
  const makeFolder = (folder: string): Effect.Effect<void, PlatformError> =>
    Effect.gen(function*() {
      if (yield* fs.exists(folder)) return
      if (path.dirname(folder) !== folder) yield* makeFolder(path.dirname(folder))
      // Another run may have made it meanwhile.
      yield* Effect.catchAll(
        fs.makeDirectory(folder),
        (cause) => cause._tag === "SystemError" && cause.reason === "AlreadyExists" ? Effect.void : Effect.fail(cause)
      )
    })

  /** Whether nothing was added to the settings since we cloned: some could make git run something when it fetches. */
  const hasOwnSettings = (clone: string) =>
    Effect.map(
      askGit({ _tag: "repository", gitDirectory: clone }, ["config", "--local", "--name-only", "--list", "-z"]),
      (names) => names.split("\0").every((name) => name === "" || ownSettings.test(name))
    )

  return Effect.fn("Git.clone")(function*(url: string, asKept: boolean) {
    const notOpened = (failure: GitFailed) =>
      new NotARepository({ location: url, detail: failure.detail, fault: repositoryFaultOf(failure.detail) })
    const orNotKept = Effect.mapError((cause: unknown) =>
      new NotARepository({
        location: url,
        detail: `its clone cannot be kept in "${root}" (${systemWords(cause)}); ` +
          "set XDG_CACHE_HOME to a folder that can be written",
        fault: systemCode(cause) === "ENOSPC" ? "no space left" : "cache not writable"
      })
    )
    if (mostBytes === undefined) {
      return yield* new GitFailed({
        command: "clone",
        detail: `${boundName} is "${bound}"; set it to a size such as 20G, or to unlimited`
      })
    }
    const cache: CloneCache = { root, mostBytes }
    const origin = normalisedOrigin(url) ?? folderName(url.replace(/:\/\/[^/]*@/, "://"))
    const name = `${origin.replace(/[^\w.-]+/g, "_")}-${fingerprint(url).slice(0, 8)}.git`
    yield* orNotKept(makeFolder(root))
    // What cannot be removed is for the next run.
    const draft = yield* Effect.acquireRelease(
      orNotKept(fs.makeTempDirectory({ directory: root, prefix: draftPrefix() })),
      (made) => Effect.ignore(fs.remove(made, { recursive: true, force: true }))
    )
    const clone = path.join(draft, name)
    const place: GitPlace = { _tag: "repository", gitDirectory: clone }

    const cloneAnew = patiently(
      Effect.zipRight(
        Effect.ignore(fs.remove(clone, { recursive: true, force: true })),
        fetchByGit(
          { _tag: "nowhere" },
          ["clone", "--bare", "--quiet", "--progress", "--template=", "--", url, clone],
          cloneProtocols
        )
      )
    )
    /** Tries once more when all that is kept has made room. */
    const withRoom = Effect.catchIf(
      cloneAnew,
      (failure) => failure._tag === "GitFailed" && repositoryFaultOf(failure.detail) === "no space left",
      () =>
        Effect.zipRight(
          Effect.promise(() => shrinkCache({ root, mostBytes: 0 }, draft).catch(() => undefined)),
          cloneAnew
        )
    )
    const keep = Effect.catchAll(
      Effect.tryPromise(() => keepClone(cache, name, clone, draft)),
      (failure) => Effect.sync(() => hear(`a clone is not kept for the next run: ${systemWords(failure)}`))
    )

    const isTaken = yield* orNotKept(Effect.tryPromise(() => takeClone(cache, name, clone)))
    const isNew = yield* Effect.gen(function*() {
      if (isTaken && (yield* Effect.catchTag(hasOwnSettings(clone), "GitFailed", () => Effect.succeed(false)))) {
        if (asKept) return false
        const updated = yield* Effect.either(patiently(bringUpToDate(place)))
        if (updated._tag === "Right") return updated.right
        // What git cannot make sense of is the clone's fault, perhaps: a new one has none.
        if (updated.left._tag !== "GitFailed" || repositoryFaultOf(updated.left.detail) !== "git failed") {
          return yield* updated.left
        }
      }
      yield* withRoom
      return true
    }).pipe(Effect.catchTag("GitFailed", notOpened))
    if (isNew) yield* keep
    else if (!isBounded) yield* Effect.ignore(Effect.tryPromise(() => shrinkCache(cache, draft)))
    isBounded = true
    return clone
  })
})
