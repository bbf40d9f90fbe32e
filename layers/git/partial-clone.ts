/**
 * A partial clone, from which the server left out blobs or trees. Git would fetch what is missing, or end; asked through a
 * repository of our own that borrows the clone's objects and nothing of its configuration, it says what is missing.
 */
import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import { GitFailed } from "../../services/Git.ts"
import { askGit, oneLine, orNothing } from "./ask-git.ts"
import type { FoundHistory } from "./find-history.ts"
import { scratchFolder } from "./scratch-folder.ts"

/** Where the objects of a history are asked for. */
export interface ObjectSource {
  readonly gitDirectory: string
  /** What to type to get what is missing; null for a clone that is whole. */
  readonly remedy: string | null
}

const settingsOfPartial = "^(extensions\\.(partialclone|objectformat)|remote\\..*\\.(promisor|partialclonefilter))$"

/** Opens the objects of a history for the scope. `folder` is where the user found it. */
export const openObjectSource = Effect.fnUntraced(function*(folder: string, found: FoundHistory) {
  const { commonDirectory, gitDirectory } = found
  const listing = ["config", "-z", "--get-regexp", settingsOfPartial]
  const settings = (yield* orNothing(askGit({ _tag: "repository", gitDirectory }, listing))).split("\0")
  const isPartial = settings.some((setting) => /^(?:extensions\.partialclone|remote\.)/.test(setting))
  const whole: ObjectSource = { gitDirectory, remedy: null }
  if (!isPartial) return whole
  const format = settings.map((setting) => /^extensions\.objectformat\n(.*)$/.exec(setting)?.[1]).find((name) => name)
  const partial: ObjectSource = {
    gitDirectory: yield* makeView(gitDirectory, commonDirectory, format ?? "sha1"),
    remedy: `type "git -C ${quoted(folder)} fetch --refetch --no-filter" to fetch what this partial clone left out`
  }
  return partial
})

/** Makes a repository with the objects of another one, and with all that changes how its commits are seen. */
const makeView = Effect.fnUntraced(function*(gitDirectory: string, commonDirectory: string, format: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const view = path.join(yield* scratchFolder("retrace-view-"), "view.git")
  const making = ["init", "--bare", "--quiet", "--template=", `--object-format=${format}`, view]
  yield* askGit({ _tag: "nowhere" }, making)
  for (const folder of ["info", "objects/info"]) {
    yield* orFailed(fs.makeDirectory(path.join(view, folder), { recursive: true }))
  }
  const write = (file: string, text: string) => orFailed(fs.writeFileString(path.join(view, file), text))
  yield* write("objects/info/alternates", `${escaped(path.join(commonDirectory, "objects"))}\n`)
  for (const file of ["shallow", "info/grafts"]) {
    const text = yield* Effect.orElseSucceed(fs.readFileString(path.join(commonDirectory, file)), () => "")
    if (text !== "") yield* write(file, text)
  }
  const asking = ["for-each-ref", "--format=%(objectname) %(refname)", "refs/replace"]
  const replacements = yield* orNothing(askGit({ _tag: "repository", gitDirectory }, asking))
  yield* write("packed-refs", `# pack-refs with: sorted \n${replacements}`)
  return view
})

const orFailed = Effect.mapError((cause: PlatformError) => new GitFailed({ command: "init", detail: oneLine(cause) }))

/** Writes a path as git reads it where it has characters that would end it. */
const escaped = (path: string): string =>
  /["\\\n]/.test(path) ? `"${path.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n")}"` : path

/** Writes a path as a shell reads it. */
const quoted = (path: string): string => /^[\w./~+@%:,-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
