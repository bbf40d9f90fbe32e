/** One git child process that is spoken to while it runs, and why one failed. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process"
import { GitFailed, GitLost } from "../../services/Git.ts"
import { gitEnvironment } from "./environment.ts"
import { listenForWarnings } from "./git-warnings.ts"
import { gitArguments, type GitPlace, neutralFolder } from "./plain-git.ts"

export interface GitProcess {
  readonly child: ChildProcessWithoutNullStreams
  /** The last 2,000 characters of standard error, on one line. */
  readonly lastWords: () => string
  /** Says of a process that is to be ended that it did what it was asked to: what it said meanwhile were warnings. */
  readonly succeeded: () => void
}

/**
 * The largest piece of memory that a process may ask for which compares trees: git holds the whole difference of two
 * trees, and says so when the list of about three million files does not fit. Larger blobs are not compared.
 */
const largestPiece = "32m"

/** Starts git where it is to look. The caller ends it. */
export const startGit = (place: GitPlace, args: ReadonlyArray<string>): GitProcess => {
  const isComparing = args[0] === "log" || args[0] === "diff-tree"
  const child = spawn("git", gitArguments(place, args), {
    cwd: neutralFolder,
    env: { ...gitEnvironment(process.env), ...(isComparing ? { GIT_ALLOC_LIMIT: largestPiece } : {}) },
    stdio: ["pipe", "pipe", "pipe"]
  })
  const warnings = listenForWarnings()
  let words = ""
  child.stderr.setEncoding("utf8")
  child.stderr.on("data", (text: string) => {
    words = (words + text).slice(-2000)
    warnings.take(text)
  })
  // A process that ends while we write to it tells by its exit; the broken pipe adds nothing.
  child.stdin.on("error", () => undefined)
  child.on("close", (code) => {
    if (code === 0) warnings.succeeded()
  })
  return { child, lastWords: () => words.trim().replace(/\s*\n\s*/g, "; "), succeeded: warnings.succeeded }
}

/** Whether git ended because what it compares does not fit into the memory that it is given. */
export const isOverLimit = (lastWords: string): boolean => /attempting to allocate \d+ over limit/.test(lastWords)

/**
 * Returns why a process ended that still had something to answer: git says what it refuses, but a killed process
 * cannot.
 */
export const gitEndingOf = (command: string, signal: NodeJS.Signals | null, lastWords: string): GitFailed | GitLost =>
  signal !== null || lastWords === ""
    ? new GitLost({
      command,
      detail: `its process ended${signal === null ? "" : ` by ${signal}`} before it had answered`
    })
    : new GitFailed({ command, detail: lastWords })
