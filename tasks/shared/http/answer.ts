/** What a server answers. */
import type * as Stream from "effect/Stream"

type Headers = Readonly<Record<string, string>>

export interface HttpAnswer {
  readonly status: number
  readonly headers: Headers
  /** All of it, or what comes as it is made. */
  readonly body: Uint8Array | Stream.Stream<Uint8Array, Error>
}

/** An answer of a type that has all its bytes. */
export const httpAnswer = (
  body: string | Uint8Array,
  type: string,
  status = 200,
  headers: Headers = {}
): HttpAnswer => ({
  status,
  headers: { "content-type": type, ...headers },
  body: typeof body === "string" ? Buffer.from(body) : body
})

/** An answer that is a value as JSON. */
export const jsonAnswer = (value: unknown, status = 200, headers: Headers = {}): HttpAnswer =>
  httpAnswer(JSON.stringify(value), "application/json", status, headers)

/** An answer that says in one line what is wrong. */
export const refusal = (status: number, error: string, headers: Headers = {}): HttpAnswer =>
  jsonAnswer({ error }, status, headers)
