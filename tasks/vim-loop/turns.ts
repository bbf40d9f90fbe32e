/** The journal: what was tried for one edit in one round, a line each. What it holds is never asked for again. */
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { AttemptRow } from "../../services/rows/attempt.ts"

/** One round of one edit: a row of the journal. */
export type Turn = AttemptRow

export const isSolvedTurn = ({ trials }: Turn): boolean => trials.some(({ fault }) => fault === null)

const encoder = new TextEncoder()
const decoder = new TextDecoder()
const TurnLine = Schema.parseJson(AttemptRow)
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

/**
 * Puts the lines of a journal into their final order: by round, and in a round as the edits stand. A journal grows as
 * answers come, which is another order at each run.
 */
export const arrangeTurns = (edits: ReadonlyArray<string>) => (journal: Uint8Array): Uint8Array => {
  const places = new Map(edits.map((edit, place) => [edit, place]))
  const lines = decoder.decode(journal).split("\n").filter((line) => line !== "").map((line) => {
    const turn = Either.getOrUndefined(decodeTurn(line))
    // A line that is no turn, which only a damaged file has, goes last.
    return { line, round: turn?.round ?? Infinity, place: places.get(turn?.edit ?? "") ?? Infinity }
  })
  lines.sort((a, b) => compare(a.round, b.round) || compare(a.place, b.place) || compare(a.line, b.line))
  return encoder.encode(lines.map(({ line }) => `${line}\n`).join(""))
}

const compare = <A extends number | string>(a: A, b: A): number => (a < b ? -1 : a > b ? 1 : 0)
