/** What was tried becomes rows: every way that works, the best of them to imitate, and what to prefer it to. */
import { renderAnswer, renderQuestion } from "../../services/formats/keystroke-chat.ts"
import { parseKeys, parseKeysLeniently } from "../../services/keys/keystrokes.ts"
import * as Either from "effect/Either"
import { fingerprint } from "../../services/text/random.ts"
import type { ChatDpoRow, ChatKtoRow, ChatSftRow, TransformRow, VimMetadata } from "../../services/rows/vim-row.ts"
import type { PooledRecord } from "../../services/Writer.ts"
import type { Side } from "../../services/history/groups.ts"
import type { LoopEdit } from "./edits.ts"
import { type Fault, isMiss, textOfFault } from "./fault.ts"
import type { Trial, Turn } from "./turns.ts"

export const tables = ["transforms", "sft", "kto", "dpo"] as const
export type TableName = typeof tables[number]

/** Name of a file: what is trained on has the plain one. */
export const fileOf = (table: TableName, side: Side): string => `${side === "train" ? "" : "test_"}${table}.jsonl`

/** Pools of a file; wanted and unwanted rows are shuffled apart and interleaved when written. */
export const poolsOf = (table: TableName, side: Side): ReadonlyArray<string> =>
  table === "kto" ? [`${table}.${side}.wanted`, `${table}.${side}.unwanted`] : [`${table}.${side}`]

/** Keys that are so much longer than the shortest are worse, though they work. */
const longer = 1.5
/** Wrong or longer keys of one edit that become rows at the most. */
const mostRejected = 3

/** Why keys are the worse ones of a pair. */
type Negative =
  | { readonly _tag: "wrong"; readonly fault: Fault }
  | { readonly _tag: "spoiled"; readonly fault: Fault }
  | { readonly _tag: "longer" }

const textOfNegative = (negative: Negative): string => {
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
  readonly negative: Negative
}

const encoder = new TextEncoder()

/** Returns the rows of one edit; none where nothing was answered. */
export const recordsOf = (edit: LoopEdit, turns: ReadonlyArray<Turn>, seed: number): ReadonlyArray<PooledRecord> => {
  const ways = turns.flatMap((turn) => turn.trials.flatMap((trial) => (trial.fault === null ? [{ trial, turn }] : [])))
    .toSorted((a, b) => a.trial.keystrokes - b.trial.keystrokes || (a.trial.keys < b.trial.keys ? -1 : 1))
  const [best] = ways
  const bad = badOf(turns, ways)
  const prompt = renderQuestion(edit, [])
  const mate = fingerprint("prompt", edit.id)
  const depth = edit.depth ?? "pair"
  const record = (
    pool: string,
    facet: string,
    salt: string,
    row: TransformRow | ChatSftRow | ChatKtoRow | ChatDpoRow
  ) => ({
    pool,
    key: fingerprint(pool, seed, edit.id, salt),
    mate,
    rival: "",
    facet,
    json: encoder.encode(JSON.stringify(row))
  })
  const answer = ({ keys }: Trial) => [{ role: "assistant", content: renderAnswer(keysOf(keys)) }]
  const [transforms = "", sft = "", dpo = ""] = (["transforms", "sft", "dpo"] as const).flatMap((table) =>
    poolsOf(table, edit.side)
  )
  const [wanted = "", unwanted = ""] = poolsOf("kto", edit.side)
  const unwantedRows = bad.filter(({ negative }) => negative._tag !== "longer").map(({ negative, trial, turn }) =>
    record(unwanted, "unwanted", trial.keys, {
      prompt,
      completion: answer(trial),
      label: false,
      metadata: metadataOf(edit, turn, trial, negative)
    })
  )
  if (best === undefined) return unwantedRows
  const { trial, turn } = best
  const metadata = metadataOf(edit, turn, trial, null)
  const chosen = answer(trial)
  return [
    ...ways.map((way, index) =>
      record(transforms, depth, way.trial.keys, {
        source: edit.source,
        target: edit.target,
        transform: way.trial.transform,
        keys: way.trial.keys,
        keystrokes: way.trial.keystrokes,
        depth: edit.depth,
        language: edit.language,
        round: way.turn.round,
        predictor: way.turn.predictor,
        rank: index + 1,
        metadata: metadataOf(edit, way.turn, way.trial, null)
      })
    ),
    record(sft, depth, "", { messages: [...prompt, ...chosen], metadata }),
    record(wanted, "wanted", trial.keys, { prompt, completion: chosen, label: true, metadata }),
    ...unwantedRows,
    ...bad.map(({ negative, trial: rejected }) =>
      record(dpo, textOfNegative(negative), rejected.keys, {
        prompt,
        chosen,
        rejected: answer(rejected),
        metadata: { ...metadata, negative: textOfNegative(negative) }
      })
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

const metadataOf = (edit: LoopEdit, turn: Turn, trial: Trial, negative: Negative | null): VimMetadata => ({
  edit: edit.id,
  repo: edit.origin.repo,
  filepath: edit.origin.filepath,
  language: edit.language,
  commit: edit.origin.commit,
  parent: edit.origin.parent,
  parent_filepath: edit.origin.parent_filepath,
  commit_message: edit.origin.commit_message,
  span_before: edit.origin.span_before,
  span_after: edit.origin.span_after,
  depth: edit.depth,
  lines: edit.lines,
  group: edit.group,
  round: turn.round,
  predictor: turn.predictor,
  keystrokes: trial.keystrokes,
  negative: negative === null ? null : textOfNegative(negative)
})
