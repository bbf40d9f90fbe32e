/** Why a URL could not be cloned, from what git says of it in English, and which reasons may pass. */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { GitFailed, GitLost, RepositoryFault } from "../../services/Git.ts"

/** The first that fits counts. */
const patterns: ReadonlyArray<readonly [RegExp, RepositoryFault]> = [
  [/no space left|disk quota exceeded|out of disk/i, "no space left"],
  [/transport … not allowed/i, "protocol not allowed"],
  [/certificate|host key verification failed|dubious ownership|ssl: no alternative/i, "not trusted"],
  [/not exported/i, "no repository there"],
  [/returned error: (?:5\d\d|429)/i, "server failed"],
  [/timed? ?out|returned error: 408|no word for|operation too slow/i, "timed out"],
  [
    /returned error: 40[137]|authentication failed|could not read (?:username|password)|permission denied|access denied/i,
    "login needed"
  ],
  [
    /could not resolve|unable to look up|(?:failed|could ?n.t|unable) to connect|connection refused|no route to host|network is (?:unreachable|down)|name or service not known|temporary failure in name/i,
    "host not reached"
  ],
  [
    /not found|does not exist|does not appear to be a git repository|is this a git repository|returned error: 4\d\d|no such file or directory|not a git repository/i,
    "no repository there"
  ],
  [
    /reset by peer|early eof|hung up|disconnect|rpc failed|empty reply|connection (?:closed|was closed|aborted)|broken pipe|recv(?:eive)? (?:failure|error)|ssl_?(?:read|connect|error_syscall)|gnutls/i,
    "connection lost"
  ]
]

/** Returns the reason for a failure of `git clone` or `git fetch`. What repositories are called tells nothing. */
export const repositoryFaultOf = (words: string): RepositoryFault => {
  const said = words.replace(/'[^']*'|"[^"]*"|\S*(?::\/\/|\/)\S*/g, "…")
  return patterns.find(([pattern]) => pattern.test(said))?.[1] ?? "git failed"
}

/** The network, or a server that has too much to do. */
const passing: ReadonlySet<RepositoryFault> = new Set([
  "host not reached",
  "connection lost",
  "timed out",
  "server failed"
])

/** What we say of a git that was given up. */
export const silent = "no word for"

/**
 * Tries again what the network or a busy server broke off, for two minutes at the most; who said nothing for long is not
 * asked again.
 */
export const patiently = <A, R>(effect: Effect.Effect<A, GitFailed | GitLost, R>) =>
  Effect.retry(effect, {
    while: ({ _tag, detail }) =>
      _tag === "GitFailed" && passing.has(repositoryFaultOf(detail)) && !detail.startsWith(silent),
    schedule: Schedule.exponential("500 millis").pipe(
      Schedule.jittered,
      Schedule.intersect(Schedule.recurs(3)),
      Schedule.upTo("2 minutes")
    )
  })
