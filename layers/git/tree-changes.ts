/**
 * What differs between trees, from one long-lived `git diff-tree --stdin`. Behind each pair goes a word that is no id:
 * git gives it back, and so says where an answer ends.
 */
import { GitFailed, type GitLost, type TreeChange } from "../../services/Git.ts"
import { gitEndingOf, startGit } from "./git-process.ts"
import { kindOfMode } from "./history.ts"

export interface TreeComparer {
  /** The files of the tree of `to` that that of `from` has not so, and those it has no more. */
  readonly ask: (from: string, to: string) => Promise<ReadonlyArray<TreeChange>>
  /** Whether its process ended and a question failed of it, so that the next one needs another process. */
  readonly isSpent: () => boolean
  readonly close: () => void
}

interface TreeRequest {
  readonly resolve: (changes: ReadonlyArray<TreeChange>) => void
  readonly reject: (failure: GitFailed | GitLost) => void
}

const mark = "end"
const command = "diff-tree --stdin"

export const openTreeComparer = (gitDirectory: string): TreeComparer => {
  const git = startGit(gitDirectory, ["diff-tree", "--stdin", "-r", "-z", "--raw", "--no-renames", "--no-abbrev"])
  const queue: Array<TreeRequest> = []
  let failure: GitFailed | GitLost | undefined
  let isSpent = false
  let rest = ""
  let changes: Array<TreeChange> = []
  /** The record whose path comes next. */
  let record: string | undefined

  git.child.stdout.setEncoding("utf8")
  git.child.stdout.on("data", (text: string) => {
    const parts = (rest + text).split("\0")
    rest = parts.pop() ?? ""
    for (const part of parts) take(part)
    if (record === undefined) rest = withoutMarks(rest)
  })
  /** Ends an answer for every mark that the text begins with. */
  const withoutMarks = (text: string): string => {
    let left = text
    while (left.startsWith(`${mark}\n`)) {
      left = left.slice(mark.length + 1)
      const answer = changes
      changes = []
      queue.shift()?.resolve(answer)
    }
    return left
  }
  const take = (part: string) => {
    if (record !== undefined) {
      const [, newMode = "", , newBlob = "", status = ""] = record.split(" ")
      changes.push({ path: part, kind: kindOfMode(newMode), blob: status.startsWith("D") ? null : newBlob })
      record = undefined
      return
    }
    // An answer that follows another begins behind its mark.
    const line = withoutMarks(part)
    if (line.startsWith(":")) record = line
  }
  const fail = (ending: GitFailed | GitLost) => {
    failure = ending
    isSpent = queue.length > 0
    for (const request of queue.splice(0)) request.reject(ending)
  }
  git.child.on("error", (cause) => fail(new GitFailed({ command, detail: cause.message })))
  git.child.on("close", (_, signal) => fail(gitEndingOf(command, signal, git.lastWords())))

  return {
    ask: (from, to) =>
      new Promise((resolve, reject) => {
        if (failure !== undefined) {
          isSpent = true
          return reject(failure)
        }
        queue.push({ resolve, reject })
        // Given a commit and another one in its parent's place, git tells what it takes to get from that one to it.
        git.child.stdin.write(`${to} ${from}\n${mark}\n`)
      }),
    isSpent: () => isSpent,
    close: () => {
      git.child.stdin.end()
      git.child.kill("SIGKILL")
    }
  }
}
