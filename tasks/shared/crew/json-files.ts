/** Files of JSON in the folders of pieces: one document, or one on each line where there are very many. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { systemWords } from "../../../services/faults/system-words.ts"
import { CannotWrite } from "../../../services/Writer.ts"
import { CannotReadInput } from "../problems.ts"

/** Writes values, each on a line of its own. */
export const writeValues = Effect.fnUntraced(function*(path: string, values: Iterable<unknown>) {
  const fs = yield* FileSystem.FileSystem
  yield* Stream.fromIterable(values).pipe(
    Stream.map((value) => `${JSON.stringify(value)}\n`),
    Stream.grouped(1000),
    Stream.map((lines) => [...lines].join("")),
    Stream.encodeText,
    Stream.run(fs.sink(path)),
    Effect.mapError((cause) => new CannotWrite({ path, detail: systemWords(cause) }))
  )
})

/**
 * Reads the values of such a file. It was written by the same version of the program, as all who share a run agreed, so
 * that the values are what that one wrote.
 */
export const readValues = Effect.fnUntraced(function*<A>(path: string, missing: string) {
  const fs = yield* FileSystem.FileSystem
  const bytes = yield* Effect.mapError(
    fs.readFile(path),
    (cause) => new CannotReadInput({ path, detail: cause.message.includes("NotFound") ? missing : systemWords(cause) })
  )
  if (bytes.length > 0 && bytes[bytes.length - 1] !== lineFeed) {
    return yield* new CannotReadInput({
      path,
      detail: "it is cut off; copy it again, or remove it so that it is made again"
    })
  }
  const values: Array<A> = []
  const text = new TextDecoder()
  for (let start = 0, end = bytes.indexOf(lineFeed); end !== -1; end = bytes.indexOf(lineFeed, start)) {
    values.push(JSON.parse(text.decode(bytes.subarray(start, end))))
    start = end + 1
  }
  return values
})

const lineFeed = 10
