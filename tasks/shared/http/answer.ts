/** Answers that are JSON. */
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"

type Headers = Readonly<Record<string, string>>

/** An answer that is a value as JSON. */
export const jsonAnswer = (
  value: unknown,
  status = 200,
  headers: Headers = {}
): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.text(JSON.stringify(value), { status, headers, contentType: "application/json" })

/** An answer that says in one line what is wrong. */
export const refusal = (status: number, error: string, headers: Headers = {}): HttpServerResponse.HttpServerResponse =>
  jsonAnswer({ error }, status, headers)
