/**
 * Attacks on the servers, by kind: pages of strangers, requests that are none, clients that hold or leave, strangers on a
 * port, what lies at the path of a socket, and clients that never read.
 */
import { type ChildProcess, execFileSync } from "node:child_process"
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { createServer, type ServerResponse } from "node:http"
import { type AddressInfo, createServer as createNetServer, type Socket } from "node:net"
import { join } from "node:path"
import type { Writable } from "node:stream"
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
import { makeDocuments } from "../../tasks/serve-context/documents.ts"
import { Screen } from "../../tasks/shared/terminal.ts"
import { startProgram } from "../support/program.ts"
import { listenTo, open, requestBytes, say } from "../support/raw-socket.ts"
import { makeRepository, temporaryFolder, type TestRepository } from "../support/repository.ts"
import { makeScreen } from "../support/screen.ts"
import { eventually, type Server, startServer, withHeaders } from "../support/server.ts"
import { withTools } from "../support/with-tools.ts"

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

  it("a client of the context server that never reads is cut off with a line", async () => {
    const path = join(folder, "cut.sock")
    const [alone, shared] = [context([]), context(["--socket", path])]
    await eventually(() => shared.stderr().includes("Listening"), "the socket")
    alone.child.stdout.pause()
    const socket = await open(path)
    socket.pause()
    const [, piece = ""] = floods[0] ?? []
    await Promise.all([flood(alone.child.stdin, piece, 400, 1000), flood(socket, piece, 400, 1000)])
    const line = /^Cannot answer a client: it has read nothing for 10 seconds$/m
    const until = Date.now() + 30_000
    while (!(line.test(alone.stderr()) && line.test(shared.stderr())) && Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    assert.match(alone.stderr(), line)
    assert.match(shared.stderr(), line)
    await eventually(() => alone.child.exitCode === 69, "the server ends with its only client")
    // Others are served as before.
    assert.include((await say(path, ["{\"id\":1,\"method\":\"nope\"}\n"], 1000)).text, "-32601")
    shared.child.kill("SIGTERM")
  })

  it("a stranger on a port who says nothing, or too little, is cut off", async () => {
    const server = context(["--socket", "0"])
    await eventually(() => /token \w+\n/.test(server.stderr()), "the token")
    const port = Number(/:(\d+)/.exec(server.stderr())?.[1])
    for (const heard of await Promise.all([say(port, [], 15_000), say(port, ["{\"jsonrpc\""], 15_000)])) {
      assert.deepStrictEqual([heard.isEnded, heard.text], [true, ""])
    }
    server.child.kill("SIGTERM")
  })
})

describe.concurrent("the path of a socket", () => {
  const refusedAt = async (path: string, reason: RegExp) => {
    const server = context(["--socket", path])
    assert.strictEqual((await server.ended).code, 69)
    assert.match(server.stderr(), /^Cannot listen on [^\n]*\n$/)
    assert.match(server.stderr(), reason)
  }
  const listeningAt = async (path: string) => {
    const server = context(["--socket", path])
    await eventually(() => server.stderr().includes("Listening"), "the socket")
    return server
  }

  it("is for its user alone, is replaced after a kill, and refused while a server lives", async () => {
    const path = join(folder, "s.sock")
    const before = process.umask(0)
    const killed = await listeningAt(path)
    process.umask(before)
    assert.strictEqual(statSync(path).mode & 0o777, 0o600)
    await refusedAt(path, /another program listens there/)
    killed.child.kill("SIGKILL")
    await killed.ended
    assert.isTrue(existsSync(path))
    const next = await listeningAt(path)
    assert.strictEqual(statSync(path).mode & 0o777, 0o600)
    assert.include((await say(path, ["{\"id\":1,\"method\":\"nope\"}\n"], 1000)).text, "-32601")
    next.child.kill("SIGTERM")
    assert.strictEqual((await next.ended).code, 143)
    assert.isFalse(existsSync(path))
  })

  const others: ReadonlyArray<readonly [what: string, make: (path: string) => unknown, reason: RegExp]> = [
    ["a file", (path) => writeFileSync(path, "mine"), /no socket/],
    ["an empty file", (path) => writeFileSync(path, ""), /no socket/],
    ["a folder", (path) => mkdirSync(path), /no socket/],
    ["a link to a file", (path) => {
      writeFileSync(`${path}.target`, "mine")
      symlinkSync(`${path}.target`, path)
    }, /no socket/],
    ["a link to nothing", (path) => symlinkSync(`${path}.nothing`, path), /no socket/],
    ["a link to a socket", (path) => symlinkSync("/proc/self/fd/0", path), /no socket/]
  ]
  it.each(others)("is not taken from %s", async (what, make, reason) => {
    const path = join(folder, what.replaceAll(" ", "-"))
    make(path)
    await refusedAt(path, reason)
    if (what === "a file" || what === "a link to a file") assert.strictEqual(readFileSync(path, "utf8"), "mine")
    assert.isFalse(existsSync(`${path}.nothing`))
  })

  it("is refused in a line where there can be none", async () => {
    await refusedAt(join(folder, "none", "s.sock"), /\n$/)
    await refusedAt(join(folder, "x".repeat(200)), /\n$/)
    writeFileSync(join(folder, "flat"), "")
    await refusedAt(join(folder, "flat", "s.sock"), /\n$/)
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

  it("keeps the password of its address to itself", async () => {
    const port = await freePort()
    const address = `http://ada:hunter2@127.0.0.1:${await freePort()}`
    const server = context(["--proxy-infill", address, "--listen", String(port), "--root", repository.path])
    await eventually(() => server.stderr().includes("Listening"), "the stand-in")
    const { status, text } = await say(port, [requestBytes("GET /props HTTP/1.1", { host: `127.0.0.1:${port}` })])
    assert.strictEqual(status, 502)
    assert.notInclude(text + server.stderr(), "hunter2")
    server.child.kill("SIGTERM")
  })
})

describe("large buffers", () => {
  it.effect("are held up to a bound together, and a buffer that does not fit is none", () =>
    Effect.gen(function*() {
      const { follow, texts } = makeDocuments(() => "utf-16", 100)
      const tell = (method: string, uri: string, params: object) =>
        follow(`textDocument/${method}`, { textDocument: { uri, ...params }, ...params }, (path) => path)
      const held = () => [...texts].map(([path, text]) => [path, text.length])
      yield* tell("didOpen", "a", { text: "x".repeat(60) })
      yield* tell("didOpen", "b", { text: "x".repeat(60) })
      yield* tell("didChange", "b", { contentChanges: [{ range: atStart, text: "y" }] })
      assert.deepStrictEqual(held(), [["a", 60]])
      yield* tell("didOpen", "b", { text: "x".repeat(30) })
      yield* tell("didSave", "b", { text: "x".repeat(40) })
      assert.deepStrictEqual(held(), [["a", 60], ["b", 40]])
      yield* tell("didChange", "b", { contentChanges: [{ range: atStart, text: "y" }] })
      assert.deepStrictEqual(held(), [["a", 60]])
      yield* tell("didClose", "a", {})
      yield* tell("didClose", "b", {})
      yield* tell("didOpen", "c", { text: "x".repeat(100) })
      assert.deepStrictEqual(held(), [["c", 100]])
    }))

  const atStart = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }
  const texts: Readonly<Record<string, string>> = {
    "py": "if x:\n",
    "ts": "interface A{a:string;b:number}\n",
    "go": "func f(a int) int { return a }\n"
  }
  it.each(Object.entries(texts))("of %s keep nobody from ending the server", async (ending, unit) => {
    const server = context(["--root", repository.path])
    await server.ask("initialize", { project_root: repository.path, capabilities: {} })
    for (let number = 0; number < 10; number++) {
      const text = unit.repeat(Math.floor((1_000_000 - number) / unit.length))
      server.tell("textDocument/didOpen", {
        textDocument: { uri: `file://${repository.path}/${number}.${ending}`, text }
      })
    }
    server.ask("getContext", { filepath: `new.${ending}`, content: "total_price(" }).catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, 1500))
    await endsSoon(server.child, "SIGTERM")
  }, 30_000)
})

describe("strangers on a port of the context server", () => {
  let server: Server
  let port = 0
  let token = ""
  beforeAll(async () => {
    server = context(["--socket", "0"])
    await eventually(() => /token \w+\n/.test(server.stderr()), "the token")
    const [, number, printed = ""] = /127\.0\.0\.1:(\d+), token (\w+)\n/.exec(server.stderr()) ?? []
    port = Number(number)
    token = printed
  })

  const initialize = (more: object) => ({
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: { project_root: repository.path, ...more }
  })
  const line = (message: unknown) => `${JSON.stringify(message)}\n`

  const strangers: ReadonlyArray<readonly [what: string, bytes: () => string]> = [
    ["without a token", () => line(initialize({}))],
    ["with another token", () => line(initialize({ token: "0".repeat(32) }))],
    ["with the start of the token", () => line(initialize({ token: token.slice(0, 31) }))],
    ["with more than the token", () => line(initialize({ token: `${token}0` }))],
    ["with an empty token", () => line(initialize({ token: "" }))],
    ["with a list of the token", () => line(initialize({ token: [token] }))],
    ["with a number", () => line(initialize({ token: 0 }))],
    ["with anything that is true", () => line(initialize({ token: true }))],
    ["with the token's letters as others", () => line(initialize({ token: "ü".repeat(32) }))],
    ["with the token elsewhere", () => line({ ...initialize({}), token })],
    [
      "in a batch that begins otherwise",
      () => line([{ jsonrpc: "2.0", id: 0, method: "shutdown" }, initialize({ token })])
    ],
    ["as a notification", () => line({ ...initialize({ token }), id: undefined })],
    ["by another method", () => line({ ...initialize({ token }), method: "getContext" })],
    ["after another method", () => line({ jsonrpc: "2.0", id: 0, method: "shutdown" }) + line(initialize({ token }))],
    ["after what is no JSON", () => `nonsense\n${line(initialize({ token }))}`],
    ["with headers, without a token", () => withHeaders(initialize({}))],
    ["with headers that are damaged", () => `Content-Length: x\r\n\r\n${line(initialize({ token }))}`],
    ["over HTTP", () => requestBytes("POST / HTTP/1.1", { host: "127.0.0.1" }, line(initialize({})))],
    ["over HTTP that knows the token", () => requestBytes("POST / HTTP/1.1", {}, line(initialize({ token })))],
    ["over HTTP, by its address", () => `GET /?token=${token} HTTP/1.1\r\n\r\n${line(initialize({ token }))}`],
    ["with 2 MiB and no line", () => `{"a":"${"x".repeat(2 * 1024 * 1024)}`]
  ]

  it.each(strangers)("open nothing, and are cut off at once: %s", async (_, bytesOf) => {
    const heard = await say(port, [bytesOf()])
    assert.isTrue(heard.isEnded)
    assert.notInclude(heard.text, "file_count")
  })

  it("are told why where they speak the protocol, and those with the token are served", async () => {
    const { text } = await say(port, [line(initialize({}))])
    assert.match(text, /^\{"jsonrpc":"2\.0","id":1,"error":\{"code":-32000,"message":"[^"]*token[^"]*"\}\}\n$/)
    const own = [
      [line(initialize({ token }))],
      [withHeaders(initialize({ initializationOptions: { token } }))],
      [...line(initialize({ token }))],
      [line(initialize({ token })) + line({ jsonrpc: "2.0", id: 2, method: "shutdown" })]
    ]
    for (const pieces of own) {
      const socket = await open(port)
      let said = ""
      socket.on("data", (data) => said += data)
      for (const piece of pieces) await new Promise((resolve) => socket.write(piece, resolve))
      await eventually(() => said.includes("\"file_count\":1"), "it is served")
      socket.destroy()
    }
  })

  it("get another token each time", async () => {
    const other = context(["--socket", "0"])
    await eventually(() => /token \w{32}\n/.test(other.stderr()), "the token")
    assert.notInclude(other.stderr(), token)
    other.child.kill("SIGTERM")
  })
})

/** What a client may send without ever reading an answer; each runs until nothing more is taken. */
const floods: ReadonlyArray<readonly [what: string, piece: string, times: number]> = [
  ["small requests", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"nope\"}\n".repeat(1000), 400],
  ["large requests", `{"jsonrpc":"2.0","id":1,"method":"nope","params":{"c":"${"x".repeat(500_000)}"}}\n`, 400],
  ["requests with headers", withHeaders({ jsonrpc: "2.0", id: 1, method: "nope" }).repeat(1000), 200],
  ["what is no JSON", "nonsense\n".repeat(5000), 200],
  ["batches", `[${Array.from({ length: 100 }, () => "{\"id\":1,\"method\":\"nope\"}").join()}]\n`.repeat(10), 200],
  ["a batch of millions", `[${"{},".repeat(8_000_000)}{}]\n`, 1],
  ["brackets", `${"[".repeat(40_000_000)}\n`, 1],
  ["numbers", `{"id":1,"method":"nope","params":[${"1,".repeat(20_000_000)}1]}\n`, 1],
  ["a line without an end", "x".repeat(1_000_000), 200],
  ["bytes of a body that is never whole", `Content-Length: 60000000\r\n\r\n${"x".repeat(1_000_000)}`, 1]
]

/** Writes until the other side takes no more. */
const flood = async (socket: Writable, piece: string, times: number, patienceMillis: number) => {
  const until = Date.now() + patienceMillis
  for (let at = 0; at < times && Date.now() < until; at++) {
    if (socket.write(piece)) continue
    await Promise.race([
      new Promise((resolve) => socket.once("drain", resolve)),
      new Promise((resolve) => setTimeout(resolve, Math.max(1, until - Date.now())))
    ])
  }
}

withTools("/proc").describe("clients that never read", () => {
  const memoryOf = (server: Server) =>
    Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${server.child.pid}/status`, "latin1"))?.[1]) / 1024

  it.each(floods)("do not grow the server, which ends within a second: %s", async (_, piece, times) => {
    const path = join(folder, `flood-${floods.findIndex(([, one]) => one === piece)}.sock`)
    const [alone, shared] = [context([]), context(["--socket", path])]
    await Promise.all([
      alone.ask("nothing"),
      eventually(() => shared.stderr().includes("Listening"), "the socket")
    ])
    alone.child.stdout.pause()
    const socket = await open(path)
    socket.pause()
    await Promise.all([flood(alone.child.stdin, piece, times, 700), flood(socket, piece, times, 700)])
    for (const server of [alone, shared]) {
      assert.isBelow(memoryOf(server), 600)
      await endsSoon(server.child, "SIGTERM")
    }
    socket.destroy()
  })
})

/** Ends a process within a second, or, on a busy machine, within as long as Node takes to start twenty times. */
const endsSoon = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  const from = performance.now()
  child.kill(signal)
  await Promise.race([
    new Promise((resolve) => child.once("exit", resolve)),
    new Promise((resolve) => setTimeout(resolve, 10_000))
  ])
  const millis = performance.now() - from
  execFileSync(process.execPath, ["-e", "0"])
  const bare = performance.now() - from - millis
  assert.isBelow(millis, Math.max(1000, 20 * bare))
  assert.strictEqual(child.exitCode, signal === "SIGTERM" ? 143 : 130)
}

describe("messages that are work for long", () => {
  const uri = () => `file://${repository.path}/large.py`
  const text = "def f(x):\n    return g(x)\n".repeat(300_000)
  const range = { start: { line: 599_000, character: 0 }, end: { line: 599_000, character: 1 } }
  const opened = () => ({ method: "textDocument/didOpen", params: { textDocument: { uri: uri(), text } } })
  const long: ReadonlyArray<readonly [what: string, messages: () => ReadonlyArray<object>]> = [
    ["a hundred thousand changes of a large buffer", () => [opened(), {
      method: "textDocument/didChange",
      params: {
        textDocument: { uri: uri() },
        contentChanges: Array.from({ length: 100_000 }, () => ({ range, text: "y" }))
      }
    }]],
    ["a question within 40 MB", () => [{
      id: 5,
      method: "getContext",
      params: { filepath: "x.py", content: text.repeat(5), cursor_offset: 1e9 }
    }]],
    ["a thousand questions with a large buffer open", () => [
      opened(),
      ...Array.from({ length: 1000 }, (_, id) => ({
        id,
        method: "getContext",
        params: { filepath: "x.py", content: `import large\nlarge.f${id}(`, cursor_offset: 1e9 }
      }))
    ]],
    ["a batch of large questions", () => [Array.from({ length: 50 }, (_, id) => ({
      id,
      method: "getContext",
      params: { filepath: "x.py", content: text.slice(0, 500_000), cursor_offset: 1e9 }
    }))]]
  ]
  it.each(long)("do not hold up the end: %s", async (_, messages) => {
    const server = context([])
    await server.ask("initialize", { project_root: repository.path, capabilities: {} })
    for (const message of messages()) server.write(`${JSON.stringify(message)}\n`)
    await new Promise((resolve) => setTimeout(resolve, 700))
    await endsSoon(server.child, "SIGTERM")
  })
})

describe("a program whose output nobody reads", () => {
  it.each([["--plain"], ["--plain", "--json"], ["--row", "20001"]])(
    "ends within a second when it is asked to: view %s",
    async (...args) => {
      for (const signal of ["SIGTERM", "SIGINT"] as const) {
        const { child } = startProgram(["view", "-d", folder, ...args])
        child.stdout?.pause()
        await new Promise((resolve) => child.stdout?.once("readable", resolve))
        assert.isNull(child.exitCode)
        await endsSoon(child, signal)
      }
    }
  )
})
