/** What goes into a Vim and what comes back: an attempt in JSON, then a head and the lines of the buffer. */
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { characterOfKey, type Keystrokes } from "../../services/keys/keystrokes.ts"
import type { Ending } from "../../services/keys/outcome.ts"
import type { Attempt } from "../../services/Sandbox.ts"

/** Nonce, mode, line, column, out of memory; then file format, end of line, byte order mark, Ctrl-Z, and empty. */
const Head = Schema.parseJson(Schema.Tuple(
  Schema.String,
  Schema.String,
  Schema.Number,
  Schema.Number,
  Schema.Number,
  Schema.String,
  Schema.Number,
  Schema.Number,
  Schema.Number,
  Schema.Number
))

const decodeHead = Schema.decodeUnknownEither(Head)

/** Returns the lines as Vim takes them: it spells a NUL as a line end inside a line. */
const spelledLines = (source: string): ReadonlyArray<string> =>
  source.includes("\0")
    ? source.split("\n").map((line) => line.replaceAll("\0", "\n"))
    : source.split("\n")

/** Returns keys as one text or, where some type no character, as parts: "k<Up>" and "tplain text". */
const typed = (keys: Keystrokes): string | ReadonlyArray<string> => {
  let text = ""
  const parts: Array<string> = []
  for (const key of keys) {
    const character = characterOfKey(key)
    if (character !== null) {
      text += character
      continue
    }
    if (text !== "") parts.push(`t${text}`)
    parts.push(`k${key}`)
    text = ""
  }
  if (parts.length === 0) return text
  return text === "" ? parts : [...parts, `t${text}`]
}

const napping = /sl|gs/

/** Something goes into a register, and later a register is typed. */
const replaying = /[ydcxsYDCXS].*@/s

/** Whether the keys might make Vim sleep, themselves or through a register that holds a part of the source. */
const mayNap = ({ keys, source }: Attempt): boolean => {
  const typed = keys.filter((key) => key.length === 1).join("")
  return napping.test(typed) || (replaying.test(typed) && napping.test(source))
}

/** Returns an attempt for a fork server, which adds the nonce: a line of JSON, and behind it the text as it is. */
export const renderAttempt = ({ keys, source }: Attempt): string => {
  const head = { patient: mayNap({ keys, source }) ? 1 : 0, keys: typed(keys), bytes: Buffer.byteLength(source) }
  return `${JSON.stringify(head)}\n${source}`
}

/** Returns an attempt as one line of JSON for a Vim of its own. */
export const renderSession = (attempt: Attempt, nonce: string): string =>
  JSON.stringify({
    nonce,
    patient: mayNap(attempt) ? 1 : 0,
    keys: typed(attempt.keys),
    lines: spelledLines(attempt.source)
  })

/** Returns an attempt as one line of JSON in which each key stands alone: "tx" and "k<Up>". */
export const renderAttemptByKey = (attempt: Attempt, nonce: string): string =>
  JSON.stringify({
    nonce,
    patient: mayNap(attempt) ? 1 : 0,
    keys: attempt.keys.map((key) => {
      const character = characterOfKey(key)
      return character === null ? `k${key}` : `t${character}`
    }),
    lines: spelledLines(attempt.source)
  })

/** What stands in place of a mode in the report of a Vim that is about to leave. */
const parting = "left"

/** Whether a head is that of a Vim which is about to leave; it may be forged. */
export const isParting = (headText: string): boolean => {
  const decoded = decodeHead(headText)
  return Either.isRight(decoded) && decoded.right[1] === parting
}

/** Returns how the attempt with this nonce ended, from a head and the lines as one text. */
export const readReport = (headText: string, body: string, nonce: string): Ending => {
  const decoded = decodeHead(headText)
  if (Either.isLeft(decoded) || decoded.right[0] !== nonce) {
    return { _tag: "crashed", detail: "its report is not the one that was asked for" }
  }
  const [, mode, line, column, isOutOfMemory, format, hasEnd, hasMark, hasCtrlZ, isEmpty] = decoded.right
  if (isOutOfMemory === 1) return { _tag: "killed", reason: "memory" }
  if (mode === parting) return { _tag: "left", text: body }
  if (format === "file") return { _tag: "finished", text: body, mode, line, column }
  const end = format === "dos" ? "\r\n" : format === "mac" ? "\r" : "\n"
  const text = isEmpty === 1 ? "" : (end === "\n" ? body : body.replaceAll("\n", end)) + (hasEnd === 1 ? end : "") +
    (hasCtrlZ === 1 ? "\u001a" : "")
  return { _tag: "finished", text: hasMark === 1 ? `\ufeff${text}` : text, mode, line, column }
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true })

/** Returns lines in which a line end stands for a NUL as one text. */
export const joinSpelledLines = (lines: ReadonlyArray<string>): string =>
  lines.map((line) => line.replaceAll("\n", "\0")).join("\n")

/** Returns how the attempt with this nonce ended, from the report in its file. */
export const readWrittenReport = (report: Buffer, nonce: string): Ending => {
  const headEnd = report.indexOf(10)
  return headEnd === -1
    ? readReport("", "", nonce)
    : readReport(decoder.decode(report.subarray(0, headEnd)), decoder.decode(report.subarray(headEnd + 1)), nonce)
}

/** Returns the text in a copy of the file that was edited; undefined when it is no copy with this nonce. */
export const readCopy = (copy: Buffer, nonce: string): string | undefined => {
  const head = Buffer.from(`${nonce}\n`, "latin1")
  return copy.subarray(0, head.length).equals(head) ? decoder.decode(copy.subarray(head.length)) : undefined
}
