/** The edits of histories: planned as generate plans them, so that equal seeds put equal files on equal sides. */
import * as Effect from "effect/Effect"
import { Compute } from "../../services/Compute.ts"
import { Git, type Repository } from "../../services/Git.ts"
import { addLedger, type Ledger } from "../../services/rows/ledger.ts"
import { planHistory } from "../shared/history/plan-history.ts"
import type { HistorySettings } from "../../services/history/settings.ts"
import { editsJob } from "./jobs.ts"
import type { EditSettings } from "./settings.ts"

/** Returns the edits in the order of the plan, whatever the number of threads; equal ones are not joined yet. */
export const mineEdits = Effect.fn("vimLoop.mine")(function*(
  locations: ReadonlyArray<string>,
  history: HistorySettings,
  settings: EditSettings,
  advance: (done: number, size: number) => Effect.Effect<void>
) {
  const git = yield* Git
  const compute = yield* Compute
  const repositories: Array<Repository> = []
  for (const location of locations) repositories.push(yield* git.open(location, { orFolder: false }))
  const plan = yield* planHistory(repositories, history, "paths")
  const ledger: Ledger = {}
  addLedger(ledger, plan.ledger)
  let done = 0
  const mined = yield* Effect.forEach(plan.batches, ({ lineages, repository: index }) =>
    Effect.gen(function*() {
      const repository = repositories[index]
      if (repository === undefined) return yield* Effect.dieMessage("a batch of a repository that was not opened")
      const ids = [
        ...new Set(
          lineages.flatMap(({ changes }) =>
            changes.flatMap(({ newBlob, oldBlob }) => (oldBlob === null ? [newBlob] : [oldBlob, newBlob]))
          )
        )
      ]
      const contents = new Map<string, Uint8Array>()
      for (const [at, blob] of (yield* repository.blobs(ids)).entries()) {
        if (blob !== null) contents.set(ids[at] ?? "", blob)
      }
      const output = yield* compute.run(editsJob, { settings, repository: repository.name, lineages, contents })
      done += lineages.reduce((sum, { changes }) => sum + changes.length, 0)
      yield* advance(done, plan.size)
      return output
    }), { concurrency: compute.concurrency + 1 })
  for (const part of mined) addLedger(ledger, part.ledger)
  return { edits: mined.flatMap(({ edits }) => edits), ledger, heads: plan.heads }
}, Effect.scoped)
