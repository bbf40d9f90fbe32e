/** Rows of Parquet: they come in windows of a row group, and the last windows are kept. */
import type { FileHandle } from "node:fs/promises"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { type AsyncBuffer, parquetMetadataAsync, parquetReadObjects } from "hyparquet"
import { compressors } from "hyparquet-compressors"
import type { NumberedRow, RowFile } from "../../services/Reader.ts"
import { makeNeedle } from "./needle.ts"
import { parseRowText } from "./parse-row.ts"
import { exactMetadata, exactParsers, rowWriter } from "./parquet-json.ts"
import { cannotRead } from "./problems.ts"

/** How many rows are read when one is asked for, and how many such windows are kept. */
const windowRows = 256
const keptWindows = 4
/** How many rows are read at once when all are. */
const batchRows = 1000

interface RowWindow {
  readonly start: number
  readonly end: number
}

/** Opens a file of Parquet of a size. */
export const openParquet = Effect.fn("Reader.openParquet")(function*(path: string, file: FileHandle, size: number) {
  const attempt = <A>(work: () => Promise<A>) => Effect.tryPromise({ try: work, catch: cannotRead(path) })
  const source: AsyncBuffer = {
    byteLength: size,
    slice: async (start, end = size) => {
      const bytes = new Uint8Array(Math.max(0, end - start))
      await file.read(bytes, 0, bytes.length, start)
      return bytes.buffer
    }
  }
  const stored = yield* attempt(() => parquetMetadataAsync(source))
  const metadata = exactMetadata(stored)
  const write = rowWriter(stored)
  const total = Number(metadata.num_rows)
  const groups: Array<RowWindow> = []
  for (const { num_rows } of metadata.row_groups) {
    const start = groups.at(-1)?.end ?? 0
    groups.push({ start, end: start + Number(num_rows) })
  }
  const windows = new Map<number, ReadonlyArray<unknown>>()

  /** Returns a window of at most `size` rows around a row, within its row group, so that only one group is unpacked. */
  const windowAround = (row: number, size: number): RowWindow => {
    let low = 0
    let high = groups.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((groups[middle]?.start ?? 0) <= row) low = middle
      else high = middle - 1
    }
    const group = groups[low] ?? { start: 0, end: total }
    const start = group.start + Math.floor((row - group.start) / size) * size
    return { start, end: Math.min(group.end, start + size) }
  }

  /** Rows as the library gives them: only what is asked for is written as JSON. */
  const readWindow = ({ end, start }: RowWindow) =>
    attempt((): Promise<ReadonlyArray<unknown>> =>
      parquetReadObjects({
        file: source,
        metadata,
        compressors,
        parsers: exactParsers,
        rowStart: start,
        rowEnd: end
      })
    )

  const row: RowFile["row"] = Effect.fn("RowFile.row")(function*(index) {
    if (index < 0 || index >= total) return null
    const window = windowAround(index, windowRows)
    const rows = windows.get(window.start) ?? (yield* readWindow(window))
    // The window that was asked for last is the last one to go.
    windows.delete(window.start)
    windows.set(window.start, rows)
    for (const oldest of windows.keys()) {
      if (windows.size <= keptWindows) break
      windows.delete(oldest)
    }
    return parseRowText(write(rows[index - window.start]))
  })

  /** The JSON of the rows from one on, window by window. */
  const texts = (from: number) =>
    Stream.unfoldEffect(from, (first) =>
      Effect.gen(function*() {
        if (first >= total) return Option.none()
        const { end, start } = windowAround(first, batchRows)
        const rows = yield* readWindow({ start, end })
        return Option.some([{ first, texts: rows.slice(first - start).map(write) }, end])
      }))

  const scan: RowFile["scan"] = ({ from, holding }) => {
    const isHeld = holding === null || holding === "" ? () => true : holder(holding)
    return Stream.map(
      texts(from),
      ({ first, texts }) =>
        texts.flatMap((text, at): ReadonlyArray<NumberedRow> =>
          isHeld(text) ? [{ index: first + at, row: parseRowText(text) }] : []
        )
    )
  }

  const rowFile: RowFile = {
    path,
    bytes: size,
    known: () => ({ rows: total, isComplete: true }),
    count: Effect.succeed(total),
    row,
    find: (text, from) =>
      Stream.runHead(Stream.filter(scan({ from, holding: text }), (rows) => rows.length > 0)).pipe(
        Effect.map((rows) => Option.getOrUndefined(rows)?.[0]?.index ?? null)
      ),
    scan
  }
  return { rowFile, texts }
})

/** The rows of a file of Parquet as JSON Lines. */
export const linesOfParquet = Effect.fnUntraced(function*(path: string, file: FileHandle, size: number) {
  const { texts } = yield* openParquet(path, file, size)
  return Stream.map(texts(0), ({ texts }): Uint8Array => Buffer.from(texts.map((text) => `${text}\n`).join("")))
})

/** Returns what tells whether the JSON of a row holds a text: ours has one spelling, and columns of JSON have their own. */
const holder = (text: string): (json: string) => boolean => {
  const spelled = JSON.stringify(text).slice(1, -1)
  const foreign = makeNeedle(text)
  return (json) => json.includes(spelled) || (/\\[/u]/.test(json) && foreign.indexIn(Buffer.from(json)) !== -1)
}
