/**
 * Attacks on the context server, by kind: strangers on a port, what lies at the path of a socket, clients that hold or never
 * read, buffers and messages that are work for long; and programs whose output nobody reads.
 */
import { type ChildProcess, execFileSync } from "node:child_process"
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Writable } from "node:stream"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { makeDocuments } from "../../tasks/serve-context/documents.ts"
import { startProgram } from "../support/program.ts"
import { open, requestBytes, say } from "../support/raw-socket.ts"
import { makeRepository, temporaryFolder, type TestRepository } from "../support/repository.ts"
import { eventually, type Server, startServer, withHeaders } from "../support/server.ts"
import { withTools } from "../support/with-tools.ts"

const running: Array<{ readonly child: { readonly kill: (signal: NodeJS.Signals) => unknown } }> = []
let repository: TestRepository
let folder = ""

const context = (args: ReadonlyArray<string>): Server => {
  const server = startServer(["--no-watch", "-j", "1", ...args])
  running.push(server)
  return server
}

beforeAll(() => {
  repository = makeRepository("shop")
  repository.write("price.py", "def total_price(items, tax_rate=0.2):\n    return items\n")
  repository.commit("all")
  folder = temporaryFolder()
  writeFileSync(
    join(folder, "rows.jsonl"),
    Array.from({ length: 20_000 }, (_, row) => `{"text":"${"word ".repeat(20)}${row}"}\n`).join("") +
      `{"text":"${"word ".repeat(400_000)}"}\n`
  )
})

afterAll(() => {
  for (const { child } of running) child.kill("SIGKILL")
  repository.dispose()
  rmSync(folder, { recursive: true, force: true })
})

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

describe.concurrent("clients that hold the context server", () => {
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
