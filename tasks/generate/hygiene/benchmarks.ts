/** Files of tasks that no row may hold a piece of: how they are read, and by what they are told apart. */
import { createHash } from "node:crypto"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { type BenchmarkText, benchmarkTextsOf } from "../../../services/hygiene/benchmark-texts.ts"
import { CannotReadRows, Reader } from "../../../services/Reader.ts"
import { NotUtf8 } from "../../shared/problems.ts"
import { bytesOf } from "../../shared/text-input.ts"
import type { BenchmarkFile } from "./settings.ts"

/** Names of files that hold rows; any other file may be a plain text. */
const rowsName = /\.(?:jsonl|ndjson|jsonlines|json|parquet)(?:\.(?:gz|gzip|zst|zstd))?$/i

const decoder = new TextDecoder("utf-8", { fatal: true })

/** Returns the texts of a file: those of its rows, or the whole of a plain text as one task. */
export const readBenchmark = Effect.fnUntraced(function*({ name, path }: BenchmarkFile) {
  const isRows = rowsName.test(path)
  const reader = yield* Reader
  const lines = yield* Effect.either(Stream.runCollect(reader.lines<never>({ _tag: "file", path })))
  if (lines._tag === "Left" && (isRows || lines.left.isMissing)) return yield* lines.left
  const text = yield* decode(
    path,
    lines._tag === "Right" ? lines.right : yield* Stream.runCollect(yield* bytesOf(path))
  )
  const rows = rowsOf(text)
  if (typeof rows !== "number") {
    const texts = rows.flatMap((row, number) => benchmarkTextsOf(row, name, number))
    if (texts.length > 0) return texts
    return yield* new CannotReadRows({
      path,
      detail: "no row has a column that benchmarks keep their texts in, such as prompt, question, answer or text",
      isMissing: false
    })
  }
  if (isRows || rows > 1) return yield* new CannotReadRows({ path, detail: `row ${rows} is no JSON`, isMissing: false })
  const whole: ReadonlyArray<BenchmarkText> = [{ file: name, task: "text", text }]
  return whole
})

const decode = (path: string, pieces: Iterable<Uint8Array>) =>
  Effect.try({ try: () => decoder.decode(Buffer.concat([...pieces])), catch: () => new NotUtf8({ path }) })

/** The rows of JSON Lines, or the number of the first that is none, from 1; a text without any line has none at 1. */
const rowsOf = (text: string): ReadonlyArray<unknown> | number => {
  const rows: Array<unknown> = []
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue
    try {
      rows.push(JSON.parse(line))
    } catch {
      return rows.length + 1
    }
  }
  return rows.length === 0 ? 1 : rows
}

/** Returns the SHA-256 of the bytes of a file, in hex digits. */
export const sha256Of = Effect.fnUntraced(function*(path: string) {
  const hash = createHash("sha256")
  yield* Stream.runForEach(yield* bytesOf(path), (piece) => Effect.sync(() => hash.update(piece)))
  return hash.digest("hex")
})
