/**
 * The repositories that a run reads from, however many there are: each is open while something of it is read and for a
 * moment after that, so that one that is read from again and again is opened once.
 */
import * as Effect from "effect/Effect"
import * as RcMap from "effect/RcMap"
import { Git, GitFailed, type GitLost, type Repository } from "../../../services/Git.ts"
import { withoutPasswords } from "../../../services/text/showable.ts"
import { WrongUsage } from "../problems.ts"
import { tellGitWarnings } from "./git-warnings.ts"
import type { RunListener } from "./listener.ts"
import { type Losses, replaceLosses } from "./losses.ts"

/** What items need of a repository. */
export type BlobSource = Pick<Repository, "name" | "location" | "blobs">

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
  /** Returns a repository that was used before, for items to read from. */
  readonly sourceOf: (number: number) => BlobSource
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
  const known = new Map<number, Repository>()
  const opened = yield* RcMap.make({
    // What was opened before is opened again as it was, without the network.
    lookup: (number: number) =>
      replaceLosses(lost)(git.open(known.get(number)?.location ?? locations[number] ?? "", options)),
    idleTimeToLive: idle
  })
  const learn = Effect.fnUntraced(function*(number: number, repository: Repository) {
    if (known.has(number)) return
    const other = [...known].find(([, { name }]) => name === repository.name)
    if (other !== undefined) {
      return yield* twoOfOneName(locations[other[0]] ?? "", locations[number] ?? "", repository.name)
    }
    known.set(number, repository)
    yield* listen({ _tag: "opened", repository: repository.name })
  })
  const sources: Sources = {
    use: (number, use) =>
      Effect.scoped(Effect.gen(function*() {
        const repository = yield* RcMap.get(opened, number)
        yield* learn(number, repository)
        return yield* use(repository)
      })),
    sourceOf: (number) => {
      const { location = "", name = "" } = known.get(number) ?? {}
      return {
        name,
        location,
        blobs: (ids) =>
          Effect.scoped(
            Effect.flatMap(Effect.mapError(RcMap.get(opened, number), asGitFailure), (repository) =>
              repository.blobs(ids))
          )
      }
    }
  }
  return sources
})

/** A repository that was open before and cannot be opened any more: somebody moved it. */
const asGitFailure = (failure: SourceFailed): GitFailed | GitLost =>
  failure._tag === "GitFailed" || failure._tag === "GitLost"
    ? failure
    : new GitFailed({ command: "cat-file", detail: failure.message })

/** Says that two repositories have one name. */
export const twoOfOneName = (one: string, other: string, name: string): WrongUsage =>
  new WrongUsage({
    detail: `Cannot tell "${withoutPasswords(one)}" and "${withoutPasswords(other)}" apart: ` +
      `both are called "${name}"; give one of them another origin or folder, or leave it out`
  })
