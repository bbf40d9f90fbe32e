/** Clones of URLs, bare, in the user's cache folder: made once, and brought up to date when they are opened again. */
import { tmpdir } from "node:os"
import { basename } from "node:path"
import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { systemWords } from "../../services/faults/system-words.ts"
import { GitFailed, type GitLost } from "../../services/Git.ts"
import { fingerprint } from "../../services/text/random.ts"
import { askGit, fetchByGit } from "./ask-git.ts"
import { findHistory } from "./find-history.ts"
import { homeOfUser } from "./home-of-user.ts"
import { cloneProtocols, folderName, normalisedOrigin } from "../../services/history/origin.ts"
import type { GitPlace } from "./plain-git.ts"

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

/** What is drafted outside of the folder for temporary files has that one's name: the next run removes what a kill left. */
const draftPrefix = (): string => `draft-${basename(tmpdir())}-`

/** Gives a function that clones a URL, or fetches what is new, and returns the folder of the bare clone. */
export const makeCloner = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  // What is no absolute path is to be ignored, says the specification of these folders.
  const cacheHome = yield* Config.string("XDG_CACHE_HOME").pipe(
    Config.validate({ message: "not absolute", validation: (folder) => path.isAbsolute(folder) }),
    Effect.orElseSucceed(() => path.join(homeOfUser() ?? tmpdir(), ".cache"))
  )
  const root = path.join(cacheHome, "retrace", "clones")

  const orCannotWrite = Effect.mapError((cause: PlatformError) =>
    new GitFailed({
      command: "clone",
      detail: `its clone cannot be kept in "${root}" (${systemWords(cause)}); ` +
        "set XDG_CACHE_HOME to a folder that can be written"
    })
  )

  /** Makes a folder and those above it, one by one: asked for all of them at once, Node never returns from some places. */
  const makeFolder = (folder: string): Effect.Effect<void, GitFailed> =>
    Effect.gen(function*() {
      if (yield* orCannotWrite(fs.exists(folder))) return
      if (path.dirname(folder) !== folder) yield* makeFolder(path.dirname(folder))
      // Another run may have made it meanwhile.
      yield* Effect.catchAll(
        fs.makeDirectory(folder),
        (cause) =>
          cause._tag === "SystemError" && cause.reason === "AlreadyExists"
            ? Effect.void
            : orCannotWrite(Effect.fail(cause))
      )
    })

  /**
   * Whether a clone of ours is there, as we left it. One that was given other settings since, which could make git run
   * something when it fetches, is removed.
   */
  const isOwnClone = Effect.fnUntraced(function*(target: string) {
    if (!(yield* orCannotWrite(fs.exists(target)))) return false
    const { gitDirectory } = yield* findHistory(target)
    const listing = ["config", "--local", "--name-only", "--list", "-z"]
    const names = yield* askGit({ _tag: "repository", gitDirectory }, listing)
    const isOurs = names.split("\0").every((name) => name === "" || ownSettings.test(name))
    if (!isOurs) yield* orCannotWrite(fs.remove(target, { recursive: true }))
    return isOurs
  })

  return Effect.fn("Git.clone")(function*(url: string) {
    const origin = normalisedOrigin(url) ?? folderName(url.replace(/:\/\/[^/]*@/, "://"))
    const target = path.join(root, `${origin.replace(/[^\w.-]+/g, "_")}-${fingerprint(url).slice(0, 8)}.git`)
    yield* makeFolder(root)
    if (yield* isOwnClone(target)) {
      const refs = ["--prune", "--quiet", "--no-recurse-submodules", "origin", "+refs/heads/*:refs/heads/*"]
      const place: GitPlace = { _tag: "repository", gitDirectory: target }
      yield* patiently(fetchByGit(place, ["fetch", ...refs], cloneProtocols))
      return target
    }
    // It is cloned beside its place and then renamed, so that a broken clone never has the final name.
    const draft = yield* orCannotWrite(fs.makeTempDirectoryScoped({ directory: root, prefix: draftPrefix() }))
    const bare = path.join(draft, "clone.git")
    const cloning = ["clone", "--bare", "--quiet", "--template=", "--", url, bare]
    yield* patiently(
      Effect.zipRight(
        orCannotWrite(fs.remove(bare, { recursive: true, force: true })),
        fetchByGit({ _tag: "nowhere" }, cloning, cloneProtocols)
      )
    )
    // Another run may have put its clone there first; it has the same commits, so it will do.
    yield* Effect.catchAll(
      fs.rename(bare, target),
      (cause) =>
        Effect.flatMap(
          orCannotWrite(fs.exists(target)),
          (isThere) => isThere ? Effect.void : orCannotWrite(Effect.fail(cause))
        )
    )
    return target
  })
})
