/** Lists of paths, read as they come: a list that never ends is given up before it fills the memory. */
import * as Effect from "effect/Effect"
import { GitFailed, type GitLost, TooManyFiles } from "../../services/Git.ts"
import { patience } from "./ask-git.ts"
import { gitEndingOf, startGit } from "./git-process.ts"
import type { GitPlace } from "./plain-git.ts"

/** Returns the entries that a command lists with a NUL behind each, `most` of them at the most. */
export const listPaths = (
  place: GitPlace,
  args: ReadonlyArray<string>,
  most: number
): Effect.Effect<ReadonlyArray<string>, GitFailed | GitLost | TooManyFiles> => {
  const [command = ""] = args
  return Effect.async<ReadonlyArray<string>, GitFailed | GitLost | TooManyFiles>((resume) => {
    const git = startGit(place, args)
    const entries: Array<string> = []
    let rest = ""
    const stop = () => void git.child.kill("SIGKILL")
    git.child.stdin.end()
    git.child.stdout.setEncoding("utf8")
    git.child.stdout.on("data", (text: string) => {
      const parts = (rest + text).split("\0")
      rest = parts.pop() ?? ""
      for (const part of parts) entries.push(part)
      if (entries.length <= most) return
      stop()
      resume(new TooManyFiles({ command, most }))
    })
    git.child.on("error", (cause) => resume(new GitFailed({ command, detail: cause.message })))
    git.child.on("close", (code, signal) => {
      resume(code === 0 ? Effect.succeed(entries) : gitEndingOf(command, signal, git.lastWords()))
    })
    return Effect.sync(stop)
  }).pipe(
    Effect.timeoutFail({
      duration: patience,
      onTimeout: () => new GitFailed({ command, detail: `it gave no answer in ${patience}` })
    })
  )
}
