/** What the scripts of a session say, as values: see say.vim and record.vim. */
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import type { Ending } from "../../../services/keys/outcome.ts"
import { isParting, joinSpelledLines, readReport } from "../report.ts"

/** A number, a screen, or a head with the lines of a buffer. */
const Words = Schema.parseJson(Schema.Union(
  Schema.NonNegativeInt,
  Schema.Struct({ screen: Schema.Array(Schema.String) }),
  Schema.Tuple(Schema.String, Schema.Array(Schema.String))
))
const decodeWords = Schema.decodeUnknownEither(Words)

export type Said =
  /** A key comes next. */
  | { readonly _tag: "key" }
  /** The rows that Vim shows after the last key. */
  | { readonly _tag: "screen"; readonly rows: ReadonlyArray<string> }
  /** A report; after one that it gives as it leaves, Vim goes on. */
  | { readonly _tag: "report"; readonly head: string; readonly lines: ReadonlyArray<string>; readonly isLast: boolean }
  /** Not from a script of ours: the keys made Vim say it. */
  | { readonly _tag: "foreign" }

/** Reads one thing that a script said. */
export const readSaid = (text: string): Said => {
  const decoded = decodeWords(text)
  if (Either.isLeft(decoded)) return { _tag: "foreign" }
  const words = decoded.right
  if (typeof words === "number") return { _tag: "key" }
  if ("screen" in words) return { _tag: "screen", rows: words.screen }
  const [head, lines] = words
  return { _tag: "report", head, lines, isLast: !isParting(head) }
}

/** Returns how the attempt with this nonce ended; anything but its own report means that it crashed. */
export const endingOf = (said: Said | undefined, nonce: string): Ending =>
  said?._tag === "report"
    ? readReport(said.head, joinSpelledLines(said.lines), nonce)
    : readReport("", "", nonce)
