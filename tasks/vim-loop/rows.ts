/** What was tried becomes rows: every way that works, the best of them to imitate, and what to prefer it to. */
import { renderAnswer, renderQuestion } from "../../services/formats/keystroke-chat.ts"
import { parseKeys, parseKeysLeniently } from "../../services/keys/keystrokes.ts"
import * as Either from "effect/Either"
import { fingerprint } from "../../services/text/random.ts"
import type { Trial } from "../../services/rows/attempt.ts"
import { chatDpo, chatDpoRow } from "../../services/rows/chat-dpo.ts"
import { chatKto, chatKtoRow } from "../../services/rows/chat-kto.ts"
import { chat, chatRow } from "../../services/rows/chat.ts"
import type { Fields } from "../../services/rows/fields.ts"
import type { MadeRow, TableShape } from "../../services/rows/shape.ts"
import { vimShapes } from "../../services/rows/shapes.ts"
import { poolOf, poolsOf, tableNamed } from "../../services/rows/tables.ts"
import { transform, transformRow } from "../../services/rows/transform.ts"
import type { VimMetadata } from "../../services/rows/vim-metadata.ts"
import type { PooledRecord } from "../../services/Writer.ts"
import type { Side } from "../../services/history/split.ts"
import type { LoopEdit } from "./edits.ts"
import { type Fault, isMiss, textOfFault } from "../../services/keys/fault.ts"
import type { VimOptionsName } from "../../services/keys/vim-options.ts"
import type { VimLoopSettings } from "./settings.ts"
import type { Turn } from "./turns.ts"

/** Pools of a table, the files of both sides apart. */
const tableOf = ({ files }: TableShape, side: Side): string => `${files.train}.${side}`

/** The tables of a run: a name and its pools, for each shape and side of the split. */
export const tables = vimShapes.flatMap((shape) =>
  (["train", "held"] as const).map((side) => ({
    shape,
    side,
    name: tableNamed(shape.files[side]),
    pools: poolsOf(shape.contrast, tableOf(shape, side))
  }))
)

/** Keys that are so much longer than the shortest are worse, though they work. */
const longer = 1.5
/** Wrong or longer keys of one edit that become rows at the most. */
const mostRejected = 3

/** Why keys are the worse ones of a pair. */
type WorseKeys =
  | { readonly _tag: "wrong"; readonly fault: Fault }
  | { readonly _tag: "spoiled"; readonly fault: Fault }
  | { readonly _tag: "longer" }

const textOfWorse = (negative: WorseKeys): string => {
  switch (negative._tag) {
    case "wrong":
      return textOfFault(negative.fault)
    case "spoiled":
      return `near miss: ${textOfFault(negative.fault)}`
    case "longer":
      return "longer"
  }
}

interface Bad {
  readonly trial: Trial
  readonly turn: Turn
  readonly negative: WorseKeys
}

const encoder = new TextEncoder()

/** Returns the rows of one edit; none where nothing was answered. */
export const recordsOfEdit = (
  edit: LoopEdit,
  turns: ReadonlyArray<Turn>,
  { seed, vimOptions }: Pick<VimLoopSettings, "seed" | "vimOptions">
): ReadonlyArray<PooledRecord> => {
  const ways = turns.flatMap((turn) => turn.trials.flatMap((trial) => (trial.fault === null ? [{ trial, turn }] : [])))
    .toSorted((a, b) => a.trial.keystrokes - b.trial.keystrokes || (a.trial.keys < b.trial.keys ? -1 : 1))
  const [best] = ways
  const bad = badOf(turns, ways)
  const prompt = renderQuestion(edit, [])
  const mate = fingerprint("prompt", edit.id)
  const depth = edit.depth ?? "pair"
  const metadataOf = metadataIn(vimOptions)
  const record = (shape: TableShape, answer: MadeRow["answer"], facet: string, salt: string, row: Fields) => {
    const pool = poolOf(shape.contrast, tableOf(shape, edit.side), answer)
    return {
      pool,
      key: fingerprint(pool, seed, edit.id, salt),
      mate,
      rival: "",
      answers: "",
      facet,
      json: encoder.encode(JSON.stringify(row))
    }
  }
  const answer = ({ keys }: Trial) => [{ role: "assistant", content: renderAnswer(keysOf(keys)) }]
  const unwantedRows = bad.filter(({ negative }) => negative._tag !== "longer").map(({ negative, trial, turn }) =>
    record(
      chatKto,
      "unwanted",
      "unwanted",
      trial.keys,
      chatKtoRow({
        prompt,
        completion: answer(trial),
        label: false,
        metadata: metadataOf(edit, turn, trial, negative)
      })
    )
  )
  if (best === undefined) return unwantedRows
  const { trial, turn } = best
  const metadata = metadataOf(edit, turn, trial, null)
  const chosen = answer(trial)
  return [
    ...ways.map((way, index) =>
      record(
        transform,
        "wanted",
        depth,
        way.trial.keys,
        transformRow({
          source: edit.source,
          target: edit.target,
          transform: way.trial.transform,
          keys: way.trial.keys,
          keystrokes: way.trial.keystrokes,
          depth: edit.depth ?? "",
          language: edit.language ?? "",
          round: way.turn.round,
          predictor: way.turn.predictor,
          rank: index + 1,
          metadata: metadataOf(edit, way.turn, way.trial, null)
        })
      )
    ),
    record(chat, "wanted", depth, "", chatRow({ messages: [...prompt, ...chosen], metadata })),
    record(chatKto, "wanted", "wanted", trial.keys, chatKtoRow({ prompt, completion: chosen, label: true, metadata })),
    ...unwantedRows,
    ...bad.map(({ negative, trial: rejected }) =>
      record(
        chatDpo,
        "both",
        textOfWorse(negative),
        rejected.keys,
        chatDpoRow({
          prompt,
          chosen,
          rejected: answer(rejected),
          metadata: { ...metadata, negative: textOfWorse(negative) }
        })
      )
    )
  ]
}

/** Wrong keys, those that a predictor meant before those that were spoiled, and the longest way that works. */
const badOf = (
  turns: ReadonlyArray<Turn>,
  ways: ReadonlyArray<{ readonly trial: Trial; readonly turn: Turn }>
): ReadonlyArray<Bad> => {
  const missed = (trials: ReadonlyArray<Trial>, turn: Turn, _tag: "wrong" | "spoiled") =>
    trials.flatMap((trial): ReadonlyArray<Bad> => {
      const { fault } = trial
      return fault !== null && isMiss(fault) ? [{ trial, turn, negative: { _tag, fault } }] : []
    })
  const wrong = turns.flatMap((turn) => missed(turn.trials, turn, "wrong"))
  const near = turns.flatMap((turn) => missed(turn.near_misses, turn, "spoiled"))
  const [best] = ways
  const last = ways.at(-1)
  const isLong = best !== undefined && last !== undefined && last.trial.keystrokes >= longer * best.trial.keystrokes
  const long: ReadonlyArray<Bad> = isLong ? [{ ...last, negative: { _tag: "longer" } }] : []
  const seen = new Set<string>()
  return [...wrong, ...near].filter(({ trial }) => !seen.has(trial.keys) && seen.add(trial.keys))
    .slice(0, mostRejected - long.length).concat(long)
}

/** The journal holds keys in their only spelling. */
const keysOf = (text: string) => Either.getOrElse(parseKeys(text), () => parseKeysLeniently(text))

const metadataIn = (vimOptions: VimOptionsName) =>
(
  edit: LoopEdit,
  turn: Turn,
  trial: Trial,
  negative: WorseKeys | null
): VimMetadata => ({
  edit: edit.id,
  repo: edit.origin.repo ?? "",
  filepath: edit.origin.filepath ?? "",
  language: edit.language ?? "",
  commit: edit.origin.commit ?? "",
  parent: edit.origin.parent ?? "",
  parent_filepath: edit.origin.parent_filepath ?? "",
  commit_message: edit.origin.commit_message ?? "",
  span_before: edit.origin.span_before ?? wholeOf(edit.source),
  span_after: edit.origin.span_after ?? wholeOf(edit.target),
  depth: edit.depth ?? "",
  lines: edit.lines,
  group: edit.group,
  round: turn.round,
  predictor: turn.predictor,
  keystrokes: trial.keystrokes,
  vim_options: vimOptions,
  negative: negative === null ? "" : textOfWorse(negative)
})

const wholeOf = (text: string): readonly [number, number] => [0, encoder.encode(text).length]
