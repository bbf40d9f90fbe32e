/** One git child process that is spoken to while it runs, and why one failed. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process"
import { GitFailed, GitLost } from "../../services/Git.ts"
import { gitArguments, gitEnvironment, neutralFolder } from "./plain-git.ts"

export interface GitProcess {
  readonly child: ChildProcessWithoutNullStreams
  /** The last 2,000 characters of standard error, on one line. */
  readonly lastWords: () => string
}

/** Starts git in a repository. The caller ends it. */
export const startGit = (gitDirectory: string, args: ReadonlyArray<string>): GitProcess => {
  const child = spawn("git", gitArguments({ _tag: "repository", gitDirectory }, args), {
    cwd: neutralFolder,
    env: gitEnvironment(process.env),
    stdio: ["pipe", "pipe", "pipe"]
  })
  let words = ""
  child.stderr.setEncoding("utf8")
  child.stderr.on("data", (text: string) => {
    words = (words + text).slice(-2000)
  })
  // A process that ends while we write to it tells by its exit; the broken pipe adds nothing.
  child.stdin.on("error", () => undefined)
  return { child, lastWords: () => words.trim().replace(/\s*\n\s*/g, "; ") }
}

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
