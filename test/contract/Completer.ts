/** What every Completer layer over HTTP must do, whatever its server takes for granted or gets wrong. */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { afterAll, assert, describe, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import { completerFor } from "../../layers/completer/completer-for.ts"
import type { HttpCompleterOptions } from "../../layers/completer/HttpCompleter.ts"
import * as FileReader from "../../layers/reader/FileReader.ts"
import { type AskedText, Completer, type CompleterProtocol, type ModelQuestion } from "../../services/Completer.ts"
import type { FakeModel } from "../support/model-protocols.ts"
import { logProbabilityOf } from "../support/model-protocols.ts"
import { type FakeProtocol, type Mishap, type ModelServerFake, startModelServer } from "../support/model-server.ts"

export interface CompleterUnderTest {
  readonly server: (model: FakeModel) => FakeProtocol
  /** A question that it takes, and the prompt that the model is to see of it. */
  readonly ask: (text: string) => readonly [asked: AskedText, seen: string]
  /** Questions that it takes none of. */
  readonly refused: ReadonlyArray<AskedText>
  readonly identity: { readonly model: string; readonly server: string }
  readonly hasLikelihood: boolean
}

/** Options that hurry. */
export const hurried: Omit<HttpCompleterOptions, "endpoint"> = {
  model: "",
  isStreamed: true,
  concurrency: 4,
  timeoutMillis: 20_000,
  apiKey: null,
  retries: 2,
  pauseMillis: 1
}

export const questionOf = (asked: AskedText, rest: Partial<ModelQuestion> = {}): ModelQuestion => ({
  asked,
  maxTokens: 100,
  stops: [],
  temperature: 0,
  seed: 1,
  ...rest
})

const readers = Layer.provideMerge(FileReader.layer({ cache: null }), NodeHttpClient.layer)

/** A moment of real time. */
const moment = Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 2)))

export const completerContract = (protocol: CompleterProtocol, under: CompleterUnderTest) => {
  const servers: Array<ModelServerFake> = []
  afterAll(() => Promise.all(servers.map(({ close }) => close())))

  const prompts: Array<string> = []
  const start = (says: string, mishap?: (number: number) => Mishap | undefined) =>
    Effect.promise(async () => {
      const model: FakeModel = {
        window: 300,
        says: (prompt) => {
          prompts.push(prompt)
          return says
        }
      }
      const server = await startModelServer(under.server(model), mishap)
      servers.push(server)
      return server
    })

  const use = <A, E>(
    endpoint: string,
    work: (completer: Completer["Type"]) => Effect.Effect<A, E>,
    options: Partial<HttpCompleterOptions> = {}
  ) =>
    Effect.flatMap(Completer, work).pipe(
      Effect.provide(Layer.provide(completerFor(protocol, { ...hurried, endpoint, ...options }), readers))
    )

  const question = (rest: Partial<ModelQuestion> = {}) => questionOf(under.ask("def f(é):")[0], rest)

  const ask = (endpoint: string, rest: Partial<ModelQuestion> = {}, options: Partial<HttpCompleterOptions> = {}) =>
    use(endpoint, ({ complete }) => complete(question(rest)), options)

  describe(`${protocol} completer`, () => {
    for (const isStreamed of [true, false]) {
      const how = isStreamed ? "streamed" : "whole"

      it.live(`gives what the model says to the very prompt, greedily, ${how}`, () =>
        Effect.gen(function*() {
          const says = "    return é * 2 if é > 漢 else \"✓\"\n"
          const server = yield* start(says)
          prompts.length = 0
          const answer = yield* ask(server.endpoint, {}, { isStreamed })
          const [, seen] = under.ask("def f(é):")
          assert.strictEqual(answer.text, says)
          assert.strictEqual(answer.ended, "stop")
          assert.deepStrictEqual(prompts, [seen])
          assert.strictEqual(answer.answerTokens, [...says].length)
          assert.isAtLeast(answer.millis, 0)
          assert.strictEqual(answer.firstMillis === null, !isStreamed)
        }))

      it.live(`gives as many tokens as it may, and says that it was cut off, ${how}`, () =>
        Effect.gen(function*() {
          const server = yield* start("x".repeat(200))
          const answer = yield* ask(server.endpoint, { maxTokens: 60 }, { isStreamed })
          assert.strictEqual(answer.text, "x".repeat(60))
          assert.strictEqual(answer.ended, "length")
        }))

      it.live(`ends at any of its stops, of which none is in the answer, ${how}`, () =>
        Effect.gen(function*() {
          const stops = ["<a>", "", "<b>", "<c>", "<d>", "<e>", "<f>"]
          for (const stop of ["<a>", "<e>", "<f>"]) {
            const server = yield* start(`kept${stop}lost<f>`)
            const answer = yield* ask(server.endpoint, { stops }, { isStreamed })
            assert.strictEqual(answer.text, "kept")
            assert.strictEqual(answer.ended, "stop")
          }
        }))

      it.live(`asks again where the connection breaks in the middle, ${how}`, () =>
        Effect.gen(function*() {
          const server = yield* start("whole answer", (number) => number === 0 ? { _tag: "cut", frames: 2 } : undefined)
          assert.strictEqual((yield* ask(server.endpoint, {}, { isStreamed })).text, "whole answer")
          assert.strictEqual(server.questions().length, 2)
        }))

      it.live(`asks again where a failure comes under status 200, and says so when it stays, ${how}`, () =>
        Effect.gen(function*() {
          const fault = { _tag: "fault", status: 500, message: "out of\nmemory" } as const
          const once = yield* start("whole answer", (number) => (number === 0 ? fault : undefined))
          assert.strictEqual((yield* ask(once.endpoint, {}, { isStreamed })).text, "whole answer")
          const always = yield* start("whole answer", () => fault)
          const failure = yield* Effect.flip(ask(always.endpoint, {}, { isStreamed }))
          assert.strictEqual(failure._tag, "CompleterUnavailable")
          assert.include(failure.message, "it fails after status 200: out of memory, 3 times")
          assert.strictEqual(always.questions().length, 3)
        }))

      it.live(`takes an answer of something else for none, and asks no more for it, ${how}`, () =>
        Effect.gen(function*() {
          const others: ReadonlyArray<readonly [string, string]> = [
            ["text/html", "<html>Welcome</html>"],
            ["application/json", "[]"],
            ["application/json", "{\"choices\":[{}]}"]
          ]
          for (const [type, text] of others) {
            const server = yield* start("x", () => ({ _tag: "other", type, text }))
            const failure = yield* Effect.flip(ask(server.endpoint, {}, { isStreamed }))
            assert.strictEqual(failure._tag, "CompleterRefused")
            assert.include(failure.message, "something else")
            assert.strictEqual(server.questions().length, 1)
          }
        }))

      it.live(`closes the connection when it is interrupted, ${how}`, () =>
        Effect.gen(function*() {
          for (const frames of [0, 2]) {
            const server = yield* start("a long answer", () => ({ _tag: "silence", frames }))
            const asking = yield* Effect.fork(ask(server.endpoint, {}, { isStreamed }))
            yield* Effect.promise(() => server.begun)
            yield* Fiber.interrupt(asking)
            yield* Effect.promise(() => server.abandoned)
            assert.strictEqual(server.questions().length, 1)
          }
        }))
    }

    it.live("says how often it asked where that was more than once", () =>
      Effect.gen(function*() {
        for (const [retries, told] of [[0, /: busy$/], [1, /: busy, 2 times$/]] as const) {
          const server = yield* start("x", () => ({ _tag: "refusal", status: 503, text: "busy" }))
          const failure = yield* Effect.flip(ask(server.endpoint, {}, { retries }))
          assert.match(failure.message, told)
        }
      }))

    it.live("loses nothing of a prompt: one that does not fit is refused", () =>
      Effect.gen(function*() {
        for (const isStreamed of [true, false]) {
          const server = yield* start("x")
          const [asked] = under.ask("y".repeat(290))
          const failure = yield* Effect.flip(
            use(server.endpoint, ({ complete }) => complete(questionOf(asked)), { isStreamed })
          )
          assert.strictEqual(failure._tag, "CompleterRefused")
          assert.strictEqual(server.questions().length, 1)
        }
      }))

    it.live("tells in a failure under status 200 whether the question is refused", () =>
      Effect.gen(function*() {
        // Ollama's failures have no status of their own.
        if (protocol === "ollama") return
        const server = yield* start("x", () => ({ _tag: "fault", status: 400, message: "too long" }))
        const failure = yield* Effect.flip(ask(server.endpoint))
        assert.strictEqual(failure._tag, "CompleterRefused")
        assert.strictEqual(server.questions().length, 1)
      }))

    for (const status of [408, 429, 500, 503]) {
      it.live(`asks again after ${status}`, () =>
        Effect.gen(function*() {
          const refused = { _tag: "refusal", status, text: "busy" } as const
          const server = yield* start("here", (number) => number === 0 ? refused : undefined)
          assert.strictEqual((yield* ask(server.endpoint)).text, "here")
          assert.strictEqual(server.questions().length, 2)
        }))
    }

    it.effect("leaves a busy server alone for as long as it asks", () =>
      Effect.gen(function*() {
        const busy = { _tag: "refusal", status: 429, text: "busy", headers: { "retry-after": "7" } } as const
        const server = yield* start("here", (number) => number === 0 ? busy : undefined)
        const asked = yield* Clock.currentTimeMillis
        const asking = yield* Effect.fork(ask(server.endpoint, {}, { model: "tiny" }))
        const hasBegun = Effect.map(TestClock.sleeps(), Chunk.some((end) => end === asked + 7000))
        yield* Effect.repeat(Effect.zipRight(moment, hasBegun), { until: (begun) => begun })
        yield* TestClock.adjust("6999 millis")
        assert.strictEqual(server.questions().length, 1)
        yield* TestClock.adjust("1 millis")
        assert.strictEqual((yield* Fiber.join(asking)).text, "here")
        assert.strictEqual(server.questions().length, 2)
      }))

    it.live("sends its key, and shows it to nobody", () =>
      Effect.gen(function*() {
        const apiKey = Redacted.make("sk-secret")
        const said = { error: { message: "Incorrect API key: sk-secret" } }
        for (const status of [401, 500]) {
          const server = yield* start("x", () => ({ _tag: "refusal", status, text: JSON.stringify(said) }))
          const failure = yield* Effect.flip(ask(server.endpoint, {}, { apiKey }))
          assert.strictEqual(server.questions()[0]?.authorization, "Bearer sk-secret")
          assert.notInclude(JSON.stringify([failure.message, failure, String(failure)]), "sk-secret")
          assert.include(failure.message, "Incorrect API key: …")
        }
        const fault = { _tag: "fault", status: 400, message: "sk-secret is wrong" } as const
        const server = yield* start("x", () => fault)
        assert.notInclude((yield* Effect.flip(ask(server.endpoint, {}, { apiKey }))).message, "sk-secret")
        const place = server.endpoint.replace("//", "//user:pass-word@")
        yield* Effect.promise(() => server.close())
        const gone = yield* Effect.flip(ask(place, {}, { model: "tiny" }))
        assert.strictEqual(gone._tag, "CompleterUnavailable")
        assert.notInclude(gone.message, "pass-word")
      }))

    it.live("refuses what its protocol cannot ask, and sends nothing", () =>
      Effect.gen(function*() {
        const server = yield* start("x")
        for (const asked of under.refused) {
          const failure = yield* Effect.flip(
            use(server.endpoint, ({ complete }) => complete(questionOf(asked)), { model: "tiny" })
          )
          assert.strictEqual(failure._tag, "CompleterRefused")
          assert.deepStrictEqual(server.questions(), [])
        }
      }))

    it.live("says what the server runs, and asks it once", () =>
      Effect.gen(function*() {
        const server = yield* start("x")
        yield* use(server.endpoint, ({ complete, identity }) =>
          Effect.gen(function*() {
            const told = yield* Effect.all([identity, identity, identity], { concurrency: "unbounded" })
            yield* complete(question())
            for (const each of told) assert.deepStrictEqual(each, { protocol, ...under.identity })
            const paths = server.requests.filter(({ method }) => method === "GET").map(({ path }) => path)
            assert.strictEqual(new Set(paths).size, paths.length)
          }))
      }))

    it.live(`${under.hasLikelihood ? "says" : "does not say"} how likely a text is behind a prompt`, () =>
      Effect.gen(function*() {
        const server = yield* start("x")
        yield* use(server.endpoint, ({ likelihood }) =>
          Effect.gen(function*() {
            if (likelihood === null) {
              assert.isFalse(under.hasLikelihood)
              return
            }
            for (const [prompt, text] of [["def f", "(é):\n"], ["<s>def", " g"], ["a", ""]] as const) {
              const told = yield* likelihood(prompt, text)
              const sum = [...text].reduce((total, token) => total + logProbabilityOf(token), 0)
              assert.closeTo(told.logProbability, sum, 1e-9)
              assert.strictEqual(told.tokens, [...text].length)
            }
          }))
      }))
  })
}
