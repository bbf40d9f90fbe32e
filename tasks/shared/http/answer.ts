/** Answers that are JSON. */
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"

type Headers = Readonly<Record<string, string>>

export const jsonAnswer = (
  value: unknown,
  status = 200,
  headers: Headers = {}
): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.text(JSON.stringify(value), { status, headers, contentType: "application/json" })

/** Says in one line why there is no other answer. */
export const refusal = (status: number, error: string, headers: Headers = {}): HttpServerResponse.HttpServerResponse =>
  jsonAnswer({ error }, status, headers)
