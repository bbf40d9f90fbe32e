/** Flags that name a text and the notation of keys, and how they are read. */
import * as Options from "@effect/cli/Options"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { type Keystrokes, parseKeys, parseKeysLeniently } from "../../services/keys/keystrokes.ts"
import { CannotReadInput, WrongUsage } from "./problems.ts"

export const notation = Options.choice("notation", ["canonical", "lenient"]).pipe(
  Options.withDefault("canonical"),
  Options.withDescription(
    "canonical: VimGolf's, as in <Esc>, <CR>, <C-v>, <lt>; lenient: also \\033, \\x1b, {esc}, \\n and names in any case"
  )
)

export type Notation = "canonical" | "lenient"

export const textOptions = {
  source: Options.optional(Options.text("source")).pipe(
    Options.withDescription("File with the text; - reads standard input (default: an empty text)")
  ),
  text: Options.optional(Options.text("text")).pipe(Options.withDescription("The text itself, instead of a file"))
}

/** Reads keystrokes in a notation, or says what is wrong with them. */
export const readKeys = (text: string, notation: Notation): Either.Either<Keystrokes, string> =>
  notation === "lenient"
    ? Either.right(parseKeysLeniently(text))
    : Either.mapLeft(parseKeys(text), ({ detail, offset }) => `at ${offset}: ${detail}`)

/** Reads the value of --keys. */
export const keysOf = (text: string, notation: Notation): Effect.Effect<Keystrokes, WrongUsage> =>
  Either.match(readKeys(text, notation), {
    onLeft: (detail) => new WrongUsage({ detail: `Cannot read --keys ${detail}, or pass --notation lenient` }),
    onRight: (keys) => Effect.succeed(keys)
  })

/** The text that --source or --text names; empty without either. */
export const textOf = (flags: { readonly source: Option.Option<string>; readonly text: Option.Option<string> }) =>
  Effect.map(readText(flags.source, flags.text, "--source and --text"), Option.getOrElse(() => ""))

/** The text of a file, or the one that is given itself; none without either. */
export const readText = Effect.fnUntraced(function*(
  file: Option.Option<string>,
  text: Option.Option<string>,
  names: string
) {
  if (Option.isSome(file) && Option.isSome(text)) {
    return yield* new WrongUsage({ detail: `Cannot read two texts: pass only one of ${names}` })
  }
  if (Option.isNone(file)) return text
  return Option.some(yield* Stream.mkString(Stream.decodeText(yield* bytesOf(file.value))))
})

/** The bytes of a file, or of standard input for "-". */
export const bytesOf = Effect.fnUntraced(function*(name: string) {
  if (name === "-") {
    const { fromReadable } = yield* Effect.promise(() => import("@effect/platform-node/NodeStream"))
    return fromReadable<CannotReadInput, Uint8Array>(
      () => process.stdin,
      (cause) => new CannotReadInput({ path: "-", detail: String(cause) })
    )
  }
  const fs = yield* FileSystem.FileSystem
  const path = (yield* Path.Path).resolve(name)
  const info = yield* Effect.option(fs.stat(path))
  if (info._tag === "None" || info.value.type === "Directory") {
    return yield* new CannotReadInput({ path, detail: "there is no such file" })
  }
  return Stream.mapError(fs.stream(path), (cause) => new CannotReadInput({ path, detail: cause.message }))
})
