/**
 * What differs between trees, from one long-lived `git diff-tree --stdin`. Each pair is followed by a word that is not
 * an id: git repeats it, which shows where an answer ends.
 */
import { GitFailed, type GitLost, TooManyFiles, type TreeChange } from "../../services/Git.ts"
import { gitEndingOf, isOverLimit, startGit } from "./git-process.ts"
import { kindOfMode } from "./history.ts"

export interface TreeComparer {
  /**
   * Returns the files that the tree of `to` has and that of `from` has not, or has differently, and those that are
   * gone.
   */
  readonly ask: (from: string, to: string) => Promise<ReadonlyArray<TreeChange>>
  /** Whether its process ended and a question failed for that, so that the next question needs another process. */
  readonly isSpent: () => boolean
  readonly close: () => void
}

interface TreeRequest {
  readonly resolve: (changes: ReadonlyArray<TreeChange>) => void
  readonly reject: (failure: GitFailed | GitLost | TooManyFiles) => void
}

const mark = "end"
const command = "diff-tree --stdin"

export const openTreeComparer = (gitDirectory: string, most: number): TreeComparer => {
  const git = startGit({ _tag: "repository", gitDirectory }, [
    "diff-tree",
    "--stdin",
    "-r",
    "-z",
    "--raw",
    "--no-renames",
    "--no-abbrev",
    "--no-ext-diff",
    "--ignore-submodules=none",
    "--no-textconv"
  ])
  const queue: Array<TreeRequest> = []
  let failure: GitFailed | GitLost | TooManyFiles | undefined
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
  /** Ends one answer for every mark at the start of the text. */
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
      if (changes.length > most) {
        fail(new TooManyFiles({ command, most }))
        git.child.kill("SIGKILL")
      }
      record = undefined
      return
    }
    // An answer that follows another starts behind the mark of that one.
    const line = withoutMarks(part)
    if (line.startsWith(":")) record = line
  }
  const fail = (ending: GitFailed | GitLost | TooManyFiles) => {
    if (failure !== undefined) return
    failure = ending
    isSpent = queue.length > 0
    for (const request of queue.splice(0)) request.reject(ending)
  }
  git.child.on("error", (cause) => fail(new GitFailed({ command, detail: cause.message })))
  git.child.on("close", (_, signal) => {
    const words = git.lastWords()
    fail(isOverLimit(words) ? new TooManyFiles({ command, most }) : gitEndingOf(command, signal, words))
  })

  return {
    ask: (from, to) =>
      new Promise((resolve, reject) => {
        if (failure !== undefined) {
          isSpent = true
          return reject(failure)
        }
        queue.push({ resolve, reject })
        // Given a commit and another one in place of its parent, git tells what leads from the other one to it.
        git.child.stdin.write(`${to} ${from}\n${mark}\n`)
      }),
    isSpent: () => isSpent,
    close: () => {
      if (failure === undefined) git.succeeded()
      git.child.stdin.end()
      git.child.kill("SIGKILL")
    }
  }
}
