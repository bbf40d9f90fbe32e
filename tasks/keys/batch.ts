/** Rows of JSON Lines become attempts, and their outcomes rows: one for each, in their order. */
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

/** Runs the rows of a piece of the input; the first one has the number `first`. */
export const runRows = Effect.fnUntraced(function*(lines: ReadonlyArray<string>, first: number, notation: Notation) {
  const sandbox = yield* Sandbox
  const items = lines.map((line) => readItem(line, notation))
  const outcomes = yield* sandbox.runAll(items.flatMap((item) => (Either.isRight(item) ? [item.right.attempt] : [])))
  let next = 0
  return items.map((item, index) => {
    const row = { index: first + index }
    if (Either.isLeft(item)) return { ...row, outcome: "refused", detail: item.left }
    const outcome = outcomes[next++]
    if (outcome === undefined) return { ...row, outcome: "refused", detail: "no outcome" }
    const { target } = item.right
    return { ...row, ...outcomeRow(outcome), ...(target === undefined ? {} : { solved: isSolved(outcome, target) }) }
  })
})
