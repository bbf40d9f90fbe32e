/** One git child process: its environment, its arguments, and why it failed. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process"
import { GitFailed, GitLost } from "../../services/Git.ts"

/** Switches off settings of the user that would change what git prints. */
const plainSettings = [
  "-c",
  "core.quotePath=false",
  "-c",
  "log.showRoot=true",
  "-c",
  "log.showSignature=false",
  "-c",
  "diff.renameLimit=1000"
]

/**
 * What every git process finds in its environment: it never prompts, takes no optional lock, speaks English, and
 * fetches nothing by itself.
 */
const plainEnvironment = {
  LC_ALL: "C",
  GIT_TERMINAL_PROMPT: "0",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_NO_LAZY_FETCH: "1"
}

/** Names that must be kept where an environment is filtered. */
export const plainEnvironmentNames: ReadonlyArray<string> = Object.keys(plainEnvironment)

/** Returns the environment without what would make git look elsewhere, start a pager, or ask. */
export const gitEnvironment = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv => {
  const kept = Object.entries(environment).filter(([name]) =>
    !name.startsWith("GIT_") && !/^(?:PAGER|EDITOR|VISUAL|SSH_ASKPASS|PREFIX)$/.test(name)
  )
  return { ...Object.fromEntries(kept), ...plainEnvironment }
}

export interface GitProcess {
  readonly child: ChildProcessWithoutNullStreams
  /** The last 2,000 characters of standard error, on one line. */
  readonly lastWords: () => string
}

/** Starts `git --git-dir <gitDirectory> <args>`. The caller ends it. */
export const startGit = (gitDirectory: string, args: ReadonlyArray<string>): GitProcess => {
  const child = spawn("git", ["--git-dir", gitDirectory, ...plainSettings, ...args], {
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
