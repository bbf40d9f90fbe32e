/** Plans a run over whole commits: next edits are mined from what a commit did to all of its files. */
import * as Effect from "effect/Effect"
import type { Repository } from "../../../services/Git.ts"
import { fingerprintOf, type HashPart } from "../../../services/text/random.ts"
import { planCommits } from "../../shared/history/plan-commits.ts"
import { commitsItem } from "../items.ts"
import type { GeneratePlan } from "../plan.ts"
import type { GenerateSettings, NextEditSettings } from "../settings.ts"

export const planNextEdits = Effect.fn("generate.planNextEdits")(function*(
  repositories: ReadonlyArray<Repository>,
  settings: GenerateSettings,
  { history }: NextEditSettings
) {
  const { batches, heads, ledger, size, split } = yield* planCommits(repositories, settings, history)
  const hashed: Array<HashPart> = []
  for (const { parts, repository } of batches) {
    hashed.push("commits", repository)
    for (const { changes, commit, earlier, group, side } of parts) {
      hashed.push(commit, group, side)
      for (const { newBlob, path } of [...changes, ...earlier]) hashed.push(path, newBlob)
    }
  }
  const plan: GeneratePlan = {
    items: batches.flatMap(({ parts, repository: index }) => {
      const repository = repositories[index]
      return repository === undefined ? [] : [commitsItem(repository, settings, parts)]
    }),
    // The index of the project moves through history once.
    isContinued: settings.context !== null,
    ledger,
    heads,
    split,
    size,
    unit: "changes",
    fingerprint: fingerprintOf(hashed)
  }
  return plan
})
