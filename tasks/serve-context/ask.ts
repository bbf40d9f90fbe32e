/** From what a client asks to what the index is asked: the one way, for every method that needs a context. */
import { type ContextRequest, defaultContextBudget, defaultPromptHolds } from "../../services/Index.ts"
import type { ContextStyle } from "../../services/formats/context-style.ts"
import { cursorOf, type OffsetEncoding } from "./place.ts"
import { ErrorCode, Refused } from "./protocol.ts"

/** A context is never longer than this. */
export const largestBudget = 1_000_000

export interface ContextQuestion {
  readonly filepath?: string | undefined
  readonly uri?: string | undefined
  readonly textDocument?: { readonly uri: string } | undefined
  readonly content?: string | undefined
  readonly cursor_offset?: number | undefined
  readonly offset_encoding?: OffsetEncoding | undefined
  readonly position?: { readonly line: number; readonly character: number } | undefined
  readonly budget?: number | undefined
  readonly holds?: number | undefined
  readonly sources?: ReadonlyArray<"signatures" | "chunks" | "bm25"> | undefined
}

export interface AskedPlace {
  readonly path: string
  readonly prefix: string
  readonly suffix: string
}

export interface Defaults {
  readonly hasChunks: boolean
  /** Whether the client told its capabilities, and so knows the codes of the Language Server Protocol. */
  readonly isNegotiated: boolean
  readonly encoding: OffsetEncoding | undefined
}

/** Finds the place in the content that came along, or in the buffer that is open. */
export const placeAsked = (
  asked: ContextQuestion,
  pathOf: (location: string) => string,
  buffers: ReadonlyMap<string, string>,
  defaults: Defaults
): AskedPlace => {
  const location = asked.filepath ?? asked.textDocument?.uri ?? asked.uri
  const code = defaults.isNegotiated ? ErrorCode.InvalidParams : ErrorCode.Server
  if (location === undefined) {
    throw new Refused(code, "invalid params: filepath is missing")
  }
  const path = pathOf(location)
  const text = asked.content ?? buffers.get(path)
  if (text === undefined) {
    throw new Refused(code, "invalid params: content is missing, and the file is not open")
  }
  const cursor = cursorOf(text, { ...asked, offset_encoding: asked.offset_encoding ?? defaults.encoding })
  return { path, prefix: text.slice(0, cursor), suffix: text.slice(cursor) }
}

export const requestFor = (
  asked: ContextQuestion,
  place: AskedPlace,
  defaults: Pick<Defaults, "hasChunks">,
  style: ContextStyle
): ContextRequest => ({
  ...place,
  aliases: [],
  budget: Math.min(asked.budget ?? defaultContextBudget, largestBudget),
  holds: asked.holds ?? defaultPromptHolds,
  sources: asked.sources?.map((source) => source === "bm25" ? "chunks" : source) ??
    (defaults.hasChunks ? ["signatures", "chunks"] : ["signatures"]),
  style
})
