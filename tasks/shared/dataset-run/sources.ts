/**
 * The repositories that a run reads from, however many there are: each is open while something of it is read and for a
 * moment after that, so that one that is read from again and again is opened once.
 */
import * as Effect from "effect/Effect"
import * as RcMap from "effect/RcMap"
import { type CommitGone, Git, GitFailed, type GitLost, type Repository } from "../../../services/Git.ts"
import { withoutPasswords } from "../../../services/text/showable.ts"
import { WrongUsage } from "../problems.ts"
import { tellGitWarnings } from "./git-warnings.ts"
import type { RunListener } from "./listener.ts"
import { type Losses, replaceLosses } from "./losses.ts"

/** What items need of a repository. */
export type BlobSource = Pick<Repository, "name" | "location" | "blobs" | "nearestFiles">

/** How repositories are opened. */
export interface SourceOptions {
  readonly orFolder: boolean
  readonly mostFiles: number
}

/** The repositories of a run, by their numbers. */
export interface Sources {
  /** Opens a repository for as long as `use` takes. Two of one name are refused: rows and groups know them by name. */
  readonly use: <A, E, R>(
    number: number,
    use: (repository: Repository) => Effect.Effect<A, E, R>
  ) => Effect.Effect<A, E | SourceFailed | WrongUsage, R>
  /**
   * Opens a repository again that was used before, for as long as `use` takes; `head` is the commit that was its newest
   * then. What was cloned is as it was, even if others brought the clone up to date or removed it meanwhile.
   */
  readonly useAgain: <A, E, R>(
    number: number,
    head: string | null,
    use: (repository: Repository) => Effect.Effect<A, E, R>
  ) => Effect.Effect<A, E | GitFailed | GitLost, R>
}

/** Why a repository cannot be opened. */
export type SourceFailed = Effect.Effect.Error<ReturnType<Git["Type"]["open"]>>

/** How long a repository stays open that nobody reads from. */
const idle = "2 seconds"

/** Makes the sources of a run, none of them open yet. */
export const openSources = Effect.fnUntraced(function*(
  locations: ReadonlyArray<string>,
  options: SourceOptions,
  { listen, lost }: { readonly lost: Losses; readonly listen: RunListener }
) {
  const git = yield* Git
  yield* tellGitWarnings(listen)
  /** Names of those that were opened before. */
  const known = new Map<number, string>()
  /** Those that have the commit that they had before. */
  const ensured = new WeakSet<Repository>()
  const opened = yield* RcMap.make({
    lookup: (number: number) =>
      replaceLosses(lost)(git.open(locations[number] ?? "", { ...options, asKept: known.has(number) })),
    idleTimeToLive: idle
  })
  const learn = Effect.fnUntraced(function*(number: number, repository: Repository) {
    if (known.has(number)) return
    const other = [...known].find(([, name]) => name === repository.name)
    if (other !== undefined) {
      return yield* twoOfOneName(locations[other[0]] ?? "", locations[number] ?? "", repository.name)
    }
    known.set(number, repository.name)
    yield* listen({ _tag: "opened", repository: repository.name })
  })
  const sources: Sources = {
    use: (number, use) =>
      Effect.scoped(Effect.gen(function*() {
        const repository = yield* RcMap.get(opened, number)
        yield* learn(number, repository)
        return yield* use(repository)
      })),
    useAgain: (number, head, use) =>
      Effect.scoped(Effect.gen(function*() {
        const repository = yield* Effect.mapError(RcMap.get(opened, number), asGitFailure)
        if (head !== null && !ensured.has(repository)) {
          yield* Effect.mapError(replaceLosses(lost)(repository.ensure(head)), asGitFailure)
          ensured.add(repository)
        }
        return yield* use(repository)
      }))
  }
  return sources
})

/** A repository that was open before and is not there any more, or not as it was: somebody moved or rewrote it. */
const asGitFailure = (failure: SourceFailed | CommitGone): GitFailed | GitLost =>
  failure._tag === "GitFailed" || failure._tag === "GitLost"
    ? failure
    : new GitFailed({ command: "cat-file", detail: failure.message })

/** Says that two repositories have one name. */
export const twoOfOneName = (one: string, other: string, name: string): WrongUsage =>
  new WrongUsage({
    detail: `Cannot tell "${withoutPasswords(one)}" and "${withoutPasswords(other)}" apart: ` +
      `both are called "${name}"; give one of them another origin or folder, or leave it out`
  })
