/** Rows of JSON Lines on the disk: one read gives the first row; a pass in the background finds where the others start. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { CannotReadRows, FileRow, NumberedRow, RowFile } from "../../services/Reader.ts"
import { type LineOffsets, makeLineOffsets } from "./line-offsets.ts"
import { makeNeedle, type Needle } from "./needle.ts"
import { longestRow, parseRowBytes, shownOfLong } from "./parse-row.ts"
import { cannotRead } from "./problems.ts"
import type { RowsOnDisk } from "./rows-on-disk.ts"

/** How much is read at once. */
const chunkBytes = 4 * 1024 * 1024
/** How much is read at once where its rows are made of it: what is made of more outlives the quick collection of garbage. */
const scanBytes = 512 * 1024
const firstBytes = 64 * 1024
const newline = 10

/** Offsets of lines that were found before, and what is done with those that are found now. */
interface KeptOffsets {
  readonly kept: Float64Array | undefined
  readonly keep: (offsets: Float64Array) => Promise<void>
}

/** Opens lines that lie on the disk. `kept` are their offsets where they are known, and `keep` takes them when they are. */
export const openRows = Effect.fn("Reader.openRows")(function*(
  path: string,
  bytes: number,
  rows: RowsOnDisk,
  { keep, kept }: KeptOffsets
) {
  const cannot = cannotRead(path)
  const attempt = <A>(work: (signal: AbortSignal) => Promise<A>) => Effect.tryPromise({ try: work, catch: cannot })
  const { available, file, start: firstByte } = rows
  const offsets = makeLineOffsets(kept, firstByte)
  let isComplete = kept !== undefined
  let failure: CannotReadRows | undefined
  const waiting = new Set<() => void>()

  /** Looks through the file, and wakes whoever waits for a row in a piece of it. */
  const lookThrough = attempt((signal) =>
    rows.lookThrough((piece) => {
      offsets.feed(piece)
      for (const wake of waiting) wake()
    }, signal)
  ).pipe(
    Effect.tapError((cause) => Effect.sync(() => failure = cause)),
    Effect.tap(() => Effect.sync(offsets.end)),
    Effect.tap(() => Effect.promise(() => keep(offsets.save()))),
    // The file ends where it cannot be read; who asks for a row behind that is told why.
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
  const nothingMore = <A>(value: A) =>
    Effect.suspend(() => (failure === undefined ? Effect.succeed(value) : Effect.fail(failure)))

  const read = (start: number, length: number) =>
    attempt(async () => {
      const bytes = Buffer.allocUnsafe(length)
      const { bytesRead } = await file.read(bytes, 0, length, start)
      return bytes.subarray(0, bytesRead)
    })
  const readRow = Effect.fnUntraced(function*(start: number, end: number) {
    if (end - start <= longestRow) return parseRowBytes(yield* read(start, end - start))
    const row: FileRow = {
      _tag: "malformed",
      text: (yield* read(start, shownOfLong)).toString("utf8"),
      reason: "too long"
    }
    return row
  })

  const row: RowFile["row"] = Effect.fn("RowFile.row")(function*(index) {
    if (index === 0 && offsets.rows() === 0 && !isComplete) {
      const head = yield* read(firstByte, Math.min(firstBytes, available() - firstByte))
      const first = firstRowIn(head)
      if (first !== undefined) return first
    }
    yield* until(() => offsets.rows() > index)
    if (index < 0) return null
    if (index >= offsets.rows()) return yield* nothingMore(null)
    const { end, start } = offsets.spanOf(index)
    return yield* readRow(start, end)
  })

  const find: RowFile["find"] = Effect.fn("RowFile.find")(function*(text, from) {
    if (text === "") return null
    const needle = makeNeedle(text)
    const overlap = needle.longest - 1
    yield* until(() => offsets.rows() > from)
    if (from >= offsets.rows()) return yield* nothingMore(null)
    // There is one buffer for the whole pass, because fresh memory costs more than the search.
    const buffer = Buffer.allocUnsafe(chunkBytes + overlap)
    for (let at = offsets.spanOf(from).start;; at += chunkBytes) {
      yield* until(() => available() >= at + buffer.length)
      if (at >= available()) return yield* nothingMore(null)
      const { bytesRead } = yield* attempt(() => file.read(buffer, 0, Math.min(buffer.length, available() - at), at))
      const found = needle.indexIn(buffer.subarray(0, bytesRead))
      if (found === -1) continue
      const byte = at + found
      yield* until(() => offsets.rows() > 0 && offsets.spanOf(offsets.rows() - 1).end > byte)
      return offsets.rowAt(byte)
    }
  })

  const scan: RowFile["scan"] = ({ from, holding }) => {
    const needle = holding === null || holding === "" ? null : makeNeedle(holding)
    return Stream.unfoldEffect(from, (first) =>
      Effect.gen(function*() {
        yield* until(() => offsets.rows() > first)
        if (first >= offsets.rows()) return yield* nothingMore(Option.none())
        const last = lastWithin(offsets, first)
        const { end, start } = offsets.spanOf(first)
        const found = end - start > longestRow
          ? [{ index: first, row: yield* readRow(start, end) }]
          : rowsIn(yield* read(start, offsets.spanOf(last).end - start), offsets, first, last, needle)
        return Option.some<readonly [ReadonlyArray<NumberedRow>, number]>([found, last + 1])
      }))
  }

  const rowFile: RowFile = {
    path,
    bytes,
    known: () => ({ rows: offsets.rows(), isComplete }),
    count: Effect.map(pass === undefined ? Effect.void : pass, () => offsets.rows()),
    row,
    find,
    scan
  }
  return rowFile
})

/** Returns the first row, if the head of the file holds its end. */
const firstRowIn = (head: Buffer): FileRow | undefined => {
  for (let at = 0; at < head.length;) {
    const stop = head.indexOf(newline, at)
    if (stop === -1) return undefined
    const line = head.subarray(at, stop)
    if (line.toString("latin1").trim() !== "") return parseRowBytes(line)
    at = stop + 1
  }
  return undefined
}

/** Returns the last of the rows from `first` on that are read at once. */
const lastWithin = (offsets: LineOffsets, first: number): number => {
  const { start } = offsets.spanOf(first)
  const known = offsets.rows() - 1
  const last = Math.min(known, offsets.rowAt(start + scanBytes))
  return Math.max(first, offsets.spanOf(last).end - start > scanBytes ? last - 1 : last)
}

const rowsIn = (
  bytes: Buffer,
  offsets: LineOffsets,
  first: number,
  last: number,
  needle: Needle | null
): ReadonlyArray<NumberedRow> => {
  const base = offsets.spanOf(first).start
  const rows: Array<NumberedRow> = []
  for (let index = first; index <= last; index++) {
    const { end, start } = offsets.spanOf(index)
    const line = bytes.subarray(start - base, end - base)
    if (needle !== null && needle.indexIn(line) === -1) continue
    rows.push({ index, row: parseRowBytes(line) })
  }
  return rows
}
