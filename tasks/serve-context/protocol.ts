/** JSON-RPC 2.0: what a message is, and how answers look. Nothing outside of this folder knows of it. */
import * as Effect from "effect/Effect"
import { hasMoreValues } from "../shared/json-values.ts"

export type Id = string | number | null

export interface RpcRequest {
  readonly _tag: "request"
  readonly id: Id
  readonly method: string
  readonly params: unknown
}
export interface RpcNotification {
  readonly _tag: "notification"
  readonly method: string
  readonly params: unknown
}
export interface Invalid {
  readonly _tag: "invalid"
  readonly id: Id
  readonly code: number
  readonly message: string
}
/** An answer to something this server asked; it asks nothing that it waits for. */
export interface RpcResponse {
  readonly _tag: "response"
}
export type RpcMessage = RpcRequest | RpcNotification | Invalid | RpcResponse

export const ErrorCode = {
  Parse: -32700,
  InvalidRequest: -32600,
  /** What the Language Server Protocol answers before "initialize". */
  NotInitialized: -32002,
  UnknownMethod: -32601,
  InvalidParams: -32602,
  Internal: -32603,
  /** What the original answers to all that it refuses. */
  Server: -32000,
  Cancelled: -32800
} as const

/** Why a request gets an error for its answer. */
export class Refused extends Error {
  readonly _tag = "Refused"
  readonly code: number
  /** What a program reads of the reason; left out of the answer where it is undefined. */
  readonly data: unknown
  constructor(code: number, message: string, data?: unknown) {
    super(message)
    this.code = code
    this.data = data
  }
}

/** Runs what throws a Refused where an answer is an error. */
export const refusing = <A>(read: () => A): Effect.Effect<A, Refused> =>
  Effect.suspend(() => {
    try {
      return Effect.succeed(read())
    } catch (cause) {
      if (cause instanceof Refused) return Effect.fail(cause)
      throw cause
    }
  })

/** Values of one message: each takes up to a hundred times as much memory as its text. */
const mostValues = 1_000_000

/** Messages of one batch, all of whose answers wait for the last one. */
const largestBatch = 100

/** Reads one JSON text: a message, or those of a batch. */
export const readMessages = (
  text: string
): { readonly isBatch: boolean; readonly messages: ReadonlyArray<RpcMessage> } => {
  const refused = (code: number, message: string) => ({ isBatch: false, messages: [invalid(null, code, message)] })
  if (hasMoreValues(text, mostValues)) return refused(ErrorCode.InvalidRequest, "the message has too many values")
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return refused(ErrorCode.Parse, "the message is not JSON")
  }
  if (!Array.isArray(value)) return { isBatch: false, messages: [readMessage(value)] }
  if (value.length === 0) return refused(ErrorCode.InvalidRequest, "the batch is empty")
  if (value.length > largestBatch) {
    return refused(ErrorCode.InvalidRequest, `the batch has more than ${largestBatch} messages`)
  }
  return { isBatch: true, messages: value.map(readMessage) }
}

const invalid = (id: Id, code: number, message: string): Invalid => ({ _tag: "invalid", id, code, message })

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** A whole number that JSON's reader rounds is another client's id by the time it is answered. */
const isId = (value: unknown): value is Id =>
  value === null || typeof value === "string" ||
  (typeof value === "number" && (Number.isSafeInteger(value) || !Number.isInteger(value)) && Number.isFinite(value))

/** Methods that are never answered: some clients write down an id that is not there as null. */
const isToldOnly = (method: string): boolean =>
  /^(?:exit|initialized|\$\/.*|notifications\/.*|(?:textDocument|notebookDocument|workspace)\/did\w+|window\/workDoneProgress\/cancel)$/
    .test(method)

/** Null stands for what is left out, and what is told needs no answer, not even that it makes no sense. */
const readMessage = (value: unknown): RpcMessage => {
  if (!isRecord(value)) return invalid(null, ErrorCode.InvalidRequest, "the message is no object")
  const { id, method } = value
  const known = isId(id) ? id : null
  if (typeof method !== "string") {
    return "result" in value || "error" in value
      ? { _tag: "response" }
      : invalid(known, ErrorCode.InvalidRequest, "the message names no method")
  }
  const params = value["params"] ?? undefined
  const isStructured = params === undefined || typeof params === "object"
  if (!("id" in value) || (id === null && isToldOnly(method))) {
    return { _tag: "notification", method, params: isStructured ? params : undefined }
  }
  if (!isId(id)) {
    return invalid(null, ErrorCode.InvalidRequest, "the id is no string, null or number of up to 15 digits")
  }
  if (!isStructured) return invalid(known, ErrorCode.InvalidRequest, "params is no object")
  return { _tag: "request", id: known, method, params }
}

/** The id of the request that a message takes back; undefined for every other message. */
export const takenBackBy = (message: RpcMessage): string | number | undefined => {
  if (message._tag !== "notification" || !isRecord(message.params)) return undefined
  const id = message.method === "$/cancelRequest"
    ? message.params["id"]
    : message.method === "notifications/cancelled"
    ? message.params["requestId"]
    : undefined
  return typeof id === "string" || typeof id === "number" ? id : undefined
}

export const resultOf = (id: Id, result: unknown) => ({ jsonrpc: "2.0", id, result })

export const errorOf = (id: Id, code: number, message: string, data?: unknown) => ({
  jsonrpc: "2.0",
  id,
  error: { code, message, ...(data === undefined ? {} : { data }) }
})
