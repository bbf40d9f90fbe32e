/** What model servers say when something is wrong: each has a form of its own, under any status, even 200. */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"

const longestDetail = 200

const Problem = Schema.Union(
  Schema.Struct({
    error: Schema.Struct({
      message: Schema.String,
      code: Schema.optional(Schema.Unknown)
    })
  }),
  Schema.Struct({ error: Schema.String, error_type: Schema.optional(Schema.Unknown) }),
  // vLLM's older form.
  Schema.Struct({ object: Schema.Literal("error"), message: Schema.String, code: Schema.optional(Schema.Unknown) })
)

const decodeProblem = Schema.decodeUnknownOption(Problem)
const decodeSaid = Schema.decodeUnknownOption(
  Schema.parseJson(Schema.Union(Problem, Schema.Struct({ message: Schema.String })))
)

/** Returns a text in one line, and not longer than a message should be. */
export const inOneLine = (text: string): string => {
  const line = text.replace(/[\p{Cc}\s]+/gu, " ").trim()
  return line.length > longestDetail ? `${line.slice(0, longestDetail)}…` : line
}

const messageOf = (problem: typeof Problem.Type | { readonly message: string }): string =>
  "message" in problem ? problem.message : typeof problem.error === "string" ? problem.error : problem.error.message

/** Returns what the body of a refusal says is wrong, in one line. */
export const problemIn = (body: string): string =>
  inOneLine(Option.match(decodeSaid(body), { onNone: () => body, onSome: messageOf }))

/** What Text Generation Inference calls a question that it does not take. */
const refusedKinds: ReadonlySet<unknown> = new Set(["validation", "tokenizer"])

/**
 * Returns the failure that a value of an answer tells of under status 200, or undefined. Where no status of its own
 * stands in it, the server failed, and may not the next time.
 */
export const faultUnderSuccess = (
  value: unknown
): { readonly _tag: "failed"; readonly status: number; readonly detail: string } | undefined => {
  const problem = Option.getOrUndefined(decodeProblem(value))
  if (problem === undefined) return undefined
  const code = "message" in problem ? problem.code : typeof problem.error === "string" ? undefined : problem.error.code
  const kind = "error_type" in problem ? problem.error_type : undefined
  const status = typeof code === "number" && code >= 400 && code < 600 ? code : refusedKinds.has(kind) ? 422 : 500
  return { _tag: "failed", status, detail: `it fails after status 200: ${inOneLine(messageOf(problem))}` }
}
