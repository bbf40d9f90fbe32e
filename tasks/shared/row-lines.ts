/** Rows that flags name, as a stream of JSON Lines: whatever the Reader reads, or standard input for "-". */
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Reader } from "../../services/Reader.ts"
import { bytesOf } from "./text-input.ts"

/** The bytes of JSON Lines that a file or standard input holds, however it holds them. */
export const rowBytes = Effect.fnUntraced(function*(name: string) {
  const reader = yield* Reader
  if (name === "-") return reader.lines({ _tag: "bytes", name, bytes: yield* bytesOf(name) })
  return reader.lines<never>({ _tag: "file", path: (yield* Path.Path).resolve(name) })
})

/** The lines that are not blank, as texts. */
export const rowLines = (name: string) =>
  Effect.map(rowBytes(name), (bytes) =>
    bytes.pipe(
      Stream.decodeText(),
      Stream.splitLines,
      Stream.filter((line) => line.trim() !== "")
    ))
