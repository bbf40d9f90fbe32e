/** Texts and keys that flags name, and how they are read. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Stream from "effect/Stream"
import { systemWords } from "../../services/faults/system-words.ts"
import { type Keystrokes, parseKeys, parseKeysLeniently } from "../../services/keys/keystrokes.ts"
import type { Notation } from "./asked/text.ts"
import { CannotReadInput, NotUtf8, WrongUsage } from "./problems.ts"

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
export const givenSource = (answers: { readonly source: string | undefined; readonly text: string | undefined }) =>
  Effect.map(readText(answers.source, answers.text, "--source and --text"), (text) => text ?? "")

/** Keeps a byte order mark, which is a part of the text that Vim sees. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** The text of a file, or the one that is given itself; undefined without either. */
export const readText = Effect.fnUntraced(function*(
  file: string | undefined,
  text: string | undefined,
  names: string
) {
  if (file !== undefined && text !== undefined) {
    return yield* new WrongUsage({ detail: `Cannot read two texts: pass only one of ${names}` })
  }
  if (file === undefined) return text
  const pieces = yield* Stream.runCollect(yield* bytesOf(file))
  return yield* Effect.try({
    try: () => decoder.decode(Buffer.concat([...pieces])),
    catch: () => new NotUtf8({ path: file })
  })
})

/** The bytes of a file, or of standard input for "-". */
export const bytesOf = Effect.fnUntraced(function*(name: string) {
  if (name === "-") {
    const { fromReadable } = yield* Effect.promise(() => import("@effect/platform-node/NodeStream"))
    return fromReadable<CannotReadInput, Uint8Array>(
      () => process.stdin,
      (cause) => new CannotReadInput({ path: "-", detail: systemWords(cause) })
    )
  }
  const fs = yield* FileSystem.FileSystem
  const path = (yield* Path.Path).resolve(name)
  const info = yield* Effect.option(fs.stat(path))
  if (info._tag === "None" || info.value.type === "Directory") {
    return yield* new CannotReadInput({ path, detail: "there is no such file" })
  }
  return Stream.mapError(fs.stream(path), (cause) => new CannotReadInput({ path, detail: systemWords(cause) }))
})
