/** Real git repositories, built on the fly with fixed dates and names, so that equal steps give equal commits. */
import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"

export interface TestRepository {
  readonly path: string
  readonly git: (...args: ReadonlyArray<string>) => string
  readonly write: (path: string, content: string | Uint8Array) => void
  readonly remove: (path: string) => void
  /** Commits all there is and returns the commit. */
  readonly commit: (subject: string) => string
  readonly dispose: () => void
}

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), "retrace-test-"))

/** Runs git in a folder as Ada, whatever this machine has configured; gives its standard output. */
export const runGit = (
  folder: string,
  args: ReadonlyArray<string>,
  more: Readonly<Record<string, string>> = {}
): string =>
  execFileSync("git", [...args], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_SYSTEM: "/dev/null",
      GIT_AUTHOR_NAME: "Ada",
      GIT_AUTHOR_EMAIL: "ada@example.org",
      GIT_COMMITTER_NAME: "Ada",
      GIT_COMMITTER_EMAIL: "ada@example.org",
      ...more
    }
  })

/** Makes an empty repository in a folder of the given name. */
export const makeRepository = (name = "toy"): TestRepository => {
  const parent = temporaryFolder()
  const path = join(parent, name)
  mkdirSync(path)
  let seconds = 1_700_000_000
  const git = (...args: ReadonlyArray<string>): string => {
    const date = `${seconds} +0000`
    return runGit(path, args, { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date })
  }
  git("init", "--quiet", "--initial-branch=main")
  git("config", "core.autocrlf", "false")
  git("config", "protocol.file.allow", "always")
  return {
    path,
    git,
    write: (file, content) => {
      mkdirSync(dirname(join(path, file)), { recursive: true })
      writeFileSync(join(path, file), content)
    },
    remove: (file) => rmSync(join(path, file), { recursive: true, force: true }),
    commit: (subject) => {
      seconds += 60
      git("add", "-A")
      git("commit", "--quiet", "--allow-empty", "-m", subject)
      return git("rev-parse", "HEAD").trim()
    },
    dispose: () => rmSync(parent, { recursive: true, force: true })
  }
}

/** A Python module of `count` functions, each different, as source. */
export const pythonModule = (count: number, salt = ""): string =>
  Array.from({ length: count }, (_, index) =>
    `def compute_${salt}${index}(values, limit=${index + 1}):\n` +
    `    """Sums the values below a limit, case ${index}."""\n` +
    `    total = ${index}\n` +
    `    for value in values:\n` +
    `        if value < limit and value != ${index}:\n` +
    `            total += value * ${index + 2}\n` +
    `    return total, limit\n`).join("\n\n")
