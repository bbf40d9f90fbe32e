/** The git processes that this process starts, so that a test can end one in the middle of its work. */
import type { ChildProcess } from "node:child_process"
import { subscribe, unsubscribe } from "node:diagnostics_channel"
import { chmodSync, existsSync, rmSync, writeFileSync } from "node:fs"
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

/** Puts a git before the real one that is killed the next time it is asked for a doomed word. Later threads see it too. */
export const makeMortalGit = () => {
  const folder = temporaryFolder()
  const doomed = join(folder, "doomed")
  const path = process.env["PATH"] ?? ""
  const real = path.split(delimiter).map((place) => join(place, "git")).find((file) => existsSync(file))
  const script = join(folder, "git")
  writeFileSync(
    script,
    `#!/bin/sh
read doomed < '${doomed}'
for word; do
  if [ "$word" = "$doomed" ]; then echo nothing > '${doomed}'; kill -9 $$; fi
done
exec '${real}' "$@"
`
  )
  chmodSync(script, 0o755)
  const doom = (word: string) => writeFileSync(doomed, `${word}\n`)
  doom("nothing")
  process.env["PATH"] = folder + delimiter + path
  return {
    doom,
    stop: () => {
      process.env["PATH"] = path
      rmSync(folder, { recursive: true })
    }
  }
}
