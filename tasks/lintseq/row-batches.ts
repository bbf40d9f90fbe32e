/** Cuts a stream of JSON Lines into batches of whole rows, without reading what is in them. */
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { unitInterval } from "../../services/text/random.ts"

/** A row with its "\n", and its number in the input; blank lines are no rows. */
export interface InputRow {
  readonly index: number
  readonly line: Uint8Array
}

export interface RowBatch {
  readonly rows: ReadonlyArray<InputRow>
  /** How much of the input the batch is: bytes, or rows where they are drawn. */
  readonly size: number
}

/** Rows of a batch: few, so that all threads have work from the start, and the order is soon known. */
const batchRows = 8
const batchBytes = 256 * 1024

/** A longer line is no program: it is cut short, and so no JSON. */
const longestLine = 64 * 1024 * 1024

const newline = 10

/** Calls `onLine` for each line of the chunks it is given; a last line without its end counts when `end` is called. */
const lineReader = (onLine: (line: Uint8Array) => void) => {
  let held: Array<Uint8Array> = []
  let heldBytes = 0
  const hold = (piece: Uint8Array): void => {
    if (heldBytes < longestLine) held.push(piece.slice(0, longestLine - heldBytes))
    heldBytes += piece.length
  }
  const give = (piece: Uint8Array): void => {
    if (held.length === 0) onLine(piece)
    else {
      held.push(piece)
      onLine(Buffer.concat(held))
      held = []
      heldBytes = 0
    }
  }
  return {
    read: (chunk: Uint8Array): void => {
      let start = 0
      for (let stop = chunk.indexOf(newline); stop !== -1; stop = chunk.indexOf(newline, start)) {
        give(chunk.subarray(start, stop + 1))
        start = stop + 1
      }
      if (start < chunk.length) hold(chunk.subarray(start))
    },
    end: (): void => {
      if (held.length > 0) give(Uint8Array.of(newline))
    }
  }
}

const isBlank = (line: Uint8Array): boolean => line.every((byte) => byte === 32 || (byte >= 9 && byte <= 13))

/** Cuts the whole input into batches. */
export const batchRowsOf = <E, R>(input: Stream.Stream<Uint8Array, E, R>): Stream.Stream<RowBatch, E, R> =>
  Stream.suspend(() => {
    const ready: Array<RowBatch> = []
    let rows: Array<InputRow> = []
    let bytes = 0
    let read = 0
    let count = 0
    const close = (): void => {
      if (rows.length === 0) return
      ready.push({ rows, size: read })
      rows = []
      bytes = 0
      read = 0
    }
    const reader = lineReader((line) => {
      read += line.length
      if (isBlank(line)) return
      // The chunk that a line lies in is not kept.
      rows.push({ index: count++, line: line.slice() })
      bytes += line.length
      if (rows.length >= batchRows || bytes >= batchBytes) close()
    })
    const taken = (): Chunk.Chunk<RowBatch> => Chunk.unsafeFromArray(ready.splice(0))
    return Stream.concat(
      Stream.mapChunks(input, (chunks) => {
        for (const chunk of chunks) reader.read(chunk)
        return taken()
      }),
      Stream.suspend(() => {
        reader.end()
        close()
        return Stream.fromChunk(taken())
      })
    )
  })

/** The rows as one text, with a buffer of its own. */
export const joinRows = (rows: ReadonlyArray<InputRow>): Uint8Array => {
  const whole = new Uint8Array(rows.reduce((sum, { line }) => sum + line.length, 0))
  let at = 0
  for (const { line } of rows) {
    whole.set(line, at)
    at += line.length
  }
  return whole
}

interface SampledRow extends InputRow {
  readonly priority: number
}

/** Draws `count` rows in one pass, all equally likely, and cuts them into batches in their order. */
export const sampleRowsOf = <E, R>(
  input: Stream.Stream<Uint8Array, E, R>,
  count: number,
  seed: number
): Stream.Stream<RowBatch, E, R> =>
  Stream.suspend(() => {
    let drawn: Array<SampledRow> = []
    let bar = 1
    let rows = 0
    const thin = (): void => {
      drawn = drawn.sort((a, b) => a.priority - b.priority || a.index - b.index).slice(0, count)
      bar = drawn[count - 1]?.priority ?? 1
    }
    const reader = lineReader((line) => {
      if (isBlank(line)) return
      const index = rows++
      const priority = unitInterval("sample", seed, index)
      if (priority > bar) return
      drawn.push({ priority, index, line: line.slice() })
      if (drawn.length >= 2 * count + 1024) thin()
    })
    return Stream.concat(
      Stream.mapChunks(input, (chunks) => {
        for (const chunk of chunks) reader.read(chunk)
        return Chunk.empty<RowBatch>()
      }),
      Stream.suspend(() => {
        reader.end()
        thin()
        drawn.sort((a, b) => a.index - b.index)
        const batches: Array<RowBatch> = []
        for (let start = 0; start < drawn.length; start += batchRows) {
          const rows = drawn.slice(start, start + batchRows)
          batches.push({ rows, size: rows.length })
        }
        return Stream.fromIterable(batches)
      })
    )
  })

/** Counts the rows of an input. */
export const countRowsOf = <E, R>(input: Stream.Stream<Uint8Array, E, R>): Effect.Effect<number, E, R> =>
  Effect.suspend(() => {
    let rows = 0
    const reader = lineReader((line) => {
      if (!isBlank(line)) rows++
    })
    return Effect.map(Stream.runForEach(input, (chunk) => Effect.sync(() => reader.read(chunk))), () => {
      reader.end()
      return rows
    })
  })
