/** Plans a run over the changes of histories. */
import * as Effect from "effect/Effect"
import type { Repository } from "../../services/Git.ts"
import { fingerprintOf, type HashPart } from "../../services/text/random.ts"
import { planHistory } from "../shared/history/plan-history.ts"
import { historyItem } from "./items.ts"
import type { GeneratePlan } from "./plan.ts"
import type { GenerateSettings } from "./settings.ts"

export const planChanges = Effect.fn("generate.planChanges")(function*(
  repositories: ReadonlyArray<Repository>,
  settings: GenerateSettings
) {
  // Context needs changes in the order of commits: an index of the project then moves through history once.
  const order = settings.context === null ? "paths" : "commits"
  const { batches, heads, ledger, size, split } = yield* planHistory(repositories, settings, order)
  const parts: Array<HashPart> = []
  for (const { lineages, repository } of batches) {
    parts.push("history", repository)
    for (const { changes, group, side } of lineages) {
      parts.push(group, side)
      for (const { commit, newBlob, path } of changes) parts.push(commit, path, newBlob)
    }
  }
  const plan: GeneratePlan = {
    items: batches.flatMap(({ lineages, repository: index }) => {
      const repository = repositories[index]
      return repository === undefined ? [] : [historyItem(repository, settings, lineages)]
    }),
    isContinued: settings.context !== null,
    ledger,
    heads,
    split,
    size,
    unit: "changes",
    fingerprint: fingerprintOf(parts)
  }
  return plan
})
