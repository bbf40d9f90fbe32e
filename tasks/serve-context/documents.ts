/** Open buffers, kept up by the notifications of the Language Server Protocol. */
import * as Effect from "effect/Effect"
import { isWorkingCopy } from "../shared/file-names.ts"
import { turnOfEventLoop } from "../shared/event-loop.ts"
import { type OffsetEncoding, offsetOfEdit, type Position } from "./place.ts"
import { isRecord } from "./protocol.ts"

/** What a client calls an open buffer, and which version of it this is. */
export interface OpenDocument {
  readonly uri: string
  readonly version: number | null
}

export interface Documents {
  /** Text by path in the project. */
  readonly texts: Map<string, string>
  /** The buffers behind the texts. */
  readonly opened: Map<string, OpenDocument>
  /** Follows a notification, whatever it is about. */
  readonly follow: (method: string, params: unknown, pathOf: (uri: string) => string) => Effect.Effect<void>
}

/** Characters that changes may go through before others have their turn: a hundredth of a second. */
const stretch = 16 * 1024 * 1024

/** UTF-16 units of all buffers together. A buffer that would not fit is none: whoever asks sends its text along. */
const mostHeld = 256 * 1024 * 1024

/** Hears of a buffer that is opened, edited or closed; a text is undefined where there is none. */
export type DocumentListener = (
  path: string,
  before: string | undefined,
  after: string | undefined
) => Effect.Effect<void>

export const makeDocuments = (
  encoding: () => OffsetEncoding,
  most = mostHeld,
  listen: DocumentListener = () => Effect.void
): Documents => {
  const texts = new Map<string, string>()
  const opened = new Map<string, OpenDocument>()
  let held = 0
  const drop = (path: string) => {
    held -= texts.get(path)?.length ?? 0
    texts.delete(path)
    opened.delete(path)
  }
  const keep = (path: string, text: string, document: OpenDocument) => {
    drop(path)
    if (held + text.length > most) return
    held += text.length
    texts.set(path, text)
    opened.set(path, document)
  }
  const follow: Documents["follow"] = Effect.fnUntraced(function*(method, params, pathOf) {
    if (!method.startsWith("textDocument/")) return
    const document = isRecord(params) ? params["textDocument"] : undefined
    if (!isRecord(params) || !isRecord(document) || typeof document["uri"] !== "string") return
    if (!isWorkingCopy(document["uri"])) return
    const path = pathOf(document["uri"])
    const version = typeof document["version"] === "number" ? document["version"] : null
    const named: OpenDocument = { uri: document["uri"], version }
    switch (method) {
      case "textDocument/didOpen":
        if (typeof document["text"] !== "string") return
        keep(path, document["text"], named)
        return yield* listen(path, undefined, texts.get(path))
      case "textDocument/didChange": {
        const changes = params["contentChanges"]
        const before = texts.get(path)
        let text = before
        let passed = 0
        for (const change of Array.isArray(changes) ? changes : []) {
          text = changed(text, change, encoding())
          passed += text?.length ?? 0
          if (passed < stretch) continue
          passed = 0
          yield* turnOfEventLoop
        }
        if (text !== undefined) keep(path, text, named)
        return yield* listen(path, before, texts.get(path))
      }
      case "textDocument/didSave":
        if (typeof params["text"] === "string") keep(path, params["text"], opened.get(path) ?? named)
        return
      case "textDocument/didClose": {
        const before = texts.get(path)
        drop(path)
        return yield* listen(path, before, undefined)
      }
    }
  })
  return { texts, opened, follow }
}

/** Applies one change; one without a range is the whole text, and one that makes no sense changes nothing. */
const changed = (text: string | undefined, change: unknown, encoding: OffsetEncoding): string | undefined => {
  if (!isRecord(change) || typeof change["text"] !== "string") return text
  const { range } = change
  if (range === undefined || range === null) return change["text"]
  if (text === undefined || !isRecord(range) || !isPosition(range["start"]) || !isPosition(range["end"])) return text
  const one = offsetOfEdit(text, range["start"], encoding)
  const other = offsetOfEdit(text, range["end"], encoding)
  // A range that is turned round means what lies between its ends.
  return text.slice(0, Math.min(one, other)) + change["text"] + text.slice(Math.max(one, other))
}

const isPosition = (value: unknown): value is Position =>
  isRecord(value) && typeof value["line"] === "number" && typeof value["character"] === "number"
