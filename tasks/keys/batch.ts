/** Rows of JSON Lines become attempts, and their outcomes rows: one for each, in their order. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { isProse, readAnswer } from "../../services/formats/keystroke-answer.ts"
import { withoutItemNumber } from "../../services/keys/item-number.ts"
import { type Keystrokes, parseKeysLeniently } from "../../services/keys/keystrokes.ts"
import { isSolved, type Outcome } from "../../services/keys/outcome.ts"
import { type Attempt, Sandbox } from "../../services/Sandbox.ts"
import type { Notation } from "../shared/asked/text.ts"
import { readKeys } from "../shared/text-input.ts"

const Item = Schema.parseJson(Schema.Struct({
  source: Schema.String,
  keys: Schema.optional(Schema.String),
  transform: Schema.optional(Schema.String),
  completion: Schema.optional(Schema.String),
  target: Schema.optional(Schema.String)
}))

const decodeItem = Schema.decodeUnknownEither(Item)

interface ReadItem {
  readonly attempt: Attempt
  readonly target: string | undefined
}

/** Reads one row, or gives the reason why it is none. */
export const readItem = (line: string, notation: Notation): Either.Either<ReadItem, string> => {
  const item = decodeItem(line)
  if (Either.isLeft(item)) return Either.left("no JSON object with a text as source")
  const { source, target } = item.right
  return Either.map(keysIn(item.right, notation), (keys) => ({ attempt: { source, keys }, target }))
}

/** The keys of a row: as such, as the originals' column has them, or as an answer with other text around it. */
const keysIn = (
  { completion, keys, target, transform }: typeof Item.Type,
  notation: Notation
): Either.Either<Keystrokes, string> => {
  if (keys !== undefined) return Either.mapLeft(readKeys(keys, notation), (detail) => `no keys ${detail}`)
  if (transform !== undefined) {
    return isProse(transform)
      ? Either.left("prose")
      : Either.right(parseKeysLeniently(withoutItemNumber(transform, target)))
  }
  return completion === undefined
    ? Either.left("no keys")
    : Either.map(readAnswer(completion), (answer) => answer.keys)
}

/** An outcome as columns. How long it took is left out: it would make equal runs differ. */
export const outcomeRow = (outcome: Outcome) => {
  const { _tag, millis: _, ...rest } = outcome
  return { outcome: _tag, ...rest }
}

/** The outcome of a row. */
const rowOf = (index: number, { target }: ReadItem, outcome: Outcome) => ({
  index,
  ...outcomeRow(outcome),
  ...(target === undefined ? {} : { solved: isSolved(outcome, target) })
})

const refusedRow = (index: number, detail: string) => ({ index, outcome: "refused", detail })

export type BatchRow = ReturnType<typeof rowOf> | ReturnType<typeof refusedRow>

/**
 * So many characters of outcomes wait at most for one that comes before them; what ends while they are printed comes on
 * top, which the sandbox bounds.
 */
const mostWaiting = 2 ** 25

/** Runs the rows of a piece of the input, and takes their outcomes in their order; the first has the number `first`. */
export const runRows = Effect.fnUntraced(function*<E, R>(
  { first, lines, notation }: {
    readonly lines: ReadonlyArray<string>
    readonly first: number
    readonly notation: Notation
  },
  take: (row: BatchRow) => Effect.Effect<void, E, R>,
  most = mostWaiting
) {
  const sandbox = yield* Sandbox
  const items = lines.map((line) => readItem(line, notation))
  const waiting = new Map<number, BatchRow>()
  let characters = 0
  const keep = (at: number, row: BatchRow) => {
    waiting.set(at, row)
    characters += lengthOf(row)
  }
  for (const [at, item] of items.entries()) {
    if (Either.isLeft(item)) keep(at, refusedRow(first + at, item.left))
  }
  for (let next = 0; next < items.length;) {
    const isFull = yield* Deferred.make<void>()
    const missing = items.flatMap((item, at) =>
      Either.isRight(item) && at >= next && !waiting.has(at) ? [{ at, item: item.right }] : []
    )
    // Where too much waits already, nothing but the row that it waits for is tried.
    yield* Effect.raceFirst(
      Effect.forEach(
        characters > most ? missing.slice(0, 1) : missing,
        ({ at, item }) =>
          Effect.flatMap(sandbox.run(item.attempt), (outcome) => {
            keep(at, rowOf(first + at, item, outcome))
            return characters > most ? Deferred.succeed(isFull, undefined) : Effect.void
          }),
        { concurrency: "unbounded", discard: true }
      ),
      Deferred.await(isFull)
    )
    for (let row = waiting.get(next); row !== undefined; row = waiting.get(next)) {
      yield* take(row)
      waiting.delete(next++)
      characters -= lengthOf(row)
    }
  }
})

const lengthOf = (row: BatchRow): number => ("text" in row ? row.text.length : 0)
