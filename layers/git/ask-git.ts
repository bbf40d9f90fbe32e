/** Short questions to git, by simple-git: one process each, whose standard output is the answer. */
import * as Effect from "effect/Effect"
import { simpleGit } from "simple-git"
import { GitFailed, type GitLost } from "../../services/Git.ts"
import { withoutPasswords } from "../../services/text/showable.ts"
import { silent } from "./clone-faults.ts"
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

/** How long git may go without a word while it speaks to another machine: asked for progress, it tells some each second. */
const silence = "5 minutes"

/** Runs a git command that speaks to another machine by one of the protocols, for as long as it tells of progress. */
export const fetchByGit = (
  place: GitPlace,
  args: ReadonlyArray<string>,
  protocols: ReadonlyArray<string>
): Effect.Effect<string, GitFailed | GitLost> =>
  Effect.suspend(() => {
    const command = commandOf(args)
    let words = 0
    const untilSilent = Effect.gen(function*() {
      for (let before = -1; before !== words;) {
        before = words
        yield* Effect.sleep(silence)
      }
      return yield* new GitFailed({ command, detail: `${silent} ${silence}` })
    })
    return Effect.raceFirst(run(command, place, args, protocols, () => words++), untilSilent)
  })

/** Gives "" where git says that something is not there; a process that was lost says nothing of the kind. */
export const orNothing = (answer: Effect.Effect<string, GitFailed | GitLost>): Effect.Effect<string, GitLost> =>
  Effect.catchTag(answer, "GitFailed", () => Effect.succeed(""))

const commandOf = (args: ReadonlyArray<string>): string => args.slice(0, 2).join(" ")

const run = (
  command: string,
  place: GitPlace,
  args: ReadonlyArray<string>,
  protocols: ReadonlyArray<string>,
  onWord: () => void = () => undefined
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
          .outputHandler((_command, _stdout, stderr) =>
            void stderr.on("data", (said) => {
              onWord()
              warnings.take(String(said))
            })
          )
          .raw([...gitArguments(place, args, isReaching)]),
      catch: (cause) => wasKilled ? gitEndingOf(command, null, "") : new GitFailed({ command, detail: oneLine(cause) })
    }).pipe(Effect.tap(() => Effect.sync(warnings.succeeded)))
  })

/** How far git is with what it does, such as "Receiving objects:  50% (1/2)". */
const progressLine =
  /^(?:remote: )?(?:Enumerating|Counting|Compressing|Receiving|Resolving|Unpacking|Checking|Updating|Total) .*$/

/** Returns what went wrong on one line. */
export const oneLine = (cause: unknown): string =>
  withoutPasswords(
    (cause instanceof Error ? cause.message : String(cause)).trim().split(/\s*[\r\n]+\s*/)
      .filter((line) => !progressLine.test(line)).join("; ").slice(0, 500)
  )
