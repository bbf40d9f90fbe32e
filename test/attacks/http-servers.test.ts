/**
 * Attacks on the HTTP servers, by kind: pages of strangers, requests that are none, clients that hold, send much or leave,
 * and a model's server that answers what it should not.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer, type ServerResponse } from "node:http"
import { type AddressInfo, createServer as createNetServer, type Socket } from "node:net"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as MemorySandbox from "../../layers/sandbox/MemorySandbox.ts"
import { Sandbox } from "../../services/Sandbox.ts"
import { asked } from "../../tasks/serve-reward/asked.ts"
import { serveRewardsOf } from "../../tasks/serve-reward/serve.ts"
import { answersChosen } from "../../tasks/shared/asked/read.ts"
import { Screen } from "../../tasks/shared/terminal.ts"
import { startProgram } from "../support/program.ts"
import { listenTo, open, requestBytes, say } from "../support/raw-socket.ts"
import { makeRepository, temporaryFolder, type TestRepository } from "../support/repository.ts"
import { makeScreen } from "../support/screen.ts"
import { eventually, type Server, startServer } from "../support/server.ts"

/** A reward server in this process over any sandbox; gives its port. */
const rewards = Effect.fnUntraced(function*(sandbox: Layer.Layer<Sandbox> = MemorySandbox.layer) {
  const { screen, stderr } = makeScreen()
  const answers = yield* answersChosen(asked, { port: 0 })
  const serving = yield* Effect.forkScoped(
    serveRewardsOf(answers).pipe(Effect.provide(sandbox), Effect.provideService(Screen, screen))
  )
  const said = Effect.repeat(Effect.sleep("1 millis"), { until: () => stderr().includes("http") })
  yield* Effect.raceFirst(said, Fiber.join(serving))
  return Number(/:(\d+)/.exec(stderr())?.[1])
})

interface Target {
  readonly name: string
  readonly port: number
  readonly hasPage: boolean
  /** A request that is answered with 200: its first line and its body. */
  readonly first: string
  readonly body: string
  /** How often the work behind it was done. */
  readonly done: () => number | Promise<number>
}

const running: Array<{ readonly child: { readonly kill: (signal: NodeJS.Signals) => unknown } }> = []
let repository: TestRepository
let folder = ""
const targets: Array<Target> = []
let stopRewards: () => Promise<unknown>
/** What the model's server was sent, and how it answers. */
const model = { seen: 0, left: 0, answer: (response: ServerResponse) => void response.end("{}") }
let modelServer: ReturnType<typeof createServer>

const context = (args: ReadonlyArray<string>, env: Readonly<Record<string, string>> = {}): Server => {
  const server = startServer(["--no-watch", "-j", "1", ...args], env)
  running.push(server)
  return server
}

const freePort = async (): Promise<number> => {
  const probe = createNetServer()
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}

beforeAll(async () => {
  repository = makeRepository("shop")
  repository.write("price.py", "def total_price(items, tax_rate=0.2):\n    return items\n")
  repository.commit("all")
  folder = temporaryFolder()
  writeFileSync(
    join(folder, "rows.jsonl"),
    Array.from({ length: 20_000 }, (_, row) => `{"text":"${"word ".repeat(20)}${row}"}\n`).join("") +
      `{"text":"${"word ".repeat(400_000)}"}\n`
  )

  let typed = 0
  const counting = Layer.map(MemorySandbox.layer, (services) => services)
  const started = await Effect.runPromise(Deferred.make<number>())
  const sandbox = Layer.effect(
    Sandbox,
    Effect.map(Sandbox, (under) => ({
      ...under,
      runAll: (attempts: Parameters<typeof under.runAll>[0]) => {
        typed += attempts.length
        return under.runAll(attempts)
      }
    }))
  ).pipe(Layer.provide(counting))
  const fiber = Effect.runFork(
    Effect.scoped(
      Effect.flatMap(rewards(sandbox), (port) => Effect.zipRight(Deferred.succeed(started, port), Effect.never))
    )
  )
  stopRewards = () => Effect.runPromise(Fiber.interrupt(fiber))

  modelServer = createServer((request, response) => {
    response.on("close", () => {
      if (!response.writableFinished) model.left++
    })
    request.on("data", () => undefined)
    request.on("end", () => {
      model.seen++
      response.writeHead(200, { "access-control-allow-origin": "*", "content-type": "application/json" })
      model.answer(response)
    })
  })
  await new Promise<void>((resolve) => modelServer.listen(0, "127.0.0.1", resolve))
  const proxyPort = await freePort()
  const proxy = context([
    "--proxy-infill",
    `http://127.0.0.1:${(modelServer.address() as AddressInfo).port}`,
    "--listen",
    String(proxyPort),
    "--root",
    repository.path
  ])

  const view = startProgram(["view", "--web", "-d", folder])
  running.push(view)
  let viewSaid = ""
  view.child.stderr?.on("data", (data) => viewSaid += data)
  await eventually(() => /:\d+\//.test(viewSaid), "the viewer")
  await eventually(() => proxy.stderr().includes("Listening"), "the proxy")

  const labels = join(folder, "rows.labels.jsonl")
  targets.push(
    {
      name: "serve-reward",
      port: await Effect.runPromise(Deferred.await(started)),
      hasPage: false,
      first: "POST /reward HTTP/1.1",
      body: "[{\"source\":\"a\\n\",\"target\":\"\\n\",\"completion\":\"x\"}]",
      done: () => typed
    },
    {
      name: "view --web",
      port: Number(/:(\d+)\//.exec(viewSaid)?.[1]),
      hasPage: true,
      first: "POST /api/label HTTP/1.1",
      body: "{\"file\":0,\"row\":0,\"label\":\"keep\"}",
      done: () => existsSync(labels) ? readFileSync(labels, "utf8").split("\n").length : 0
    },
    {
      name: "--proxy-infill",
      port: proxyPort,
      hasPage: true,
      first: "POST /infill HTTP/1.1",
      body: "{\"input_prefix\":\"total_price(\",\"input_suffix\":\"\"}",
      done: () => model.seen
    }
  )
}, 120_000)

afterAll(async () => {
  for (const { child } of running) child.kill("SIGKILL")
  await stopRewards()
  modelServer.closeAllConnections()
  modelServer.close()
  repository.dispose()
  rmSync(folder, { recursive: true, force: true })
})

type Headers = Readonly<Record<string, string | ReadonlyArray<string> | undefined>>

/** What a page of a stranger has its browser send, and what a browser never sends. */
const foreign: ReadonlyArray<readonly [what: string, headers: (port: number) => Headers]> = [
  ["a page of another site", () => ({ origin: "http://evil.example" })],
  ["a page in a sandboxed frame", () => ({ origin: "null" })],
  ["a page of another port of this machine", (port) => ({ origin: `http://127.0.0.1:${port + 1}` })],
  ["a page of this host over another protocol", (port) => ({ origin: `https://127.0.0.1:${port}` })],
  ["an extension's page", () => ({ origin: "chrome-extension://abcdefgh" })],
  ["a page whose name begins as ours", (port) => ({ origin: `http://localhost:${port}.evil.example` })],
  ["two origins", (port) => ({ origin: [`http://127.0.0.1:${port}`, "http://evil.example"] })],
  ["no origin, but another site", () => ({ "sec-fetch-site": "cross-site" })],
  ["no origin, but another port", () => ({ "sec-fetch-site": "same-site" })],
  ["a site that is two", () => ({ "sec-fetch-site": ["same-origin", "cross-site"] })],
  ["a link to us", () => ({ "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" })],
  ["a name that was made to point here", (port) => ({ host: `rebound.evil.example:${port}` })],
  ["that name, and its page", (port) => ({
    host: `rebound.evil.example:${port}`,
    origin: `http://rebound.evil.example:${port}`
  })],
  ["our name at another port", (port) => ({ host: `127.0.0.1:${port + 1}` })],
  ["our name without a port", () => ({ host: "localhost" })],
  ["another address of this machine", (port) => ({ host: `192.0.2.1:${port}` })],
  ["two hosts", (port) => ({ host: [`127.0.0.1:${port}`, "evil.example"] })],
  ["no host", () => ({ host: undefined })],
  ["a form's text", () => ({ "content-type": "text/plain" })],
  ["a form with files", () => ({ "content-type": "multipart/form-data; boundary=x" })],
  ["a type that begins as JSON", () => ({ "content-type": "application/jsonp" })],
  ["no type", () => ({ "content-type": undefined })]
]

describe("pages of strangers", () => {
  it.each(foreign)("cannot have work done: %s", async (_, headersOf) => {
    for (const { body, done, first, name, port } of targets) {
      const before = await done()
      const headers = { host: `127.0.0.1:${port}`, "content-type": "application/json", ...headersOf(port) }
      const heard = await say(port, [requestBytes(first, headers, body)])
      assert.include([400, 403, 415], heard.status, name)
      assert.isTrue(heard.isEnded, name)
      assert.notMatch(heard.text, /access-control-/i, name)
      assert.strictEqual(await done(), before, name)
    }
  })

  it("nor ask whether they may, nor read what others are answered", async () => {
    for (const { body, first, name, port } of targets) {
      const host = `127.0.0.1:${port}`
      const path = first.split(" ")[1] ?? ""
      const asks = { host, origin: "http://evil.example", "access-control-request-method": "POST" }
      const preflight = await say(port, [requestBytes(`OPTIONS ${path} HTTP/1.1`, asks)])
      assert.strictEqual(preflight.status, 403, name)
      const own = await say(port, [requestBytes(first, { host, "content-type": "application/json" }, body)])
      assert.strictEqual(own.status, 200, name)
      assert.notMatch(`${preflight.text}${own.text}`, /access-control-/i, name)
    }
  })

  it("and our own are answered, where there are any", async () => {
    for (const { body, done, first, hasPage, name, port } of targets) {
      const before = await done()
      for (const host of [`127.0.0.1:${port}`, `localhost:${port}`]) {
        const headers = {
          host,
          "content-type": "application/json; charset=utf-8",
          origin: `http://${host}`,
          "sec-fetch-site": "same-origin"
        }
        assert.strictEqual((await say(port, [requestBytes(first, headers, body)])).status, hasPage ? 200 : 403, name)
      }
      assert.strictEqual(await done(), before + (hasPage ? 2 : 0), name)
    }
  })

  it.each(["row", "find", "stats", "count", "recording", "label", "files"])(
    "an image's address starts nothing: %s",
    async (question) => {
      const { port } = targets[1] ?? { port: 0 }
      for (const method of ["GET", "HEAD"]) {
        const heard = await say(port, [
          requestBytes(`${method} /api/${question}?file=0&row=0&text=x HTTP/1.1`, { host: `127.0.0.1:${port}` })
        ])
        assert.strictEqual(heard.status, 405)
      }
    }
  )
})

/** Requests that are none, or odd: each is answered or its connection is closed, and nothing hangs. */
const odd: ReadonlyArray<readonly [what: string, bytes: (host: string) => string]> = [
  ["//", (host) => requestBytes("GET // HTTP/1.1", { host })],
  ["///", (host) => requestBytes("GET ///etc/passwd HTTP/1.1", { host })],
  ["//[", (host) => requestBytes("GET //[ HTTP/1.1", { host })],
  ["//a:b", (host) => requestBytes("POST //a:b/reward HTTP/1.1", { host })],
  ["a lone %", (host) => requestBytes("GET /% HTTP/1.1", { host })],
  ["a backslash", (host) => requestBytes("GET /\\\\evil.example HTTP/1.1", { host })],
  ["a star", (host) => requestBytes("OPTIONS * HTTP/1.1", { host })],
  ["an address of another server", (host) => requestBytes("GET http://evil.example/ HTTP/1.1", { host })],
  ["an address that is none", (host) => requestBytes("GET http://[ HTTP/1.1", { host })],
  ["a path without its start", (host) => requestBytes("GET etc/passwd HTTP/1.1", { host })],
  ["a path of 15 KiB", (host) => requestBytes(`GET /${"a".repeat(15_000)} HTTP/1.1`, { host })],
  ["a path of 100 KiB", (host) => requestBytes(`GET /${"a".repeat(100_000)} HTTP/1.1`, { host })],
  ["3,000 headers", (host) => requestBytes("GET /x HTTP/1.1", { host, ...fields(3000) })],
  ["a tunnel", (host) => requestBytes("CONNECT evil.example:443 HTTP/1.1", { host })],
  ["a method of nobody", (host) => requestBytes("BREW /x HTTP/1.1", { host })],
  ["a rare method", (host) => requestBytes("MKCALENDAR /x HTTP/1.1", { host })],
  ["a web socket", (host) =>
    requestBytes("GET /x HTTP/1.1", {
      host,
      connection: "upgrade, close",
      upgrade: "websocket",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      "sec-websocket-version": "13"
    })],
  ["HTTP/2", () => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
  ["two lengths", (host) => requestBytes("POST /x HTTP/1.1", { host, "content-length": ["1", "2"] }, "ab")],
  [
    "a length and chunks",
    (host) => requestBytes("POST /x HTTP/1.1", { host, "transfer-encoding": "chunked" }, "0\r\n\r\n")
  ],
  [
    "a chunk of a size that is none",
    (host) =>
      requestBytes("POST /x HTTP/1.1", { host, "content-length": undefined, "transfer-encoding": "chunked" }, "zz\r\n")
  ],
  ["no bytes of a language", () => "\u0000\u0001\u0002\u0003\r\n\r\n"],
  ["a message of the other protocol", () => "Content-Length: 2\r\n\r\n{}"]
]

const fields = (count: number): Headers =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`x-${at}`, "y"]))

describe("requests that are none", () => {
  it.each(odd)("do not hang, and the server goes on: %s", async (_, bytesOf) => {
    for (const { body, first, name, port } of targets) {
      const host = `127.0.0.1:${port}`
      const heard = await say(port, [bytesOf(host)])
      assert.isTrue(heard.isEnded, name)
      assert.notStrictEqual(heard.status, 500, name)
      assert.notInclude(heard.text, "root:", name)
      const next = await say(port, [requestBytes(first, { host, "content-type": "application/json" }, body)])
      assert.strictEqual(next.status, 200, name)
    }
  })
})

describe.concurrent("clients that hold", () => {
  const names = ["serve-reward", "view --web", "--proxy-infill"]
  const targetNamed = (name: string): Target => {
    const target = targets.find((one) => one.name === name)
    if (target === undefined) throw new Error(name)
    return target
  }

  it.each(names)("half a head, or nothing, for longer than a head takes are cut off: %s", async (name) => {
    const { port } = targetNamed(name)
    const halves = ["", "G", "POST /reward HTTP/1.1\r\n", `POST / HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-le`]
    const heard = await Promise.all(
      Array.from({ length: 40 }, (_, at) => say(port, [halves[at % halves.length] ?? ""], 25_000))
    )
    assert.isTrue(heard.every(({ isEnded }) => isEnded))
  })

  it.each(names)("a head by drops are cut off too: %s", async (name) => {
    const { port } = targetNamed(name)
    const socket = await open(port)
    const heard = listenTo(socket, 25_000)
    const drops = setInterval(() => socket.write("x"), 200)
    socket.write("GET /")
    assert.isTrue((await heard).isEnded)
    clearInterval(drops)
  })

  it.each(names)("more connections than may be are turned away, and others are served after them: %s", async (name) => {
    const { body, first, port } = targetNamed(name)
    const sockets: Array<Socket | undefined> = []
    for (let round = 0; round < 11; round++) {
      sockets.push(...await Promise.all(Array.from({ length: 100 }, () => open(port).catch(() => undefined))))
    }
    for (const socket of sockets) socket?.resume()
    await eventually(() => sockets.filter((socket) => socket?.destroyed !== false).length >= 50, "some are turned away")
    for (const socket of sockets) socket?.destroy()
    const bytes = requestBytes(first, { host: `127.0.0.1:${port}`, "content-type": "application/json" }, body)
    await eventually(
      async () => (await say(port, [bytes]).catch(() => ({ status: 0 }))).status === 200,
      "others are served"
    )
  })

  it("many answers that nobody reads are cut off", async () => {
    const { port } = targetNamed("view --web")
    const socket = await open(port)
    socket.pause()
    const one = `GET /app.js HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`
    socket.write(one.repeat(500))
    const until = Date.now() + 35_000
    while (!socket.destroyed && Date.now() < until) {
      // A socket that reads nothing learns of the end when it writes.
      socket.write(one)
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
    assert.isTrue(socket.destroyed)
  })
})

describe("clients that send much", () => {
  it("bodies are held to a bound together, whoever sends them", () =>
    Effect.runPromise(Effect.scoped(Effect.gen(function*() {
      const port = yield* rewards()
      yield* Effect.promise(async () => {
        const headers = { host: `127.0.0.1:${port}`, "content-type": "application/json" }
        const [first, piece] = ["POST /reward HTTP/1.1", Buffer.alloc(1024 * 1024, 32)]
        const bytesOf = (pieces: number) => [
          requestBytes(first, { ...headers, "content-length": String(pieces * piece.length + 2) }),
          ...Array.from({ length: pieces }, () => piece)
        ]
        const sockets: Array<Socket> = []
        for (let held = 0; held < 60; held++) {
          const socket = await open(port)
          sockets.push(socket)
          for (const bytes of bytesOf(5)) await new Promise((resolve) => socket.write(bytes, resolve))
        }
        // Each is below the largest request: only together are they too much. Who is refused sends all, and hears it.
        const large = [...bytesOf(15), "[]"]
        const late = async () => {
          const { status, text } = await say(port, large, 20_000)
          return status === 429 && /retry-after: 1/i.test(text)
        }
        await eventually(late, "what comes late is refused")
        for (const socket of sockets) socket.destroy()
        await eventually(
          async () => (await say(port, [requestBytes(first, headers, "[]")])).status === 200,
          "others are served"
        )
      })
    }))))
})

describe("clients that leave", () => {
  const leaving: ReadonlyArray<readonly [what: string, leave: (socket: Socket) => unknown]> = [
    ["by closing", (socket) => socket.destroy()],
    ["by resetting", (socket) => socket.resetAndDestroy()],
    ["by closing what they send", (socket) => socket.end()]
  ]

  it.each(leaving)(
    "have their completions dropped, %s",
    (_, leave) =>
      Effect.runPromise(Effect.scoped(Effect.gen(function*() {
        let [begun, dropped] = [0, 0]
        const endless = Layer.succeed(
          Sandbox,
          Sandbox.of({
            ...(yield* Effect.provide(Sandbox, MemorySandbox.layer)),
            runAll: () =>
              Effect.suspend(() => {
                begun++
                return Effect.onInterrupt(Effect.never, () => Effect.sync(() => dropped++))
              })
          })
        )
        const port = yield* rewards(endless)
        yield* Effect.promise(async () => {
          const host = `127.0.0.1:${port}`
          const body = "[{\"source\":\"a\",\"target\":\"b\",\"completion\":\"x\"}]"
          const bytes = requestBytes("POST /reward HTTP/1.1", { host, "content-type": "application/json" }, body)
          const sockets = await Promise.all(Array.from({ length: 20 }, () => open(port)))
          for (const socket of sockets) socket.write(bytes)
          await eventually(() => begun === 20, "all are begun")
          for (const socket of sockets) leave(socket)
          await eventually(() => dropped === 20, "all are dropped")
          const { text } = await say(port, [requestBytes("GET /metrics HTTP/1.1", { host })])
          assert.include(text, "retrace_waiting 0")
        })
      })))
  )

  it.each(leaving)("in the middle of a body leave nothing behind, %s", async (_, leave) => {
    for (const { body, done, first, port } of targets) {
      const before = await done()
      const host = `127.0.0.1:${port}`
      for (let round = 0; round < 20; round++) {
        const socket = await open(port)
        socket.write(requestBytes(first, { host, "content-type": "application/json", "content-length": "1000" }, body))
        leave(socket)
      }
      const bytes = requestBytes(first, { host, "content-type": "application/json" }, body)
      assert.strictEqual((await say(port, [bytes])).status, 200)
      assert.isAtMost(await done(), before + 1)
    }
  })

  it.each(leaving)("have the model's server let go, before and within its answer, %s", async (_, leave) => {
    const { body, first, port } = targets[2] ?? { body: "", first: "", port: 0 }
    const bytes = requestBytes(first, { host: `127.0.0.1:${port}`, "content-type": "application/json" }, body)
    const { answer } = model
    for (const begin of [() => undefined, (response: ServerResponse) => void response.write("data: one\n\n")]) {
      const { left, seen } = model
      model.answer = begin
      const sockets = await Promise.all(Array.from({ length: 5 }, () => open(port)))
      for (const socket of sockets) socket.write(bytes)
      await eventually(() => model.seen === seen + 5, "all are asked")
      for (const socket of sockets) leave(socket)
      await eventually(() => model.left === left + 5, "all are let go")
    }
    model.answer = answer
  })

  it("and a model's server that breaks off is not made to look whole", async () => {
    const { body, first, port } = targets[2] ?? { body: "", first: "", port: 0 }
    const { answer } = model
    model.answer = (response) => void response.write("data: one\n\n", () => response.destroy())
    const bytes = requestBytes(first, { host: `127.0.0.1:${port}`, "content-type": "application/json" }, body)
    const { text } = await say(port, [bytes])
    model.answer = answer
    assert.include(text, "data: one")
    assert.notMatch(text, /\r\n0\r\n\r\n$/)
  })
})

describe("the model's server behind the stand-in", () => {
  it("is not followed to where it sends us", async () => {
    let visits = 0
    let status = 0
    let location = ""
    const sending = createServer((request, response) => {
      request.resume()
      if (request.url === "/meta") visits++
      response.writeHead(status, { location }).end()
    })
    await new Promise<void>((resolve) => sending.listen(0, "127.0.0.1", resolve))
    const address = `http://127.0.0.1:${(sending.address() as AddressInfo).port}`
    location = `${address}/meta`
    const port = await freePort()
    const server = context(["--proxy-infill", address, "--listen", String(port), "--root", repository.path])
    await eventually(() => server.stderr().includes("Listening"), "the stand-in")
    const headers = { host: `127.0.0.1:${port}`, "content-type": "application/json" }
    for (status of [301, 302, 303, 307, 308]) {
      const asked = [["GET /props HTTP/1.1", ""], ["POST /infill HTTP/1.1", "{\"input_prefix\":\"a\"}"]] as const
      for (const [first, body] of asked) {
        const heard = await say(port, [requestBytes(first, headers, body)])
        assert.strictEqual(heard.status, status)
        assert.include(heard.text, location)
      }
    }
    server.child.kill("SIGTERM")
    sending.closeAllConnections()
    sending.close()
    assert.strictEqual(visits, 0)
  })

  it("has no password in its address, which is refused without being said, and is answered for when it is gone", async () => {
    const port = await freePort()
    const gone = `127.0.0.1:${await freePort()}`
    const refused = context(["--proxy-infill", `http://ada:hunter2@${gone}`, "--listen", String(port)])
    assert.strictEqual((await refused.ended).code, 64)
    assert.notInclude(refused.stdout() + refused.stderr(), "hunter2")
    const server = context(["--proxy-infill", `http://${gone}`, "--listen", String(port), "--root", repository.path])
    await eventually(() => server.stderr().includes("Listening"), "the stand-in")
    const { status, text } = await say(port, [requestBytes("GET /props HTTP/1.1", { host: `127.0.0.1:${port}` })])
    assert.strictEqual(status, 502)
    assert.include(text, gone)
    server.child.kill("SIGTERM")
  })
})
