/** A repository of a list that is not there, or cannot be reached, does not end the run: it is left out and counted. */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { NoSuchRevision, NotARepository, type RepositoryFault, TooManyFiles } from "../../../services/Git.ts"
import type { RepositoryAsked } from "../repository-list.ts"
import type { RunListener } from "./listener.ts"
import type { SourceFailed } from "./sources.ts"

/** What is wrong with this machine, and would leave out the rest of the list as well. */
const ofThisMachine: ReadonlySet<RepositoryFault> = new Set(["no space left", "cache not writable"])

/**
 * Gives the reason for which a repository of a list is left out, where it could not be opened or read, and tells of it. One that
 * was named by hand, and what is wrong with this machine, ends the run.
 */
export const orLeftOut =
  ({ isListed }: RepositoryAsked, listen: RunListener) => <A, E, R>(opened: Effect.Effect<A, E | SourceFailed, R>) =>
    opened.pipe(
      Effect.map((value): Either.Either<A, string> => Either.right(value)),
      Effect.catchAll((failure) => {
        const reason = isListed ? reasonOf(failure) : undefined
        return reason === undefined
          ? Effect.fail(failure)
          : Effect.as(listen({ _tag: "warned", message: `left out: ${messageOf(failure)}` }), Either.left(reason))
      })
    )

const reasonOf = (failure: unknown): string | undefined => {
  if (failure instanceof NoSuchRevision) return "no such revision"
  if (failure instanceof TooManyFiles) return "too many files"
  return failure instanceof NotARepository && !ofThisMachine.has(failure.fault) ? failure.fault : undefined
}

const messageOf = (failure: unknown): string => failure instanceof Error ? failure.message : ""
