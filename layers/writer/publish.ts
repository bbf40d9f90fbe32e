/**
 * Gives a finished table of JSON Lines its files: by a rename where that is enough, else by writing the rows again as
 * Parquet or in shards. The rows are read twice, once to learn the columns and once to write them, so memory does not
 * grow with the table.
 */
import { createReadStream } from "node:fs"
import { type FileHandle, rename } from "node:fs/promises"
import { ByteWriter, ParquetWriter } from "hyparquet-writer"
import { filesOfTable, isPlainOutput, type OutputFormat } from "../../services/formats/output-format.ts"
import { type Feature, featureOf, merge } from "../../services/rows/features.ts"
import { openOwn } from "../disk/disk.ts"
import { columnsOf, parquetSchema } from "./parquet-schema.ts"

/** The most rows and bytes of JSON in one row group, which a reader has to read to get a single row. */
const groupRows = 1000
const groupBytes = 4 * 1024 * 1024

/**
 * Returns the paths of the files; `final` gives their folder and name, and `announce` hears of them before any is
 * there. A part that was not renamed stays until the run is sealed, in case it is killed before; the caller removes it
 * then.
 */
export const publish = async (
  part: string,
  final: string,
  format: OutputFormat,
  announce: (paths: ReadonlyArray<string>) => Promise<void> = () => Promise.resolve()
): Promise<ReadonlyArray<string>> => {
  if (isPlainOutput(format)) {
    await announce([final])
    await rename(part, final)
    return [final]
  }
  let rows = 0
  let feature: Feature = { kind: "null" }
  for await (const line of readLines(part)) {
    rows++
    if (format.kind === "parquet") feature = merge(feature, featureOf(JSON.parse(line)))
  }
  const paths = filesOfTable(final, rows, format)
  await announce(paths)
  const most = format.shardRows ?? Infinity
  let shard = -1
  let inShard = Infinity
  let sink: FileSink | undefined
  try {
    for await (const line of readLines(part)) {
      if (inShard >= most) {
        await sink?.end()
        await sink?.close()
        shard++
        sink = await openSink(`${paths[shard] ?? final}.part`, format, feature)
        inShard = 0
      }
      await sink?.write(line)
      inShard++
    }
    if (sink === undefined) sink = await openSink(`${paths[0] ?? final}.part`, format, feature)
    await sink.end()
  } finally {
    await sink?.close()
  }
  for (const path of paths) await rename(`${path}.part`, path)
  return paths
}

/**
 * Reads the lines of a file, cut at line feeds only: rows hold other characters that some readers take for line ends.
 */
const readLines = async function*(path: string): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of createReadStream(path, { highWaterMark: groupBytes })) {
    const bytes: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let from = 0
    for (let stop = bytes.indexOf(lineFeed); stop !== -1; stop = bytes.indexOf(lineFeed, from)) {
      yield bytes.toString("utf8", from, stop)
      from = stop + 1
    }
    rest = bytes.subarray(from)
  }
  if (rest.length > 0) yield rest.toString("utf8")
}

const lineFeed = 10

interface FileSink {
  readonly write: (line: string) => Promise<void> | void
  readonly end: () => Promise<void>
  readonly close: () => Promise<void>
}

const openSink = async (path: string, format: OutputFormat, feature: Feature): Promise<FileSink> => {
  const file = await openOwn(path, "w")
  return format.kind === "jsonl" ? jsonlSink(file) : parquetSink(file, feature)
}

const jsonlSink = (file: FileHandle): FileSink => {
  let lines: Array<string> = []
  let size = 0
  const drain = async () => {
    if (lines.length > 0) await file.writeFile(`${lines.join("\n")}\n`)
    lines = []
    size = 0
  }
  return {
    write: (line) => {
      lines.push(line)
      size += line.length
      return size < groupBytes ? undefined : drain()
    },
    end: async () => {
      await drain()
      await file.datasync()
    },
    close: () => file.close()
  }
}

/** A writer that passes its bytes on when a group is done; its offsets include what it wrote before. */
const parquetSink = (file: FileHandle, feature: Feature): FileSink => {
  const bytes = new ByteWriter()
  const writer = new ParquetWriter({ writer: bytes, schema: [...parquetSchema(feature)], createdBy: "retrace" })
  let rows: Array<unknown> = []
  let size = 0
  const hand = async () => {
    const chunk = bytes.getBytes().slice()
    bytes.index = 0
    await file.writeFile(chunk)
  }
  const flush = async () => {
    if (rows.length > 0) writer.write({ columnData: [...columnsOf(feature, rows)], rowGroupSize: rows.length })
    rows = []
    size = 0
    await hand()
  }
  return {
    write: (line) => {
      rows.push(JSON.parse(line))
      size += line.length
      return rows.length < groupRows && size < groupBytes ? undefined : flush()
    },
    end: async () => {
      await flush()
      writer.finish()
      await hand()
      await file.datasync()
    },
    close: () => file.close()
  }
}
