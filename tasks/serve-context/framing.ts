/**
 * Bytes to messages and back. Two framings, told apart by the first letters of each message: one JSON text a line, as
 * the original's clients send, and the `Content-Length` headers of the Language Server Protocol.
 */

import { makeGrowingBytes } from "../shared/growing-bytes.ts"

export type Framing = "lines" | "headers"

export type Frame =
  | { readonly _tag: "text"; readonly text: string; readonly framing: Framing }
  | { readonly _tag: "damaged"; readonly detail: string; readonly framing: Framing }

export interface Framer {
  /** Takes bytes in, cut anywhere, and gives the messages that are whole now. */
  readonly push: (bytes: Uint8Array) => ReadonlyArray<Frame>
  /** Gives the last line when the input ends without a line end. */
  readonly end: () => ReadonlyArray<Frame>
}

/** Longer messages are dropped as damaged; bytes. */
const longestMessage = 64 * 1024 * 1024 + 1024
/** A head with more bytes than this is none. */
const longestHead = 16 * 1024

const lineFeed = 10

export const makeFramer = (): Framer => {
  const held = makeGrowingBytes()
  /** Bytes of a body still to come, or -1 while a line is read. */
  let body = -1
  let head: Array<string> = []
  let isDropping = false

  const lineEnded = (bytes: Uint8Array, frames: Array<Frame>): void => {
    if (isDropping) {
      isDropping = false
      frames.push({ _tag: "damaged", detail: "the message is too long", framing: "lines" })
      return
    }
    const isBlank = bytes.length <= 1 && (bytes.length === 0 || bytes[0] === 13)
    if (head.length > 0) {
      if (!isBlank) {
        head.push(Buffer.from(bytes).toString("latin1").trim())
        if (head.join("").length > longestHead) head = []
        return
      }
      const length = head.map((line) => /^content-length\s*:\s*(\d{1,12})\s*$/i.exec(line)?.[1]).find((found) => found)
      head = []
      if (length === undefined || Number(length) > longestMessage) {
        frames.push({ _tag: "damaged", detail: "the header has no usable Content-Length", framing: "headers" })
      } else if (Number(length) === 0) frames.push({ _tag: "text", text: "", framing: "headers" })
      else body = Number(length)
      return
    }
    if (isBlank) return
    // Shells that were asked for UTF-8 put a mark before the first message.
    const line = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
    if (isHead(line)) head.push(Buffer.from(line).toString("latin1").trim())
    else frames.push(frameOf(line, "lines"))
  }

  const push: Framer["push"] = (bytes) => {
    const frames: Array<Frame> = []
    let at = 0
    while (at < bytes.length) {
      if (body >= 0) {
        const end = Math.min(bytes.length, at + body - held.length())
        held.add(bytes.subarray(at, end))
        at = end
        if (held.length() === body) {
          body = -1
          frames.push(frameOf(held.take(), "headers"))
        }
        continue
      }
      const newline = bytes.indexOf(lineFeed, at)
      const end = newline === -1 ? bytes.length : newline
      const piece = bytes.subarray(at, end)
      at = end + 1
      if (newline !== -1 && held.length() === 0) {
        lineEnded(piece, frames)
        continue
      }
      if (!isDropping) held.add(piece)
      if (held.length() > longestMessage) {
        isDropping = true
        held.take()
      }
      if (newline !== -1) lineEnded(held.take(), frames)
    }
    return frames
  }

  const end: Framer["end"] = () => {
    const frames: Array<Frame> = []
    if (body >= 0) frames.push({ _tag: "damaged", detail: "the input ended inside of a message", framing: "headers" })
    else if (held.length() > 0 || isDropping) lineEnded(held.take(), frames)
    return frames
  }

  return { push, end }
}

/** A header that we know, or any that ends as headers do: no JSON begins like one. */
const isHead = (bytes: Uint8Array): boolean =>
  bytes.length < 200 && /^content-(?:length|type)\s*:|^[a-z][\w-]*:.*\r$/i.test(Buffer.from(bytes).toString("latin1"))

const decoder = new TextDecoder("utf-8", { fatal: true })

const frameOf = (bytes: Uint8Array, framing: Framing): Frame => {
  try {
    return { _tag: "text", text: decoder.decode(bytes), framing }
  } catch {
    return { _tag: "damaged", detail: "the message is not UTF-8", framing }
  }
}

/**
 * Renders a message for the wire. Lines are ASCII: clients that decode each chunk they are handed would otherwise tear
 * a character that two chunks share.
 */
export const renderFrame = (message: unknown, framing: Framing): string => {
  const text = JSON.stringify(message)
  return framing === "headers" ? `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}` : `${toAscii(text)}\n`
}

const toAscii = (text: string): string =>
  text.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
