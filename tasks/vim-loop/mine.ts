/** The edits of histories, in the groups of files that generate plans too. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Compute } from "../../services/Compute.ts"
import type { Repository } from "../../services/Git.ts"
import { blobsOf, type Lineage, lineagesOf, stepsOf } from "../../services/history/lineages.ts"
import type { HistorySettings } from "../../services/history/settings.ts"
import { addLedger, leaveOut, type Ledger } from "../../services/rows/ledger.ts"
import { readContents } from "../shared/dataset-run/contents.ts"
import { divisible, type Item, lostReason } from "../shared/dataset-run/item.ts"
import type { RunListener } from "../shared/dataset-run/listener.ts"
import { type Losses, replaceLosses } from "../shared/dataset-run/losses.ts"
import { openRepositories } from "../shared/dataset-run/repositories.ts"
import { workThrough } from "../shared/dataset-run/work-through.ts"
import { planLineages } from "../shared/survey/plan-lineages.ts"
import { editsJob, type EditsOutput } from "./jobs.ts"
import type { EditSettings } from "./settings.ts"

/** Returns the edits in the order of the plan, whatever the number of threads; equal ones are not joined yet. */
export const mineEdits = Effect.fn("vimLoop.mine")(function*(
  locations: ReadonlyArray<string>,
  history: HistorySettings,
  settings: EditSettings,
  lost: Losses,
  advance: (done: number, size: number) => Effect.Effect<void>,
  warn: (message: string) => Effect.Effect<void>
) {
  const listen: RunListener = (event) => event._tag === "warned" ? warn(event.message) : Effect.void
  const opening = { orFolder: false, mostFiles: history.maxFiles }
  const repositories = yield* openRepositories(locations, opening, { lost, listen })
  const plan = yield* replaceLosses(lost)(planLineages(repositories, history, "paths"))
  const items = plan.batches.map(({ lineages, repository }) => editsItem(repository, settings, lineages))
  let done = 0
  const mined = yield* workThrough(Stream.fromIterable(items), { lost, isDone: () => false, isOrdered: true }).pipe(
    Stream.tap(({ size }) => {
      done += size
      return advance(done, plan.size)
    }),
    Stream.runCollect
  )
  const { edits, ledger } = join([
    { edits: [], ledger: plan.ledger },
    ...[...mined].flatMap(({ output }) => (output === undefined ? [] : [output]))
  ])
  return { edits, ledger, heads: plan.heads }
}, Effect.scoped)

const editsItem = (
  repository: Repository,
  settings: EditSettings,
  lineages: ReadonlyArray<Lineage>
): Item<EditsOutput> =>
  divisible({
    units: stepsOf(lineages),
    run: Effect.fnUntraced(function*(steps) {
      const lineages = lineagesOf(steps)
      const { buffers, contents } = yield* readContents(repository, blobsOf(lineages))
      const input = { settings, repository: repository.name, lineages, contents }
      return yield* (yield* Compute).run(editsJob, input, buffers)
    }),
    join,
    leaveOut: () => {
      const ledger: Ledger = {}
      leaveOut(ledger, "changes", lostReason)
      return { edits: [], ledger }
    }
  })

const join = (outputs: ReadonlyArray<EditsOutput>): EditsOutput => {
  const ledger: Ledger = {}
  for (const output of outputs) addLedger(ledger, output.ledger)
  return { edits: outputs.flatMap(({ edits }) => edits), ledger }
}
