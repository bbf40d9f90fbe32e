/** A pool of records: sorted runs in a file, records that wait in memory, and how runs are written and read again. */
import type { FileHandle } from "node:fs/promises"
import { type LineSource, parseLine, type PoolLine, renderHead } from "./arrange.ts"
import { openOwn } from "../disk/disk.ts"

/** A sorted run of records in the file of a part. */
export interface PartRun {
  readonly path: string
  /** Bytes. */
  readonly start: number
  readonly end: number
}

export interface Pool {
  /** Byte lengths of the runs in its file, in their order. */
  readonly runs: Array<number>
  /** Sorted runs in the files of other folders. */
  readonly parts: ReadonlyArray<PartRun>
  records: number
  /** What of the runs is still in memory, sorted as on disk: it is read from there as long as it is small. */
  readonly kept: Map<number, ReadonlyArray<PoolLine>>
  /** Records that are not on disk yet. */
  waiting: Array<PoolLine>
}

/** The most bytes of rows that all pools together keep in memory although they are on disk. */
export const mostKeptBytes = 40 * 1024 * 1024

/** How much of each run is held while runs are merged, and of each file before it is written. */
const chunkBytes = 256 * 1024

/**
 * Appends sorted lines as one run; returns its length in bytes. The first run of a pool replaces what a kill left
 * behind.
 */
export const appendLines = async (path: string, lines: ReadonlyArray<PoolLine>, isFirst: boolean): Promise<number> => {
  const file = await openOwn(path, isFirst ? "w" : "a")
  try {
    const output = bufferedOutput(file)
    for (const line of lines) await output.writeLine(line)
    await output.end()
    return output.bytes()
  } finally {
    await file.close()
  }
}

/** Gathers lines into chunks: each is the bytes of the JSON, behind its head in a run, and a line end. */
export const bufferedOutput = (file: FileHandle) => {
  let parts: Array<Uint8Array> = []
  let waiting = 0
  let bytes = 0
  const drain = async () => {
    if (parts.length === 0) return
    const data = Buffer.concat(parts, waiting)
    parts = []
    waiting = 0
    bytes += data.length
    await file.writeFile(data)
  }
  const take = (part: Uint8Array) => {
    parts.push(part)
    waiting += part.length
  }
  const write = (json: Uint8Array, head = ""): Promise<void> | void => {
    if (head !== "") take(Buffer.from(head))
    take(json)
    take(lineEnd)
    return waiting < chunkBytes ? undefined : drain()
  }
  return {
    /** Writes the JSON of a row. */
    write: (json: Uint8Array) => write(json),
    /** Writes a record as it lies in a run. */
    writeLine: (line: PoolLine) => write(line.json, renderHead(line)),
    end: async () => {
      await drain()
      await file.datasync()
    },
    bytes: () => bytes
  }
}

const lineEnd = Buffer.from("\n")

/** Reads the lines in bytes [start, end) of a file, a chunk at a time. */
export const readLines = (file: FileHandle, start: number, end: number): LineSource => {
  let at = start
  let data: Buffer = Buffer.alloc(0)
  let from = 0
  return async () => {
    for (let stop = data.indexOf(10, from);; stop = data.indexOf(10, from)) {
      if (stop !== -1) {
        const line = parseLine(data.subarray(from, stop))
        from = stop + 1
        return line
      }
      if (at >= end) return undefined
      const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, end - at))
      const { bytesRead } = await file.read(chunk, 0, chunk.length, at)
      if (bytesRead === 0) throw new Error("a pool is shorter than it was; start again with --overwrite")
      at += bytesRead
      data = Buffer.concat([data.subarray(from), chunk.subarray(0, bytesRead)])
      from = 0
    }
  }
}
