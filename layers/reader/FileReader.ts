/** Reader of files: looks at the bytes of a file, and opens it as what it is. */
import { type FileHandle, open as openFile } from "node:fs/promises"
import { basename } from "node:path"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { CannotReadRows, Reader, type RowInput } from "../../services/Reader.ts"
import { openLines } from "./json-lines.ts"
import { openRows } from "./jsonl-rows.ts"
import { readOffsets, writeOffsets } from "./offsets-file.ts"
import { piecesOf } from "./pieces.ts"
import { cannotRead } from "./problems.ts"
import { linesInPlace, linesUnpacked, openNameless } from "./rows-on-disk.ts"

export interface FileReaderOptions {
  /** Folder where offsets of large files are kept, or null for none. */
  readonly cache: string | null
  /** The most bytes that the rows of one file may take on the disk, where they have to be unpacked to be read in any order. */
  readonly mostUnpackedBytes?: number
}

const defaultMostUnpacked = 16 * 1024 * 1024 * 1024

/** Most files hold JSON Lines; what reads Parquet is loaded for the first other one. */
const loadParquet = Effect.promise(() => import("./parquet-rows.ts"))

const handleOf = (path: string) =>
  Effect.acquireRelease(
    Effect.tryPromise({ try: () => openFile(path, "r"), catch: cannotRead(path) }),
    (file) => Effect.promise(() => file.close().catch(() => undefined))
  )

/** Opens a path that is a file, and tells its size and its time. */
const openPlain = Effect.fnUntraced(function*(path: string) {
  const file = yield* handleOf(path)
  const stat = yield* Effect.tryPromise({ try: () => file.stat(), catch: cannotRead(path) })
  if (!stat.isFile()) return yield* new CannotReadRows({ path, detail: "it is no file", isMissing: false })
  return { file, identity: { size: stat.size, mtimeMs: stat.mtimeMs } }
})

const lookAt = (path: string, file: FileHandle) =>
  Effect.tryPromise({ try: () => openLines(piecesOf(file), basename(path)), catch: cannotRead(path) })

const open = ({ cache, mostUnpackedBytes = defaultMostUnpacked }: FileReaderOptions): Reader["Type"]["open"] =>
  Effect.fn("Reader.open")(function*(path) {
    const { file, identity } = yield* openPlain(path)
    const { size } = identity
    const { isParquet, lines, plain } = yield* lookAt(path, file)
    if (isParquet) return (yield* (yield* loadParquet).openParquet(path, file, size)).rowFile
    if (plain === null) {
      const unpacked = yield* Effect.acquireRelease(
        Effect.tryPromise({ try: openNameless, catch: cannotRead(path) }),
        (made) => Effect.promise(() => made.close().catch(() => undefined))
      )
      const none = { kept: undefined, keep: () => Promise.resolve() }
      return yield* openRows(path, size, linesUnpacked(unpacked, lines, mostUnpackedBytes), none)
    }
    const kept = cache === null
      ? undefined
      : yield* Effect.promise(() => readOffsets(cache, path, file, identity))
    return yield* openRows(path, size, linesInPlace(file, size, plain.start), {
      kept,
      keep: (offsets) => cache === null ? Promise.resolve() : writeOffsets(cache, path, file, identity, offsets)
    })
  })

/** The rows of a file as JSON Lines. What is no file, such as a pipe, is read as it comes. */
const linesOfFile = (path: string): Stream.Stream<Uint8Array, CannotReadRows> =>
  Stream.unwrapScoped(Effect.gen(function*() {
    const file = yield* handleOf(path)
    const stat = yield* Effect.tryPromise({ try: () => file.stat(), catch: cannotRead(path) })
    if (stat.isDirectory()) return yield* new CannotReadRows({ path, detail: "it is a folder", isMissing: false })
    const { isParquet, lines } = stat.isFile()
      ? yield* lookAt(path, file)
      : yield* Effect.tryPromise({
        try: () => openLines(file.createReadStream({ autoClose: false }), basename(path)),
        catch: cannotRead(path)
      })
    if (!isParquet) return Stream.fromAsyncIterable(lines, cannotRead(path))
    const { linesOfParquet } = yield* loadParquet
    return Stream.unwrapScoped(linesOfParquet(path, file, stat.size))
  }))

const linesOfBytes = <E>(
  name: string,
  bytes: Stream.Stream<Uint8Array, E>
): Stream.Stream<Uint8Array, CannotReadRows | E> =>
  Stream.unwrap(Effect.gen(function*() {
    const failed: { with: E | undefined } = { with: undefined }
    const kept = Stream.tapError(bytes, (cause) => Effect.sync(() => failed.with = cause))
    const pieces = yield* Stream.toAsyncIterableEffect(Stream.map(kept, (piece) => Buffer.from(piece)))
    const told = (cause: unknown): CannotReadRows | E => failed.with ?? cannotRead(name)(cause)
    const { isParquet, lines } = yield* Effect.tryPromise({ try: () => openLines(pieces, name), catch: told })
    if (isParquet) {
      const detail = "Parquet is read from its end; pass it as a file"
      return yield* new CannotReadRows({ path: name, detail, isMissing: false })
    }
    return Stream.fromAsyncIterable(lines, told)
  }))

const lines = <E>(input: RowInput<E>): Stream.Stream<Uint8Array, CannotReadRows | E> =>
  input._tag === "file" ? linesOfFile(input.path) : linesOfBytes(input.name, input.bytes)

export const layer = (options: FileReaderOptions): Layer.Layer<Reader> =>
  Layer.succeed(Reader, Reader.of({ open: open(options), lines }))
