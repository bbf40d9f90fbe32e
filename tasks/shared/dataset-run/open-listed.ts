/** Opens one repository of a run: one of a list that is not there, or cannot be reached, does not end the run. */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { Git, type RepositoryFault } from "../../../services/Git.ts"
import type { RepositoryAsked } from "../repository-list.ts"
import type { RunListener } from "./listener.ts"
import { type Losses, replaceLosses } from "./losses.ts"

/** What is wrong with this machine, and would leave out the rest of the list as well. */
const ofThisMachine: ReadonlySet<RepositoryFault> = new Set(["no space left", "cache not writable"])

/**
 * Opens a repository for the scope, or gives the reason for which it is left out, to be counted. Each that is left out is
 * told with what was wrong. One that was named by hand, and what is wrong with this machine, ends the run.
 */
export const openListed = Effect.fn("shared.openListed")(function*(
  { isListed, location }: RepositoryAsked,
  options: { readonly orFolder: boolean; readonly mostFiles: number },
  { listen, lost }: { readonly lost: Losses; readonly listen: RunListener }
) {
  const git = yield* Git
  const opened = yield* Effect.either(replaceLosses(lost)(git.open(location, options)))
  if (Either.isRight(opened)) {
    yield* listen({ _tag: "opened", repository: opened.right.name })
    return Either.right(opened.right)
  }
  const failure = opened.left
  if (!isListed || failure._tag !== "NotARepository" || ofThisMachine.has(failure.fault)) return yield* failure
  yield* listen({ _tag: "warned", message: `left out: ${failure.message}` })
  return Either.left(failure.fault)
})
