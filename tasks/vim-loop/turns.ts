/** The journal: what was tried for one edit in one round, a line each. What it holds is never asked for again. */
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { Fault } from "./fault.ts"

/** Keys that were typed, and what became of the text. */
const Trial = Schema.Struct({
  /** In their only spelling. */
  keys: Schema.String,
  /** As their author wrote them. */
  transform: Schema.String,
  keystrokes: Schema.Number,
  /** Null for an edit that is done; else what is wrong with its end. */
  fault: Schema.NullOr(Fault)
})
export type Trial = typeof Trial.Type

export const Turn = Schema.Struct({
  round: Schema.Number,
  /** Id of the edit. */
  edit: Schema.String,
  predictor: Schema.String,
  /** What the predictor proposed, the best first. */
  trials: Schema.Array(Trial),
  /** Right keys that were spoiled, and tried to be wrong. */
  near_misses: Schema.Array(Trial),
  /** Answers without keys, by reason. */
  refused: Schema.Array(Schema.Struct({ reason: Schema.String, count: Schema.Number })),
  requests: Schema.Number,
  prompt_tokens: Schema.Number,
  completion_tokens: Schema.Number
})
export type Turn = typeof Turn.Type

export const isSolvedTurn = ({ trials }: Turn): boolean => trials.some(({ fault }) => fault === null)

const encoder = new TextEncoder()
const decoder = new TextDecoder()
const TurnLine = Schema.parseJson(Turn)
const decodeTurn = Schema.decodeUnknownEither(TurnLine)
const encodeTurn = Schema.encodeSync(TurnLine)

export const renderTurn = (turn: Turn): Uint8Array => encoder.encode(`${encodeTurn(turn)}\n`)

/** Turns by round and edit. */
export type Turns = Map<string, Turn>

export const turnKey = (round: number, edit: string): string => `${round} ${edit}`

/** Reads a journal; a line that is no turn, which only a damaged file has, is left out. */
export const readTurns = (bytes: Uint8Array): Turns => {
  const turns: Turns = new Map()
  for (const line of decoder.decode(bytes).split("\n")) {
    const turn = line === "" ? undefined : Either.getOrUndefined(decodeTurn(line))
    if (turn !== undefined) turns.set(turnKey(turn.round, turn.edit), turn)
  }
  return turns
}
