/** What the command does: an HTTP server before the sandbox, with a bound on what waits. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FiberSet from "effect/FiberSet"
import * as Schema from "effect/Schema"
import { Sandbox } from "../../services/Sandbox.ts"
import type { AnswersTo } from "../shared/asked/asked.ts"
import { sandboxLayer } from "../shared/sandbox.ts"
import { Screen } from "../shared/terminal.ts"
import { makeMetrics } from "./metrics.ts"
import type { asked } from "./asked.ts"
import { CannotListen } from "./problems.ts"
import { attemptOf, rewardOf, type Task } from "./reward.ts"

type ServeRewardAnswers = AnswersTo<typeof asked>

const Tasks = Schema.parseJson(
  Schema.Array(Schema.Struct({ source: Schema.String, target: Schema.String, completion: Schema.String }))
)
const decodeTasks = Schema.decodeUnknownEither(Tasks)

interface Answer {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

const refusal = (status: number, error: string, headers?: Readonly<Record<string, string>>): Answer => ({
  status,
  body: { error },
  ...(headers === undefined ? {} : { headers })
})

/** Listens until it is interrupted; requests that are being answered then get their answers. */
export const serve = (answers: ServeRewardAnswers) =>
  Effect.scoped(run(answers)).pipe(Effect.provide(sandboxLayer(answers, answers.concurrency)))

const run = Effect.fnUntraced(function*(answers: ServeRewardAnswers) {
  const screen = yield* Screen
  const sandbox = yield* Sandbox
  const { lengthBonus, maxBody, maxQueue } = answers
  const metrics = makeMetrics()
  let waiting = 0

  const reward = Effect.fnUntraced(function*(tasks: ReadonlyArray<Task>) {
    const outcomes = yield* sandbox.runAll(tasks.map(attemptOf))
    return tasks.flatMap((task, index) => {
      const outcome = outcomes[index]
      if (outcome === undefined) return []
      const result = rewardOf(task, outcome, lengthBonus)
      metrics.countOutcome(result.outcome, result.valid)
      return [result]
    })
  })

  const answerTo = Effect.fnUntraced(function*(request: IncomingMessage) {
    const { pathname } = new URL(request.url ?? "/", "http://localhost")
    const expected = { "/reward": "POST", "/health": "GET", "/metrics": "GET" }[pathname]
    if (expected === undefined) return refusal(404, `there is no ${pathname}; POST /reward, GET /health or /metrics`)
    if (request.method !== expected) return refusal(405, `${pathname} takes ${expected}`, { allow: expected })
    if (pathname === "/health") return { status: 200, body: { status: "ok", waiting } }
    if (pathname === "/metrics") return { status: 200, body: metrics.render({ waiting }) }
    const text = yield* bodyOf(request, maxBody)
    if (text === undefined) {
      return refusal(413, `a request may have ${maxBody / 1024 / 1024} MiB; send fewer at once`, {
        connection: "close"
      })
    }
    const tasks = decodeTasks(text)
    if (Either.isLeft(tasks)) return refusal(400, "the body is no JSON array of {source, target, completion}")
    const size = tasks.right.length
    if (waiting > 0 && waiting + size > maxQueue) {
      return refusal(429, `${waiting} completions wait already; come again`, { "retry-after": "1" })
    }
    waiting += size
    return yield* reward(tasks.right).pipe(
      Effect.map((body): Answer => ({ status: 200, body })),
      Effect.catchTag("SandboxUnavailable", ({ message }) => Effect.succeed(refusal(503, message))),
      Effect.ensuring(Effect.sync(() => {
        waiting -= size
      }))
    )
  })

  const fork = yield* FiberSet.makeRuntime<never>()
  const server = createServer({ keepAliveTimeout: 5000, requestTimeout: 60_000 }, (request, response) => {
    fork(Effect.flatMap(answerTo(request), ({ body, headers, status }: Answer) =>
      Effect.sync(() => {
        metrics.countAnswer(status)
        send(response, status, body, headers)
      })))
  })
  yield* Effect.acquireRelease(listen(server, answers), () => close(server))
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : answers.port
  const host = answers.host.includes(":") ? `[${answers.host}]` : answers.host
  yield* screen.note(`Listening on http://${host}:${port}\n`)
  return yield* Effect.never
})

const send = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {}
) => {
  const isText = typeof body === "string"
  const bytes = Buffer.from(isText ? body : JSON.stringify(body))
  response.writeHead(status, {
    "content-type": isText ? "text/plain; version=0.0.4" : "application/json",
    "content-length": bytes.length,
    ...headers
  })
  response.end(bytes)
}

/** The body as text; undefined for one that is larger than it may be, which is not read to its end. */
const bodyOf = (request: IncomingMessage, most: number) =>
  Effect.async<string | undefined>((resume) => {
    const pieces: Array<Buffer> = []
    let size = 0
    request.on("data", (piece: Buffer) => {
      size += piece.length
      if (size <= most) pieces.push(piece)
      else {
        request.pause()
        resume(Effect.succeed(undefined))
      }
    })
    request.on("end", () => resume(Effect.succeed(Buffer.concat(pieces).toString("utf8"))))
    request.on("error", () => resume(Effect.interrupt))
    request.on("close", () => resume(Effect.interrupt))
  })

const listen = (server: Server, { host, port }: ServeRewardAnswers) =>
  Effect.async<void, CannotListen>((resume) => {
    server.once("error", (cause) => resume(new CannotListen({ host, port, detail: cause.message })))
    server.listen(port, host, () => resume(Effect.void))
  })

/** How long requests that are being answered are waited for. */
const graceMillis = 5000

const close = (server: Server) =>
  Effect.async<void>((resume) => {
    const timer = setTimeout(() => server.closeAllConnections(), graceMillis)
    server.close(() => {
      clearTimeout(timer)
      resume(Effect.void)
    })
    server.closeIdleConnections()
  })
