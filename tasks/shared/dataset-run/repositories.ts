/** Opens what a run reads from. */
import * as Effect from "effect/Effect"
import { Git, type Repository } from "../../../services/Git.ts"
import { withoutPasswords } from "../../../services/text/showable.ts"
import { WrongUsage } from "../problems.ts"
import { tellGitWarnings } from "./git-warnings.ts"
import type { RunListener } from "./listener.ts"
import { type Losses, replaceLosses } from "./losses.ts"

/**
 * Opens repositories one after the other; they stay open as long as the scope. Rows and groups know a repository by its
 * name, so that two of one name are refused.
 */
export const openRepositories = Effect.fnUntraced(function*(
  locations: ReadonlyArray<string>,
  options: { readonly orFolder: boolean; readonly mostFiles: number },
  { listen, lost }: { readonly lost: Losses; readonly listen: RunListener }
) {
  const git = yield* Git
  yield* tellGitWarnings(listen)
  const repositories: Array<Repository> = []
  for (const location of locations) {
    const repository = yield* replaceLosses(lost)(git.open(location, options))
    const other = repositories.findIndex(({ name }) => name === repository.name)
    if (other !== -1) {
      return yield* new WrongUsage({
        detail:
          `Cannot tell "${withoutPasswords(locations[other] ?? "")}" and "${withoutPasswords(location)}" apart: ` +
          `both are called "${repository.name}"; give one of them another origin or folder, or leave it out`
      })
    }
    repositories.push(repository)
    yield* listen({ _tag: "opened", repository: repository.name })
  }
  return repositories
})
