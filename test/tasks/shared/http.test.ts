import { hostname } from "node:os"
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import { jsonAnswer } from "../../../tasks/shared/http/answer.ts"
import { bodyText } from "../../../tasks/shared/http/body.ts"
import { ownHosts, reasonAgainst } from "../../../tasks/shared/http/callers.ts"
import { type Answerer, type HttpServerOptions, serveHttp } from "../../../tasks/shared/http/serve.ts"
import { Screen } from "../../../tasks/shared/terminal.ts"

const asked = {
  host: "127.0.0.1",
  port: 0,
  flags: { host: "--host", port: "--port" },
  hasPage: false,
  graceMillis: 2000,
  ready: (url: string) => url
}

/** Starts a server; gives its address once it says that it is ready, and its fibre. */
const started = <R>(answer: Answerer<R>, options: Partial<HttpServerOptions> = {}) =>
  Effect.gen(function*() {
    const ready = yield* Deferred.make<string, Error>()
    const screen = Screen.of({
      note: (text) => Effect.asVoid(Deferred.succeed(ready, text)),
      redraw: () => Effect.void,
      print: () => Effect.void,
      isInteractive: false,
      printsToTerminal: false,
      hasColour: false,
      columns: 80
    })
    const fiber = yield* serveHttp({ ...asked, ...options }, answer).pipe(
      Effect.provideService(Screen, screen),
      Effect.tapError((failure) => Deferred.fail(ready, failure)),
      Effect.forkScoped
    )
    return { url: yield* Deferred.await(ready), fiber }
  })

const statusOf = (url: string, body?: string) =>
  Effect.promise(async () => {
    const response = await fetch(url, body === undefined ? {} : { method: "POST", body })
    return { status: response.status, text: await response.text() }
  })

describe("an HTTP server", () => {
  it.scopedLive("says where it listens, and answers as it is told", () =>
    Effect.gen(function*() {
      const { url } = yield* started(({ method, path, query }) => Effect.succeed(jsonAnswer([method, path, query])))
      assert.match(url, /^http:\/\/127\.0\.0\.1:[1-9]\d*$/)
      assert.deepStrictEqual(yield* statusOf(`${url}/a?b=c`), {
        status: 200,
        text: JSON.stringify(["GET", "/a", "?b=c"])
      })
    }))

  it.scopedLive("says which flag to change when it cannot listen at its address", () =>
    Effect.gen(function*() {
      const { url } = yield* started(() => Effect.succeed(jsonAnswer(1)))
      const port = Number(new URL(url).port)
      const messageOf = (options: Partial<HttpServerOptions>) =>
        Effect.map(Effect.flip(started(() => Effect.succeed(jsonAnswer(1)), options)), ({ message }) => message)
      assert.strictEqual(
        yield* messageOf({ port }),
        `Cannot listen on 127.0.0.1:${port}: the address is in use already; pass another --port`
      )
      assert.strictEqual(
        yield* messageOf({ port, flags: { port: "--listen" } }),
        `Cannot listen on 127.0.0.1:${port}: the address is in use already; pass another --listen`
      )
      // An address for documentation (RFC 5737), which no machine has.
      assert.strictEqual(
        yield* messageOf({ host: "192.0.2.1" }),
        "Cannot listen on 192.0.2.1:0: this machine has no such address; pass another --host"
      )
    }))

  it.scopedLive("reads bodies up to a size", () =>
    Effect.gen(function*() {
      const { url } = yield* started(({ body }) =>
        Effect.map(body({ most: 10 }), (bytes) => jsonAnswer(bodyText(bytes)))
      )
      assert.strictEqual((yield* statusOf(url, "żółwżół")).status, 413)
      assert.deepStrictEqual(yield* statusOf(url, "żółwż"), { status: 200, text: "\"żółwż\"" })
      assert.strictEqual((yield* statusOf(url, "x".repeat(100_000))).status, 413)
    }))

  it.scopedLive("answers a bug with a line, tells it whole in the log, and goes on", () => {
    const logged: Array<string> = []
    const log = Logger.replace(Logger.defaultLogger, Logger.map(Logger.logfmtLogger, (line) => void logged.push(line)))
    return Effect.gen(function*() {
      const { url } = yield* started(({ path }) =>
        path === "/bug" ? Effect.die(new Error("what went wrong")) : Effect.succeed(jsonAnswer(1))
      )
      assert.deepStrictEqual(yield* statusOf(`${url}/bug`), {
        status: 500,
        text: "{\"error\":\"internal error; see standard error\"}"
      })
      assert.strictEqual((yield* statusOf(`${url}/`)).status, 200)
      assert.include(logged.join("\n"), "what went wrong")
    }).pipe(Effect.provide(log))
  })

  it.scopedLive("ends with what it began, and takes nothing new", () =>
    Effect.gen(function*() {
      const begun = yield* Deferred.make<void>()
      const go = yield* Deferred.make<void>()
      const { fiber, url } = yield* started(() =>
        Effect.zipRight(Deferred.succeed(begun, undefined), Effect.as(Deferred.await(go), jsonAnswer("done")))
      )
      const answer = yield* Effect.fork(statusOf(url))
      yield* Deferred.await(begun)
      const end = yield* Effect.fork(Fiber.interrupt(fiber))
      yield* Effect.sleep("50 millis")
      assert.isTrue(yield* Effect.promise(() => fetch(url).then(() => false, () => true)))
      yield* Deferred.succeed(go, undefined)
      assert.deepStrictEqual(yield* Fiber.join(answer), { status: 200, text: "\"done\"" })
      yield* Fiber.join(end)
    }))

  it.scopedLive("waits for an answer that never comes only as long as it is told", () =>
    Effect.gen(function*() {
      const begun = yield* Deferred.make<void>()
      const answer = () => Effect.zipRight(Deferred.succeed(begun, undefined), Effect.never)
      const { fiber, url } = yield* started(answer, { graceMillis: 20 })
      const asking = yield* Effect.fork(Effect.promise(() => fetch(url).then(() => "answered", () => "cut off")))
      yield* Deferred.await(begun)
      yield* Fiber.interrupt(fiber)
      assert.strictEqual(yield* Fiber.join(asking), "cut off")
    }))
})

const local = { host: "127.0.0.1", address: "127.0.0.1", port: 80, allowed: [] }

it.each<readonly [headers: Record<string, string>, isAnswered: boolean]>([
  [{ host: "127.0.0.1:80" }, true],
  [{ host: "127.0.0.1" }, true],
  [{ host: "LOCALHOST:80" }, true],
  [{ host: "[::1]:80" }, true],
  [{ host: "localhost:80", origin: "http://localhost:80" }, true],
  [{ host: "localhost:80", origin: "http://127.0.0.1:80" }, true],
  [{ host: "localhost:80", origin: "http://localhost" }, true],
  [{ host: "localhost:80", "sec-fetch-site": "same-origin" }, true],
  [{ host: "localhost:80", "sec-fetch-site": "none" }, true],
  [{ host: "localhost:80", "sec-fetch-site": "same-site" }, false],
  [{ host: "localhost:80", "sec-fetch-site": "cross-site" }, false],
  [{ host: "localhost:80", "sec-fetch-site": "" }, false],
  [{ host: "localhost:81" }, false],
  [{ host: "evil.example:80" }, false],
  [{ host: "localhost:80.evil.example" }, false],
  [{ host: "localhost:80@evil.example" }, false],
  [{ host: "" }, false],
  [{ host: ":80" }, false],
  [{ host: "localhost:80", origin: "https://localhost:80" }, false],
  [{ host: "localhost:80", origin: "http://localhost:80.evil.example" }, false],
  [{ host: "localhost:80", origin: "http://evil.example" }, false],
  [{ host: "localhost:80", origin: "null" }, false],
  [{ host: "localhost:80", origin: "" }, false],
  [{}, false]
])("a server with a page answers a request with %j, or does not", (headers, isAnswered) => {
  const sent = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]))
  assert.strictEqual(
    reasonAgainst(sent, { hasPage: true, isOwnHost: ownHosts(local) }) === undefined,
    isAnswered
  )
})

it("a request that names two hosts is not answered, and one with an origin is not without a page", () => {
  const isOwnHost = ownHosts(local)
  assert.isDefined(reasonAgainst({ host: ["localhost", "localhost"] }, { hasPage: true, isOwnHost }))
  const own = { host: ["localhost"], origin: ["http://localhost"] }
  assert.isUndefined(reasonAgainst(own, { hasPage: true, isOwnHost }))
  assert.isDefined(reasonAgainst(own, { hasPage: false, isOwnHost }))
})

it.each<
  readonly [where: Partial<Parameters<typeof ownHosts>[0]>, own: ReadonlyArray<string>, others: ReadonlyArray<string>]
>([
  [{ port: 9 }, ["localhost:9"], ["localhost", "192.0.2.7:9", `${hostname()}:9`]],
  [
    { host: "0.0.0.0", address: "0.0.0.0", port: 9 },
    ["localhost:9", "192.0.2.7:9", "[2001:db8::1]:9", `${hostname()}:9`],
    ["192.0.2.7:8", "192.0.2.7", "evil.example:9", "0x7f.1:9"]
  ],
  [{ host: "::", address: "::", port: 9 }, ["[2001:db8::1]:9", "192.0.2.7:9"], ["evil.example:9"]],
  [
    { host: "trainer.example", address: "192.0.2.7", port: 9 },
    ["trainer.example:9", "Trainer.Example:9", "192.0.2.7:9", "127.0.0.1:9"],
    ["192.0.2.8:9", "evil.example:9"]
  ],
  [
    { port: 9, allowed: ["rewards", "localhost:99"] },
    ["rewards", "rewards:1", "localhost:99", "localhost:9"],
    ["localhost:98", "rewards.evil.example", "evil.rewards"]
  ]
])("a server that listens with %j is called by its own names", (where, own, others) => {
  const isOwnHost = ownHosts({ ...local, ...where })
  assert.deepStrictEqual(own.filter((name) => !isOwnHost(name)), [])
  assert.deepStrictEqual(others.filter(isOwnHost), [])
})
