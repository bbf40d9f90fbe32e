/** Reader of JSON Lines: one read gives the first row; a pass in the background finds where the others start. */
import { open as openFile } from "node:fs/promises"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { CannotReadRows, type FileRow, type NumberedRow, Reader, type RowFile } from "../../services/Reader.ts"
import { isNestedDeeper } from "../../services/rows/nesting.ts"
import { type LineOffsets, makeLineOffsets } from "./line-offsets.ts"
import { readOffsets, writeOffsets } from "./offsets-file.ts"

export interface JsonlReaderOptions {
  /** Folder where offsets of large files are kept, or null for none. */
  readonly cache: string | null
}

/** How much is read at once. */
const chunkBytes = 4 * 1024 * 1024
const firstBytes = 64 * 1024
const newline = 10

const open = (options: JsonlReaderOptions): Reader["Type"]["open"] =>
  Effect.fn("Reader.open")(function*(path) {
    const cannot = (cause: unknown) => {
      const code = typeof cause === "object" && cause !== null && "code" in cause ? cause.code : undefined
      return new CannotReadRows({
        path,
        detail: code === "ENOENT" ? "there is no such file" : cause instanceof Error ? cause.message : String(cause),
        isMissing: code === "ENOENT"
      })
    }
    const attempt = <A>(work: () => Promise<A>) => Effect.tryPromise({ try: work, catch: cannot })
    const file = yield* Effect.acquireRelease(
      attempt(() => openFile(path, "r")),
      (file) => Effect.promise(() => file.close().catch(() => undefined))
    )
    const stat = yield* attempt(() => file.stat())
    if (!stat.isFile()) return yield* new CannotReadRows({ path, detail: "it is no file", isMissing: false })
    const { mtimeMs, size } = stat
    const identity = { mtimeMs, size }
    const kept = options.cache === null
      ? undefined
      : yield* attempt(() => readOffsets(options.cache ?? "", path, file, identity))
    const offsets = makeLineOffsets(kept)
    let isComplete = kept !== undefined
    const waiting = new Set<() => void>()

    /** Looks through the file, yields after each chunk, and wakes whoever waits for a row in it. */
    const lookThrough = Effect.gen(function*() {
      const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, Math.max(size, 1)))
      for (let at = 0; at < size;) {
        const { bytesRead } = yield* attempt(() => file.read(buffer, 0, Math.min(buffer.length, size - at), at))
        if (bytesRead === 0) break
        offsets.feed(buffer.subarray(0, bytesRead))
        at += bytesRead
        for (const wake of waiting) wake()
      }
      offsets.end()
    }).pipe(
      Effect.tap(() =>
        options.cache === null
          ? Effect.void
          : Effect.promise(() => writeOffsets(options.cache ?? "", path, file, identity, offsets.save()))
      ),
      // The file ends where it cannot be read; there is no row behind that.
      Effect.ensuring(Effect.sync(() => {
        isComplete = true
        for (const wake of waiting) wake()
      }))
    )
    const pass = isComplete ? undefined : yield* Effect.forkScoped(lookThrough)

    const until = (isThere: () => boolean) =>
      Effect.async<void>((resume) => {
        const wake = () => {
          if (!isThere() && !isComplete) return
          waiting.delete(wake)
          resume(Effect.void)
        }
        waiting.add(wake)
        wake()
        return Effect.sync(() => void waiting.delete(wake))
      })

    const read = (start: number, length: number) =>
      attempt(async () => {
        const bytes = Buffer.allocUnsafe(length)
        const { bytesRead } = await file.read(bytes, 0, length, start)
        return bytes.subarray(0, bytesRead)
      })

    const row: RowFile["row"] = Effect.fn("RowFile.row")(function*(index) {
      if (index === 0 && offsets.rows() === 0 && !isComplete) {
        const head = yield* read(0, Math.min(firstBytes, size))
        const first = firstRowIn(head, size)
        if (first !== undefined) return first
      }
      yield* until(() => offsets.rows() > index)
      if (index < 0 || index >= offsets.rows()) return null
      const { end, start } = offsets.spanOf(index)
      return parseRow((yield* read(start, end - start)).toString("utf8"))
    })

    const find: RowFile["find"] = Effect.fn("RowFile.find")(function*(text, from) {
      const needles = needlesOf(text)
      const overlap = Math.max(...needles.map((needle) => needle.length)) - 1
      yield* until(() => offsets.rows() > from)
      if (from >= offsets.rows()) return null
      // There is one buffer for the whole pass, because fresh memory costs more than the search.
      const buffer = Buffer.allocUnsafe(Math.min(chunkBytes + overlap, size))
      for (let at = offsets.spanOf(from).start; at < size; at += chunkBytes) {
        const { bytesRead } = yield* attempt(() => file.read(buffer, 0, Math.min(buffer.length, size - at), at))
        const bytes = buffer.subarray(0, bytesRead)
        const found = Math.min(...needles.map((needle) => positionIn(bytes, needle)))
        if (found === Infinity) continue
        const byte = at + found
        yield* until(() => offsets.rows() > 0 && offsets.spanOf(offsets.rows() - 1).end > byte)
        return offsets.rowAt(byte)
      }
      return null
    })

    const scan: RowFile["scan"] = ({ from, holding }) =>
      Stream.unfoldEffect(from, (first) =>
        Effect.gen(function*() {
          yield* until(() => offsets.rows() > first)
          if (first >= offsets.rows()) return Option.none()
          const last = lastWithin(offsets, first)
          const { start } = offsets.spanOf(first)
          const bytes = yield* read(start, offsets.spanOf(last).end - start)
          return Option.some([rowsIn(bytes, offsets, first, last, holding), last + 1])
        }))

    const rowFile: RowFile = {
      path,
      bytes: size,
      known: () => ({ rows: offsets.rows(), isComplete }),
      count: Effect.map(pass === undefined ? Effect.void : pass, () => offsets.rows()),
      row,
      find,
      scan
    }
    return rowFile
  })

/** Reads a line, which may not be JSON. */
const parseRow = (line: string): FileRow => {
  const text = line.trim()
  try {
    const value: unknown = JSON.parse(text)
    return isNestedDeeper(value) ? { _tag: "malformed", text, reason: "nested too deeply" } : { _tag: "row", value }
  } catch {
    return { _tag: "malformed", text, reason: "no JSON" }
  }
}

/** Returns the first row, if the head of the file holds all of it. */
const firstRowIn = (head: Buffer, size: number): FileRow | undefined => {
  for (let at = 0; at < head.length;) {
    const stop = head.indexOf(newline, at)
    if (stop === -1 && head.length < size) return undefined
    const text = head.toString("utf8", at, stop === -1 ? head.length : stop)
    if (text.trim() !== "") return parseRow(text)
    if (stop === -1) return undefined
    at = stop + 1
  }
  return undefined
}

/** Returns how a text may be written in JSON: as it is, or in ASCII as some writers have it. */
const needlesOf = (text: string): ReadonlyArray<Buffer> => {
  const escaped = JSON.stringify(text).slice(1, -1)
  const ascii = escaped.replace(/[^\u0020-\u007e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
  return [...new Set([escaped, ascii])].filter((needle) => needle !== "").map((needle) => Buffer.from(needle))
}

const positionIn = (bytes: Buffer, needle: Buffer): number => {
  const at = bytes.indexOf(needle)
  return at === -1 ? Infinity : at
}

/** Returns the last of the rows from `first` on that are read at once. */
const lastWithin = (offsets: LineOffsets, first: number): number => {
  const { start } = offsets.spanOf(first)
  const known = offsets.rows() - 1
  const last = Math.min(known, offsets.rowAt(start + chunkBytes))
  return Math.max(first, offsets.spanOf(last).end - start > chunkBytes ? last - 1 : last)
}

const rowsIn = (
  bytes: Buffer,
  offsets: LineOffsets,
  first: number,
  last: number,
  holding: string | null
): ReadonlyArray<NumberedRow> => {
  const base = offsets.spanOf(first).start
  const needles = holding === null || holding === "" ? null : needlesOf(holding)
  const rows: Array<NumberedRow> = []
  for (let index = first; index <= last; index++) {
    const { end, start } = offsets.spanOf(index)
    const line = bytes.subarray(start - base, end - base)
    if (needles !== null && !needles.some((needle) => line.includes(needle))) continue
    rows.push({ index, row: parseRow(line.toString("utf8")) })
  }
  return rows
}

export const layer = (options: JsonlReaderOptions): Layer.Layer<Reader> =>
  Layer.succeed(Reader, Reader.of({ open: open(options) }))
