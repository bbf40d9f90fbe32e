import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { afterAll, assert, describe, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import { versionedAddress } from "../../../layers/model-server/addresses.ts"
import type { ChatServerOptions } from "../../../layers/predictor/chat/server.ts"
import { layer } from "../../../layers/predictor/ChatPredictor.ts"
import { printKeys } from "../../../services/keys/keystrokes.ts"
import { type Prediction, Predictor, type PredictorRequest } from "../../../services/Predictor.ts"
import { type ChatServer, type Manners, refuse, say, startChatServer } from "../../support/chat-server.ts"

const servers: Array<ChatServer> = []
afterAll(() => Promise.all(servers.map(({ close }) => close())))

const start = (manners: Manners) =>
  Effect.promise(async () => {
    const server = await startChatServer(manners)
    servers.push(server)
    return server
  })

const optionsFor = (endpoint: string, rest: Partial<ChatServerOptions> = {}): ChatServerOptions => ({
  endpoint,
  model: "test",
  temperature: 0.8,
  maxTokens: 100,
  concurrency: 4,
  timeoutMillis: 5000,
  isStreamed: false,
  apiKey: null,
  retries: 3,
  pauseMillis: 5,
  ...rest
})

const request = (rest: Partial<PredictorRequest> = {}): PredictorRequest => ({
  edit: { source: "one\n", target: "two\n", language: "go" },
  examples: [],
  count: 3,
  ...rest
})

const use = <A, E>(
  endpoint: string,
  rest: Partial<ChatServerOptions>,
  work: (predictor: Predictor["Type"]) => Effect.Effect<A, E>
) =>
  Effect.flatMap(Predictor, work).pipe(
    Effect.provide(Layer.provide(layer(optionsFor(endpoint, rest)), NodeHttpClient.layer))
  )

const ask = (endpoint: string, rest: Partial<ChatServerOptions> = {}, asked: Partial<PredictorRequest> = {}) =>
  use(endpoint, rest, ({ predict }) => predict(request(asked)))

/** A moment of real time. */
const moment = Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 2)))

const keysOf = ({ candidates }: Prediction) => candidates.map(({ keys }) => printKeys(keys))
const numbered = (_: unknown, number: number, choice: number) => `\`\`\`vim\nS${number}${choice}<Esc>\n\`\`\``

describe("ChatPredictor", () => {
  it.each([
    ["http://host:1", "http://host:1/v1/chat/completions"],
    ["http://host:1/", "http://host:1/v1/chat/completions"],
    ["http://host/v1/", "http://host/v1/chat/completions"],
    ["https://host/api/v1beta", "https://host/api/v1beta/chat/completions"],
    ["http://host/v1/chat/completions", "http://host/v1/chat/completions"],
    ["http://host/openai", "http://host/openai/v1/chat/completions"]
  ])(
    "finds the completions of %s",
    (endpoint, url) => assert.strictEqual(versionedAddress(endpoint, "/chat/completions"), url)
  )

  for (const isStreamed of [false, true]) {
    const how = isStreamed ? "streamed" : "whole"

    it.live(`takes several answers of one request, ${how}, and counts its tokens`, () =>
      Effect.gen(function*() {
        const server = yield* start({ answer: numbered })
        const apiKey = Redacted.make("secret")
        const prediction = yield* ask(server.endpoint, { isStreamed, apiKey })
        assert.deepStrictEqual(keysOf(prediction), ["S00<Esc>", "S01<Esc>", "S02<Esc>"])
        assert.deepStrictEqual(prediction.usage, { requests: 1, promptTokens: 11, completionTokens: 7 })
        assert.deepStrictEqual(prediction.refused, {})
        const [asked] = server.asked
        assert.strictEqual(asked?.path, "/v1/chat/completions")
        assert.strictEqual(asked?.authorization, "Bearer secret")
        assert.strictEqual(asked?.body.n, 3)
        assert.strictEqual(asked?.body.model, "test")
        assert.strictEqual(asked?.body.max_tokens, 100)
        assert.strictEqual(asked?.body.messages.at(-1)?.content.includes("```go\none\n```"), true)
      }))

    it.live(`asks a server that ignores n one by one, ${how}, and knows it the next time`, () =>
      Effect.gen(function*() {
        const server = yield* start({ answer: numbered, count: "ignored" })
        yield* use(server.endpoint, { isStreamed }, ({ predict }) =>
          Effect.gen(function*() {
            const first = yield* predict(request())
            assert.sameMembers(keysOf(first), ["S00<Esc>", "S10<Esc>", "S20<Esc>"])
            assert.strictEqual(first.usage.requests, 3)
            yield* predict(request())
            assert.deepStrictEqual(server.asked.map(({ body }) => body.n), [
              3,
              undefined,
              undefined,
              undefined,
              undefined,
              undefined
            ])
          }))
      }))
  }

  it.live("asks a server that refuses n one by one", () =>
    Effect.gen(function*() {
      const server = yield* start({ answer: numbered, count: "refused" })
      const prediction = yield* ask(server.endpoint)
      assert.strictEqual(prediction.candidates.length, 3)
      assert.strictEqual(prediction.usage.requests, 4)
    }))

  it.live("takes a whole answer from a server that does not stream", () =>
    Effect.gen(function*() {
      const server = yield* start({ answer: numbered, streams: false })
      assert.strictEqual((yield* ask(server.endpoint, { isStreamed: true })).candidates.length, 3)
    }))

  it.live("does not ask again without chance in the answers", () =>
    Effect.gen(function*() {
      const server = yield* start({ answer: numbered, count: "ignored" })
      assert.strictEqual((yield* ask(server.endpoint, { temperature: 0 })).candidates.length, 1)
      assert.strictEqual(server.asked.length, 1)
    }))

  it.live("shows the examples with their answers before the question", () =>
    Effect.gen(function*() {
      const server = yield* start({ answer: numbered })
      yield* ask(server.endpoint, {}, { examples: [{ source: "a\n", target: "b\n", keys: ["r", "b"] }] })
      const messages = server.asked[0]?.body.messages ?? []
      assert.deepStrictEqual(messages.map(({ role }) => role), ["system", "user", "assistant", "user"])
      assert.strictEqual(messages[2]?.content, "```vim\nrb\n```")
    }))

  it.live("estimates tokens where the server counts none", () =>
    Effect.gen(function*() {
      const server = yield* start({ answer: () => "```\ndd\n```", hasUsage: false })
      const { usage } = yield* ask(server.endpoint, {}, { count: 1 })
      const length = (server.asked[0]?.body.messages ?? []).reduce((sum, { content }) => sum + content.length, 0)
      assert.deepStrictEqual(usage, { requests: 1, promptTokens: Math.ceil(length / 4), completionTokens: 3 })
    }))

  it.live("reads each answer in the notation it is written in, and counts those without keys", () =>
    Effect.gen(function*() {
      const texts = [
        "<think>dd would do ```\nno\n```</think>\nI change the word.\n```\ncwtwo<Esc>\n```",
        "ccx\\033",
        "```vim\nS\"\\n\"<Esc>\n```",
        "ccx<Esc>",
        "",
        "```\n\n```",
        "I cannot help.",
        "[THINK]maybe dd"
      ]
      const server = yield* start({ answer: (_, __, choice) => texts[choice] ?? "" })
      const prediction = yield* ask(server.endpoint, {}, { count: texts.length })
      assert.deepStrictEqual(prediction.candidates.map(({ keys, transform }) => [printKeys(keys), transform]), [
        ["cwtwo<Esc>", "cwtwo<Esc>"],
        ["ccx<Esc>", "ccx\\033"],
        ["S\"\\n\"<Esc>", "S\"\\n\"<Esc>"]
      ])
      assert.deepStrictEqual(prediction.refused, {
        "same keys as another answer": 1,
        "empty answer": 2,
        prose: 1,
        "unfinished thoughts": 1
      })
    }))

  it.live("counts answers that the limit of tokens cut off", () =>
    Effect.gen(function*() {
      const server = yield* start({ answer: () => "```\nA never en", finishReason: "length" })
      const prediction = yield* ask(server.endpoint)
      assert.deepStrictEqual(keysOf(prediction), [])
      assert.deepStrictEqual(prediction.refused, { "cut off by --max-tokens": 3 })
    }))

  const oddities: ReadonlyArray<readonly [string, unknown]> = [
    ["no JSON", "<html>Welcome</html>"],
    ["half of it", "{\"choices\": [{\"mess"],
    ["an array", []],
    ["no choices", { object: "chat.completion", choices: [] }],
    ["choices that are none", { choices: [null] }],
    ["no content", { choices: [{ message: { role: "assistant", content: null, tool_calls: [] } }] }],
    ["content of another kind", { choices: [{ message: { content: 12 } }] }]
  ]
  it.live.each(oddities)("counts an answer that is %s, and asks no more for it", ([, body]) =>
    Effect.gen(function*() {
      const server = yield* start({ answer: numbered, instead: (response) => say(response, body) })
      const prediction = yield* ask(server.endpoint)
      assert.deepStrictEqual(prediction.candidates, [])
      assert.deepStrictEqual(prediction.refused, { "malformed answer": 1 })
      assert.strictEqual(server.asked.length, 1)
    }))

  it.live("keeps the choices that can be read", () =>
    Effect.gen(function*() {
      const server = yield* start({
        answer: numbered,
        instead: (response) =>
          say(response, { choices: [{ message: { content: "x" } }, { text: "y" }, { message: { content: "dd" } }] })
      })
      const prediction = yield* ask(server.endpoint, { temperature: 0 })
      assert.deepStrictEqual(keysOf(prediction), ["x", "dd"])
      assert.deepStrictEqual(prediction.refused, { "malformed answer": 1 })
    }))

  it.live("counts a streamed answer with a piece that cannot be read", () =>
    Effect.gen(function*() {
      const server = yield* start({
        answer: numbered,
        instead: (response) => {
          response.writeHead(200, { "content-type": "text/event-stream" })
          response.end(
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"d\"}}]}\n\ndata: {oops\n\ndata: [DONE]\n\n"
          )
          return true
        }
      })
      const prediction = yield* ask(server.endpoint, { isStreamed: true })
      assert.deepStrictEqual(prediction.candidates, [])
      assert.deepStrictEqual(prediction.refused, { "malformed answer": 1 })
    }))

  for (const status of [408, 429, 500, 502, 503, 504]) {
    it.live(`repeats a request that is answered with ${status}`, () =>
      Effect.gen(function*() {
        const server = yield* start({
          answer: numbered,
          instead: (response, number) => number < 2 && refuse(response, status, "come again")
        })
        const prediction = yield* ask(server.endpoint)
        assert.strictEqual(prediction.candidates.length, 3)
        assert.strictEqual(prediction.usage.requests, 3)
      }))
  }

  it.effect("waits as long as Retry-After says, in seconds or to a date", () =>
    Effect.gen(function*() {
      for (const header of ["1", "date"]) {
        const server = yield* start({
          answer: numbered,
          instead: (response, number) => {
            const now = Math.floor(Date.now() / 1000) * 1000
            const headers = header === "1"
              ? { "retry-after": "1" }
              : { date: new Date(now).toUTCString(), "retry-after": new Date(now + 1000).toUTCString() }
            return number === 0 && refuse(response, 429, "slow down", headers)
          }
        })
        const asking = yield* Effect.fork(ask(server.endpoint))
        const asked = yield* Clock.currentTimeMillis
        // The answer is real and takes its time; the clock stands still until the pause has begun.
        const hasBegun = Effect.map(TestClock.sleeps(), Chunk.some((end) => end === asked + 1000))
        yield* Effect.repeat(Effect.zipRight(moment, hasBegun), { until: (begun) => begun })
        yield* TestClock.adjust("999 millis")
        yield* moment
        assert.strictEqual(server.asked.length, 1)
        yield* TestClock.adjust("1 millis")
        yield* Fiber.join(asking)
        assert.strictEqual(server.asked.length, 2)
      }
    }))

  it.live("gives up on a server that wants to be left alone for an hour, or that never answers right", () =>
    Effect.gen(function*() {
      const busy = yield* start({
        answer: numbered,
        instead: (response) => refuse(response, 429, "quota", { "retry-after": "3600" })
      })
      const gone = yield* Effect.flip(ask(busy.endpoint))
      assert.strictEqual(gone._tag, "PredictorUnavailable")
      assert.include(gone.message, "left alone for 3600 s")
      assert.strictEqual(busy.asked.length, 1)
      const broken = yield* start({ answer: numbered, instead: (response) => refuse(response, 500, "out of\nmemory") })
      const failed = yield* Effect.flip(ask(broken.endpoint))
      assert.strictEqual(
        failed.message,
        `Cannot reach the model server at "${broken.endpoint}": it answers 500: out of memory, 4 times`
      )
      assert.strictEqual(broken.asked.length, 4)
    }))

  it.live("repeats a request that is not answered in time, whole or streamed, or whose connection breaks", () =>
    Effect.gen(function*() {
      const slow = yield* start({ answer: numbered, instead: (_, number) => number === 0 })
      assert.strictEqual((yield* ask(slow.endpoint, { timeoutMillis: 300 })).usage.requests, 2)
      const stalled = yield* start({
        answer: numbered,
        instead: (response, number) => {
          if (number > 0) return false
          response.writeHead(200, { "content-type": "text/event-stream" })
          response.write("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"d\"}}]}\n\n")
          return true
        }
      })
      assert.strictEqual((yield* ask(stalled.endpoint, { timeoutMillis: 300, isStreamed: true })).usage.requests, 2)
      for (const isStreamed of [false, true]) {
        const broken = yield* start({
          answer: numbered,
          instead: (response, number) => {
            if (number > 0) return false
            if (isStreamed) {
              response.writeHead(200, { "content-type": "text/event-stream" })
              response.write(
                "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"d\"}}]}\n\n",
                () => response.socket?.destroy()
              )
            } else response.socket?.destroy()
            return true
          }
        })
        const prediction = yield* ask(broken.endpoint, { isStreamed })
        assert.strictEqual(prediction.usage.requests, 2)
        assert.strictEqual(prediction.candidates.length, 3)
      }
    }))

  for (
    const [status, message] of [[401, "Incorrect API key provided: sk-secret"], [403, "no"], [
      404,
      "no such model"
    ]] as const
  ) {
    it.live(`does not repeat what is answered with ${status}, and tells no key`, () =>
      Effect.gen(function*() {
        const server = yield* start({ answer: numbered, instead: (response) => refuse(response, status, message) })
        const refusal = yield* Effect.flip(ask(server.endpoint, { apiKey: Redacted.make("sk-secret") }))
        assert.strictEqual(refusal._tag, "PredictorRefused")
        assert.notInclude(refusal.message, "sk-secret")
        assert.include(refusal.message, `it answers ${status}: ${message.replace("sk-secret", "…")}`)
        assert.strictEqual(server.asked.length, 1)
      }))
  }

  it.live("goes on where a server refuses one question only, and stops where it refuses all", () =>
    Effect.gen(function*() {
      const picky = yield* start({
        answer: numbered,
        instead: (response, _, { messages }) =>
          messages.at(-1)?.content.includes("long") === true && refuse(response, 400, "maximum context length")
      })
      yield* use(picky.endpoint, {}, ({ predict }) =>
        Effect.gen(function*() {
          yield* predict(request())
          const refused = yield* predict(request({ edit: { source: "long", target: "x" } }))
          assert.deepStrictEqual(refused.refused, { "request refused": 1 })
          assert.strictEqual((yield* predict(request())).candidates.length, 3)
        }))
      const stubborn = yield* start({ answer: numbered, instead: (response) => refuse(response, 422, "no") })
      const failure = yield* Effect.flip(
        use(
          stubborn.endpoint,
          {},
          ({ predict }) => Effect.forEach(Array.from({ length: 20 }), () => predict(request()))
        )
      )
      assert.strictEqual(failure._tag, "PredictorRefused")
      assert.strictEqual(stubborn.asked.length, 8)
    }))

  it.live("says at once that nothing listens", () =>
    Effect.gen(function*() {
      const server = yield* start({ answer: numbered })
      yield* Effect.promise(() => server.close())
      const failure = yield* Effect.flip(ask(server.endpoint, { pauseMillis: 10_000 }))
      assert.strictEqual(failure._tag, "PredictorUnavailable")
      assert.include(failure.message, "nothing listens there")
    }))

  it.live("has no more requests under way than it may", () =>
    Effect.gen(function*() {
      let open = 0
      let most = 0
      const server = yield* start({
        answer: numbered,
        instead: (response, number) => {
          open++
          most = Math.max(most, open)
          setTimeout(() => {
            open--
            say(response, { choices: [{ message: { content: `S${number}<Esc>` } }] })
          }, 20)
          return true
        }
      })
      yield* use(server.endpoint, { concurrency: 4 }, ({ predict }) =>
        Effect.forEach(Array.from({ length: 12 }), () =>
          predict(request({ count: 2 })), { concurrency: "unbounded" }))
      assert.strictEqual(most, 4)
      assert.isAtLeast(server.asked.length, 24)
    }))
})
