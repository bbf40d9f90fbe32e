/** What the command does: an HTTP server before the sandbox, with a bound on what waits. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { Sandbox, type SandboxUnavailable } from "../../services/Sandbox.ts"
import type { AnswersTo } from "../shared/asked/asked.ts"
import { httpAnswer, jsonAnswer, refusal } from "../shared/http/answer.ts"
import { bodyText } from "../shared/http/body.ts"
import { serveHttp, type Visit } from "../shared/http/serve.ts"
import { sandboxLayer } from "../shared/sandbox.ts"
import type { asked } from "./asked.ts"
import { makeMetrics } from "./metrics.ts"
import { attemptOf, refusedReward, rewardOf, type Task } from "./reward.ts"

type ServeRewardAnswers = AnswersTo<typeof asked>

const Tasks = Schema.parseJson(
  Schema.Array(Schema.Struct({ source: Schema.String, target: Schema.String, completion: Schema.String }))
)
const decodeTasks = Schema.decodeUnknownEither(Tasks)

/** What is asked where. */
const methods = new Map([["/reward", "POST"], ["/health", "GET"], ["/metrics", "GET"]])

/** JSON by its name, and what curl and Python's urllib call what they send when nobody tells them what it is. */
const bodyTypes = ["application/json", "application/x-www-form-urlencoded"]

/** How long completions that are being tried are waited for at the end. */
const graceMillis = 5000

/** Listens until it is interrupted; requests that are being answered then get their answers. */
export const serveReward = (answers: ServeRewardAnswers) =>
  serveRewardsOf(answers).pipe(Effect.provide(sandboxLayer(answers, answers.concurrency, "others")))

/** The same over any sandbox. */
export const serveRewardsOf = Effect.fnUntraced(function*(answers: ServeRewardAnswers) {
  const sandbox = yield* Sandbox
  const { allowHost, host, lengthBonus, maxBody, maxQueue, port } = answers
  const metrics = makeMetrics()
  /** Fails when no verdict of the sandbox can be believed any more: then there is nothing left to serve. */
  const distrusted = yield* Deferred.make<never, SandboxUnavailable>()
  let waiting = 0

  const reward = Effect.fnUntraced(function*(tasks: ReadonlyArray<Task>) {
    const attempts = tasks.map(attemptOf)
    const outcomes = yield* sandbox.runAll(attempts.flatMap((attempt) => Either.isRight(attempt) ? attempt.right : []))
    let next = 0
    return tasks.flatMap((task, index) => {
      const attempt = attempts[index]
      if (attempt === undefined) return []
      if (Either.isLeft(attempt)) {
        metrics.countRefusal(attempt.left)
        return [refusedReward(attempt.left)]
      }
      const outcome = outcomes[next++]
      if (outcome === undefined) return []
      const result = rewardOf(task, outcome, lengthBonus)
      metrics.countOutcome(result.outcome, result.valid)
      return [result]
    })
  })

  const answerTo = Effect.fnUntraced(function*({ body, method, path }: Visit) {
    const wanted = methods.get(path)
    if (wanted === undefined) return refusal(404, `there is no ${path}; POST /reward, GET /health or /metrics`)
    if (method !== wanted) return refusal(405, `${path} takes ${wanted}`, { allow: wanted })
    if (path === "/health") return jsonAnswer({ status: "ok", waiting })
    if (path === "/metrics") return httpAnswer(metrics.render({ waiting }), "text/plain; version=0.0.4")
    const tasks = decodeTasks(bodyText(yield* body({ most: maxBody, types: bodyTypes })))
    if (Either.isLeft(tasks)) return refusal(400, "the body is no JSON array of {source, target, completion}")
    const size = tasks.right.length
    if (waiting > 0 && waiting + size > maxQueue) {
      return refusal(429, `${waiting} completions wait already; come again`, { "retry-after": "1" })
    }
    waiting += size
    return yield* reward(tasks.right).pipe(
      Effect.map((rewards) => jsonAnswer(rewards)),
      Effect.ensuring(Effect.sync(() => {
        waiting -= size
      }))
    )
  })

  const options = {
    host,
    port,
    flags: { host: "--host", port: "--port" },
    allowedHosts: allowHost,
    hasPage: false,
    graceMillis,
    ready: (url: string) => `Listening on ${url}\n`,
    onAnswer: metrics.countAnswer
  }
  return yield* serveHttp(
    options,
    (visit) =>
      Effect.catchTag(answerTo(visit), "SandboxUnavailable", (problem) =>
        Effect.as(
          problem.part === "canary" ? Deferred.fail(distrusted, problem) : Effect.void,
          refusal(503, problem.message)
        )),
    Deferred.await(distrusted)
  )
})
