/** The git processes that this process starts, so that a test can end one in the middle of its work. */
import { type ChildProcess, execFileSync } from "node:child_process"
import { subscribe, unsubscribe } from "node:diagnostics_channel"
import { chmodSync, rmSync, writeFileSync } from "node:fs"
import { delimiter, join } from "node:path"
import { temporaryFolder } from "./repository.ts"

/** Tells of the git processes that run. */
export const watchGitChildren = () => {
  const children: Array<ChildProcess> = []
  const keep = (message: unknown) => void children.push((message as { readonly process: ChildProcess }).process)
  subscribe("child_process", keep)
  return {
    alive: () =>
      children.filter(({ exitCode, pid, signalCode, spawnfile }) =>
        spawnfile === "git" && pid !== undefined && exitCode === null && signalCode === null
      ),
    stop: () => unsubscribe("child_process", keep)
  }
}

/** Puts a git before the real one that, while `doomed` holds a word, is killed when it is asked for that. */
export const makeMortalGit = () => {
  const folder = temporaryFolder()
  const doomed = join(folder, "doomed")
  const real = execFileSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).trim()
  const script = join(folder, "git")
  writeFileSync(
    script,
    `#!/bin/sh\nfor word; do\n  if [ "$word" = "$(cat '${doomed}')" ]; then kill -9 $$; fi\ndone\nexec '${real}' "$@"\n`
  )
  chmodSync(script, 0o755)
  writeFileSync(doomed, "")
  const path = process.env["PATH"] ?? ""
  process.env["PATH"] = folder + delimiter + path
  return {
    doom: (word: string) => writeFileSync(doomed, word),
    stop: () => {
      process.env["PATH"] = path
      rmSync(folder, { recursive: true })
    }
  }
}
