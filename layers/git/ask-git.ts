/** Short questions to git, by simple-git: one process each, whose standard output is the answer. */
import * as Effect from "effect/Effect"
import { simpleGit } from "simple-git"
import { GitFailed, type GitLost } from "../../services/Git.ts"
import { withoutPasswords } from "../../services/text/showable.ts"
import { gitEndingOf } from "./git-process.ts"
import { gitEnvironment } from "./environment.ts"
import { listenForWarnings } from "./git-warnings.ts"
import { gitArguments, type GitPlace, neutralFolder } from "./plain-git.ts"

/** How long git may take to answer: a pipe where a repository has a file would keep it waiting for ever. */
export const patience = "2 minutes"

/** Runs one git command and gives its standard output. */
export const askGit = (
  place: GitPlace,
  args: ReadonlyArray<string>
): Effect.Effect<string, GitFailed | GitLost> => {
  const command = commandOf(args)
  return run(command, place, args, []).pipe(
    Effect.timeoutFail({
      duration: patience,
      onTimeout: () => new GitFailed({ command, detail: `it gave no answer in ${patience}` })
    })
  )
}

/** Runs a git command that speaks to another machine by one of the protocols, for as long as that takes. */
export const fetchByGit = (
  place: GitPlace,
  args: ReadonlyArray<string>,
  protocols: ReadonlyArray<string>
): Effect.Effect<string, GitFailed | GitLost> => run(commandOf(args), place, args, protocols)

/** Gives "" where git says that something is not there; a process that was lost says nothing of the kind. */
export const orNothing = (answer: Effect.Effect<string, GitFailed | GitLost>): Effect.Effect<string, GitLost> =>
  Effect.catchTag(answer, "GitFailed", () => Effect.succeed(""))

const commandOf = (args: ReadonlyArray<string>): string => args.slice(0, 2).join(" ")

const run = (
  command: string,
  place: GitPlace,
  args: ReadonlyArray<string>,
  protocols: ReadonlyArray<string>
): Effect.Effect<string, GitFailed | GitLost> =>
  Effect.suspend(() => {
    let wasKilled = false
    const isReaching = protocols.length > 0
    const environment = gitEnvironment(process.env, protocols)
    const warnings = listenForWarnings(isReaching)
    return Effect.tryPromise({
      try: (signal) =>
        simpleGit({
          baseDir: neutralFolder,
          abort: signal,
          // It is filtered already, and what is left of it is the user's.
          allowEnvironment: Object.keys(environment),
          // These arguments are ours, and switch off what simple-git warns of; none comes from a repository.
          unsafe: {
            allowUnsafeAlias: true,
            allowUnsafeAskPass: true,
            allowUnsafeCommandBinaries: true,
            allowUnsafeConfigEnvCount: true,
            allowUnsafeConfigPaths: true,
            allowUnsafeCredentialHelper: true,
            allowUnsafeDiffExternal: true,
            allowUnsafeDiffTextConv: true,
            allowUnsafeEditor: true,
            allowUnsafeExec: true,
            allowUnsafeFilter: true,
            allowUnsafeFsMonitor: true,
            allowUnsafeGitProxy: true,
            allowUnsafeGpgProgram: true,
            allowUnsafeHooksPath: true,
            allowUnsafeInclude: true,
            allowUnsafeMergeDriver: true,
            allowUnsafePack: true,
            allowUnsafePager: true,
            allowUnsafeProtocolOverride: true,
            allowUnsafeSshCommand: true,
            allowUnsafeSubmodule: true,
            allowUnsafeTemplateDir: true,
            allowUnsafeUrlRewrite: true
          },
          // A killed process has no exit code, so what it printed until then would pass for its whole answer.
          errors: (error, { exitCode }) => {
            wasKilled = typeof exitCode !== "number"
            return wasKilled ? new Error("killed") : error
          }
        })
          .env(environment)
          .outputHandler((_command, _stdout, stderr) => void stderr.on("data", (said) => warnings.take(String(said))))
          .raw([...gitArguments(place, args, isReaching)]),
      catch: (cause) => wasKilled ? gitEndingOf(command, null, "") : new GitFailed({ command, detail: oneLine(cause) })
    }).pipe(Effect.tap(() => Effect.sync(warnings.succeeded)))
  })

/** Returns what went wrong on one line. */
export const oneLine = (cause: unknown): string =>
  withoutPasswords(
    (cause instanceof Error ? cause.message : String(cause)).trim().replace(/\s*\n\s*/g, "; ")
      .slice(0, 500)
  )
