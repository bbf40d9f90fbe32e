/** Makes JSON Lines in UTF-8 of whatever an input is: unpacks it, decodes it, and puts each row on a line. */
import { kindOf } from "./kind.ts"
import { layoutOf, type RowLayout } from "./layout.ts"
import { peek, type Peeked, type Pieces } from "./pieces.ts"
import { UnreadableBytes } from "./problems.ts"
import { makeValueSplitter } from "./split-values.ts"
import { gunzip, unzstd } from "./unpack.ts"

/** What is looked at first, and what is looked at when that does not tell how rows lie. */
const headBytes = 64 * 1024
const largeHeadBytes = 4 * 1024 * 1024

/** A file that is packed more often than this was made to be one. */
const mostPackings = 4

/** Whether a file is called one of JSON Lines, as what comes through a pipe is meant to be. */
const isLinesFile = (name: string): boolean => name === "-" || /\.(?:jsonl|ndjson|jsonlines)(?:\.\w+)?$/i.test(name)

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])
const withoutMark = (bytes: Buffer): Buffer => (bytes.subarray(0, 3).equals(byteOrderMark) ? bytes.subarray(3) : bytes)

/** What has to be done to an input for its rows to stand on lines. */
export interface OpenedLines {
  /** The bytes of the input are JSON Lines already; `start` of them are a byte order mark. Null for any other input. */
  readonly plain: { readonly start: number } | null
  readonly isParquet: boolean
  /** The rows as JSON Lines. To be read once. */
  readonly lines: Pieces
}

/** Looks at an input and says how it is read; `name` is the name of its file. */
export const openLines = async (input: Pieces, name: string): Promise<OpenedLines> => {
  let pieces = input
  let isDecoded = false
  for (let packings = 0;;) {
    const peeked = await peek(pieces, headBytes)
    const { all, head, isWhole } = peeked
    const told = kindOf(head, name, isWhole)
    const kind = isDecoded && told._tag === "UTF-16" ? { _tag: "text" } as const : told
    const refuse = async (detail: string) => {
      await peeked.close()
      return new UnreadableBytes(detail)
    }
    switch (kind._tag) {
      case "gzip":
      case "zstd":
        if (++packings > mostPackings) throw await refuse(`it is packed more than ${mostPackings} times`)
        pieces = kind._tag === "gzip" ? gunzip(all) : unzstd(all)
        break
      case "UTF-16":
        pieces = decoded(all, kind.label)
        isDecoded = true
        break
      case "parquet":
        if (packings > 0) throw await refuse("it is a packed Parquet file; unpack it first")
        return { plain: null, isParquet: true, lines: all }
      case "foreign":
        throw await refuse(`it is ${kind.name}; ${kind.advice}`)
      case "text": {
        const start = head.length - withoutMark(head).length
        const laid = await layoutIn(peeked, name)
        const isPlain = laid.layout._tag === "lines" && packings === 0 && !isDecoded
        return {
          plain: isPlain ? { start } : null,
          isParquet: false,
          lines: linesOf(start === 0 ? laid.all : behind(laid.all, start), laid.layout)
        }
      }
    }
  }
}

interface Laid {
  readonly layout: RowLayout
  readonly all: Pieces
}

const layoutIn = async ({ all, head, isWhole }: Peeked, name: string): Promise<Laid> => {
  const about = { isWhole, isLast: isWhole, isLinesFile: isLinesFile(name) }
  const layout = layoutOf(withoutMark(head), about)
  if (layout !== undefined) return { layout, all }
  const more = await peek(all, largeHeadBytes)
  const seen = layoutOf(withoutMark(more.head), { ...about, isWhole: more.isWhole, isLast: true })
  return { layout: seen ?? { _tag: "lines" }, all: more.all }
}

async function* behind(pieces: Pieces, start: number): Pieces {
  let left = start
  for await (const piece of pieces) {
    yield piece.subarray(left)
    left = Math.max(0, left - piece.length)
  }
}

async function* decoded(pieces: Pieces, label: string): Pieces {
  const decoder = new TextDecoder(label)
  for await (const piece of pieces) yield Buffer.from(decoder.decode(piece, { stream: true }))
  yield Buffer.from(decoder.decode())
}

const newline = 10
const carriageReturn = 13

async function* linesOf(pieces: Pieces, layout: RowLayout): Pieces {
  switch (layout._tag) {
    case "lines":
      yield* pieces
      return
    case "CR lines":
      for await (const piece of pieces) {
        yield Buffer.from(piece.map((byte) => (byte === carriageReturn ? newline : byte)))
      }
      return
    default: {
      const splitter = makeValueSplitter(layout)
      for await (const piece of pieces) {
        const lines = splitter.feed(piece)
        if (lines.length > 0) yield lines
      }
      yield splitter.end()
    }
  }
}
