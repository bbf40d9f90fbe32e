/**
 * Commits that seem to have no parent and have one: a shallow clone left it out, or a graft or a replacement hides it. Each
 * commit says itself who its parents are, wherever git keeps note of what it hides.
 */
import { gitEndingOf, startGit } from "./git-process.ts"

/** How many commits one process is asked about: their ids must fit into its arguments. */
const mostIds = 1000

/** Returns those of the commits whose own text names a parent. */
export const cutOffAmong = async (gitDirectory: string, shas: ReadonlyArray<string>): Promise<ReadonlySet<string>> => {
  const cutOff = new Set<string>()
  for (let from = 0; from < shas.length; from += mostIds) {
    for (const record of await readHeaders(gitDirectory, shas.slice(from, from + mostIds))) {
      const [sha = "", ...lines] = record.split("\n")
      const end = lines.indexOf("")
      if (lines.slice(0, end === -1 ? lines.length : end).some((line) => line.startsWith("parent "))) cutOff.add(sha)
    }
  }
  return cutOff
}

/** Reads the texts of commits, each behind a line with its id. */
const readHeaders = async (gitDirectory: string, shas: ReadonlyArray<string>): Promise<ReadonlyArray<string>> => {
  const asking = ["--no-replace-objects", "rev-list", "--no-walk=unsorted", "--header", ...shas]
  const git = startGit({ _tag: "repository", gitDirectory }, asking)
  git.child.stdin.end()
  const chunks: Array<Buffer> = []
  git.child.stdout.on("data", (chunk: Buffer) => void chunks.push(chunk))
  const signal = await new Promise<NodeJS.Signals | "failed" | null>((resolve, reject) => {
    git.child.on("error", reject)
    git.child.on("close", (code, killed) => resolve(killed ?? (code === 0 ? null : "failed")))
  })
  if (signal === null) return Buffer.concat(chunks).toString("latin1").split("\0")
  throw gitEndingOf("rev-list", signal === "failed" ? null : signal, git.lastWords())
}
