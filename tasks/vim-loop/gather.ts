/** The edits of a run: mined or given, each once, and no more than were asked for. */
import * as Effect from "effect/Effect"
import { weighGroups } from "../../services/history/groups.ts"
import { splitGroups, type SplitOutcome } from "../../services/history/split.ts"
import { addLedger, type Ledger, takeBack } from "../../services/rows/ledger.ts"
import { fingerprint, fingerprintOf } from "../../services/text/random.ts"
import type { HistorySettings } from "../../services/history/settings.ts"
import { type Losses, noLosses } from "../shared/dataset-run/losses.ts"
import { NothingToDo } from "../shared/dataset-run/nothing-to-do.ts"
import type { LoopEdit } from "./edits.ts"
import { mineEdits } from "./mine.ts"
import { type CandidatesByEdit, readPairs } from "./read-rows.ts"
import type { VimLoopSettings } from "./settings.ts"

/** Where edits come from. */
export type VimLoopInput =
  | { readonly _tag: "history"; readonly locations: ReadonlyArray<string>; readonly history: HistorySettings }
  | { readonly _tag: "pairs"; readonly path: string }

export interface Gathered {
  readonly edits: ReadonlyArray<LoopEdit>
  /** How their groups are split. */
  readonly split: SplitOutcome
  readonly ledger: Ledger
  /** What the input is, so that a run is only resumed over the same one. */
  readonly identity: unknown
  /** CandidatesByEdit that the pairs carry. */
  readonly candidates: CandidatesByEdit
  /** What was lost on the way and replaced, now and in the rounds to come. */
  readonly lost: Losses
}

export const gatherEdits = Effect.fn("vimLoop.gather")(function*(
  input: VimLoopInput,
  settings: VimLoopSettings,
  advance: (done: number, size: number) => Effect.Effect<void>,
  warn: (message: string) => Effect.Effect<void> = () => Effect.void
) {
  const lost = noLosses()
  const found = input._tag === "history"
    ? { ...(yield* mineEdits(input.locations, input.history, settings, lost, advance, warn)), candidates: new Map() }
    : { ...(yield* readPairs(input.path, settings)), heads: [] }
  const ledger: Ledger = {}
  addLedger(ledger, found.ledger)
  const drawn = draw(onceEach(found.edits, ledger), settings, ledger)
  // Only now it is known what each group brings: files that were added give no edit, and others give many.
  const split = splitGroups(
    weighGroups(drawn.map(({ group, language }) => ({ name: group, language: language ?? "", weight: 1 }))),
    settings
  )
  const edits = drawn.map((edit): LoopEdit => ({ ...edit, side: split.sideOf(edit.group) }))
  if (edits.length === 0) {
    return yield* new NothingToDo({ sought: "find an edit to solve", ledger, otherwise: "there is none in range" })
  }
  const gathered: Gathered = {
    edits,
    split,
    ledger,
    identity: { repositories: found.heads, edits: fingerprintOf(edits.map(({ id }) => id)) },
    candidates: found.candidates,
    lost
  }
  return gathered
})

/** An edit of which it is not decided yet whether it is held out. */
type Unsplit = Omit<LoopEdit, "side">

const onceEach = (edits: ReadonlyArray<Unsplit>, ledger: Ledger): ReadonlyArray<Unsplit> => {
  const known = new Map<string, Unsplit>()
  for (const edit of edits) if (!known.has(edit.id)) known.set(edit.id, edit)
  takeBack(ledger, "edits", "same as another edit", edits.length - known.size)
  return [...known.values()]
}

/** Draws by what an edit is, so that a longer history does not change the draw among its older edits. */
const draw = (
  edits: ReadonlyArray<Unsplit>,
  { maxEdits, seed }: VimLoopSettings,
  ledger: Ledger
): ReadonlyArray<Unsplit> => {
  if (maxEdits === null || edits.length <= maxEdits) return edits
  const rankOf = ({ id }: Unsplit) => fingerprint("draw", seed, id)
  const drawn = new Set(edits.toSorted((a, b) => (rankOf(a) < rankOf(b) ? -1 : 1)).slice(0, maxEdits))
  takeBack(ledger, "edits", "more than --max-edits", edits.length - drawn.size)
  return edits.filter((edit) => drawn.has(edit))
}
