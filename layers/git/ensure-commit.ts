/** A commit that was read before, on another machine perhaps: it is there, is fetched by its id, or is gone. */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { CommitGone } from "../../services/Git.ts"
import { cloneProtocols } from "../../services/history/origin.ts"
import { askGit, fetchByGit, orNothing } from "./ask-git.ts"
import { bringUpToDate } from "./bring-up-to-date.ts"
import { patiently } from "./clone-faults.ts"
import type { GitPlace } from "./plain-git.ts"

/** What servers say of a commit that they do not have, or do not give by its id. */
const isRefused = (words: string): boolean =>
  /not our ref|couldn't find remote ref|unadvertised object|does not allow|no such remote ref|invalid|missing/i.test(
    words
  )

/** Makes sure that a commit of the repository called `name` is there; `isClone` for a clone of ours, which may be added to. */
export const ensureCommit = Effect.fnUntraced(function*(
  { isClone, name, place }: { readonly place: GitPlace; readonly name: string; readonly isClone: boolean },
  commit: string
) {
  const isThere = Effect.map(
    orNothing(askGit(place, ["cat-file", "-t", commit])),
    (type) => type.trim() === "commit"
  )
  const gone = (detail: string) => new CommitGone({ repository: name, sha: commit, detail })
  if (!/^[\da-f]{40}(?:[\da-f]{24})?$/.test(commit)) return yield* gone("that is no id of a commit")
  if (yield* isThere) return
  if (!isClone) return yield* gone("its history was rewritten since it was read; begin anew, or bring the commit back")
  const fetching = ["fetch", "--quiet", "--progress", "--no-tags", "--no-recurse-submodules", "origin", commit]
  const fetched = yield* Effect.either(patiently(fetchByGit(place, fetching, cloneProtocols)))
  if (Either.isLeft(fetched) && !(fetched.left._tag === "GitFailed" && isRefused(fetched.left.detail))) {
    return yield* fetched.left
  }
  if (yield* isThere) return
  // Some servers give only what they name: the commit may be in the history of a branch.
  yield* patiently(bringUpToDate(place))
  if (!(yield* isThere)) {
    return yield* gone(
      "its history was rewritten since it was read, and its server does not have it any more; begin anew"
    )
  }
})
