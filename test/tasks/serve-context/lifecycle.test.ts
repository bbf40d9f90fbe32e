/** How a session begins and ends for clients of the Language Server Protocol, and for those of the original's. */
import { type ChildProcess, spawn } from "node:child_process"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { project } from "../../contract/Index.ts"
import { makeRepository, type TestRepository } from "../../support/repository.ts"
import { eventually, messagesIn, type Server, startServer, withHeaders } from "../../support/server.ts"
import { type RunningSession, startSession } from "../../support/session.ts"

let repository: TestRepository
const servers: Array<Server> = []
const others: Array<ChildProcess> = []
const sessions: Array<RunningSession> = []
const start = () => {
  const server = startServer(["--no-watch", "-j", "1"])
  servers.push(server)
  return server
}
const open = () => {
  const session = startSession({ isWatched: false })
  sessions.push(session)
  return session
}

beforeAll(() => {
  repository = makeRepository("shop")
  for (const { path, text } of project) repository.write(path, text)
  repository.commit("all")
})
afterAll(async () => {
  for (const { child } of servers) child.kill("SIGKILL")
  for (const child of others) child.kill("SIGKILL")
  await Promise.all(sessions.map(({ close }) => close()))
  repository.dispose()
})

type Message = Readonly<Record<string, unknown>>
type Framing = "lines" | "headers"

const initialize = (id: unknown, more: object = { capabilities: {} }): Message => ({
  id,
  method: "initialize",
  params: { rootUri: `file://${repository.path}`, ...more }
})
const place = () => ({ filepath: "shop/new.py", content: "from shop import Basket\nBasket(" })
const shutdown = { id: "end", method: "shutdown", params: null }
const exit = { method: "exit", params: null }

/** Sends messages to a new process whose input stays open; gives its answers by id, and how it ended. */
const converse = async (framing: Framing, messages: ReadonlyArray<Message>) => {
  const server = start()
  const render = framing === "headers" ? withHeaders : (message: unknown) => `${JSON.stringify(message)}\n`
  server.write(messages.map((message) => render({ jsonrpc: "2.0", ...message })).join(""))
  const { code } = await server.ended
  const answers = framing === "headers"
    ? messagesIn(server.stdout())
    : server.stdout().trim().split("\n").filter((line) => line !== "").map((line) => JSON.parse(line))
  return { answers: answers.map(({ error, id }) => [id, error?.code ?? "result"]), code, stderr: server.stderr() }
}

describe.concurrent("shutdown and exit", () => {
  const conversations: ReadonlyArray<
    readonly [
      what: string,
      framing: Framing,
      messages: () => ReadonlyArray<Message>,
      answers: ReadonlyArray<readonly [unknown, unknown]>,
      code: number
    ]
  > = [
    [
      "the specification's, with null for no params, as Eglot and LSP4IJ send it",
      "headers",
      () => [initialize(1), { method: "initialized", params: null }, shutdown, exit],
      [[1, "result"], ["end", "result"]],
      0
    ],
    [
      "the same on lines",
      "lines",
      () => [initialize(1), { method: "initialized", params: {} }, shutdown, exit],
      [[1, "result"], ["end", "result"]],
      0
    ],
    ["exit without shutdown", "headers", () => [initialize(1), exit], [[1, "result"]], 1],
    ["exit without anything", "headers", () => [exit], [], 1],
    ["exit without anything, on a line", "lines", () => [exit], [], 1],
    ["exit that has null for an id, as if it were a request", "headers", () => [{ ...exit, id: null }], [], 1],
    [
      "requests after shutdown are refused, and nothing that is told is answered",
      "headers",
      () => [
        initialize(1),
        shutdown,
        { id: 3, method: "getContext", params: place() },
        { id: 4, method: "nope", params: null },
        initialize(5),
        { ...shutdown, id: 6 },
        { method: "textDocument/didOpen", params: null },
        { method: "nope", params: 3 },
        exit
      ],
      [[1, "result"], ["end", "result"], [3, -32600], [4, -32600], [5, -32600], [6, -32600]],
      0
    ],
    [
      "requests before initialize, with headers",
      "headers",
      () => [
        { id: 0, method: "getContext", params: place() },
        { id: 1, method: "nope", params: null },
        { ...shutdown, id: 2 },
        { method: "initialized", params: null },
        { method: "textDocument/didOpen", params: null },
        initialize(3),
        shutdown,
        exit
      ],
      [[0, -32002], [1, -32002], [2, -32002], [3, "result"], ["end", "result"]],
      0
    ],
    [
      "requests of the original's clients before initialize, whose shutdown is the end",
      "lines",
      () => [
        { id: 0, method: "getContext", params: place() },
        { id: 1, method: "nope", params: null },
        initialize(2, {}),
        shutdown,
        { id: 3, method: "getContext", params: place() }
      ],
      [[0, -32000], [1, -32601], [2, "result"], ["end", "result"]],
      0
    ],
    [
      "null capabilities, which are none, on lines",
      "lines",
      () => [
        initialize(1, { capabilities: null }),
        { id: 2, method: "getContext", params: { content: "x" } },
        shutdown
      ],
      [[1, "result"], [2, -32000], ["end", "result"]],
      0
    ],
    [
      "places that are not told, by clients that know the codes",
      "headers",
      () => [
        initialize(1),
        { id: 2, method: "getContext", params: { content: "x" } },
        { id: 3, method: "prompt", params: { filepath: "shop/none.py", backend: "ollama", model: "a" } },
        shutdown,
        exit
      ],
      [[1, "result"], [2, -32602], [3, -32602], ["end", "result"]],
      0
    ],
    ["a shutdown that nothing came before, on a line", "lines", () => [shutdown], [["end", "result"]], 0],
    [
      "an initialize that fails, and is given up in order",
      "headers",
      () => [
        initialize(1, { capabilities: {}, rootUri: "file:///does/not/exist" }),
        { id: 2, method: "getContext" },
        shutdown,
        exit
      ],
      [[1, -32000], [2, -32002], ["end", "result"]],
      0
    ]
  ]

  it.each(conversations)("%s", async (_, framing, messages, answers, code) => {
    const heard = await converse(framing, messages())
    assert.deepStrictEqual<ReadonlyArray<unknown>>(heard.answers, answers)
    assert.strictEqual(heard.code, code)
    assert.match(heard.stderr, code === 0 ? /^$/ : /^Ended by "exit" before "shutdown"\n$/)
  })

  it("what else a batch asks after the end is refused", async () => {
    const server = open()
    server.write(`${JSON.stringify([shutdown, { id: 2, method: "getContext" }, exit, { id: 3, method: "nope" }])}\n`)
    await server.ended
    const [end, ...rest] = server.others[0]
    assert.isNull(end.result)
    assert.deepStrictEqual(rest.map(({ error, id }: any) => [id, error.code]), [[2, -32600], [3, -32600]])
  })
})

describe.concurrent("the process that started the server", () => {
  it("ends it when it dies, though its input stays open", async () => {
    const editor = spawn(process.execPath, ["-e", "setTimeout(() => {}, 1e6)"])
    others.push(editor)
    const server = start()
    await server.ask("initialize", { project_root: repository.path, capabilities: {}, processId: editor.pid })
    editor.kill("SIGKILL")
    assert.deepStrictEqual(await server.ended, { code: 0, signal: null })
  })

  it("is not missed where it is a number of another machine's", async () => {
    const gone = spawn(process.execPath, ["-e", ""])
    await new Promise((resolve) => gone.on("close", resolve))
    for (const processId of [gone.pid, 0, -1, 1.5, 2 ** 40, "7", null]) {
      const session = open()
      const ask = () => session.ask("initialize", { project_root: repository.path, capabilities: {}, processId })
      assert.strictEqual((await ask()).result.file_count, 8)
      assert.strictEqual((await ask()).result.file_count, 8)
    }
  })
})

describe("null is what is left out", () => {
  const textDocument = { synchronization: null, completion: null }
  const clients: ReadonlyArray<readonly [name: string, params: () => object]> = [
    ["Eglot", () => ({
      processId: null,
      clientInfo: null,
      rootPath: `${repository.path}/`,
      rootUri: `file://${repository.path}`,
      initializationOptions: null,
      capabilities: { workspace: null, textDocument, general: { positionEncodings: null } },
      workspaceFolders: null
    })],
    ["LSP4IJ", () => ({
      processId: process.pid,
      rootPath: null,
      rootUri: `file://${repository.path}/`,
      initializationOptions: null,
      capabilities: { general: null, window: null, experimental: null, textDocument },
      clientInfo: { name: "IntelliJ IDEA", version: null },
      locale: null,
      trace: "off",
      workspaceFolders: [{ uri: `file://${repository.path}/`, name: "shop" }],
      workDoneToken: null
    })],
    ["Sublime LSP", () => ({
      processId: process.pid,
      rootUri: null,
      rootPath: null,
      workspaceFolders: [{ name: "shop", uri: `file://${repository.path}` }],
      capabilities: null,
      initializationOptions: {}
    })],
    ["Helix and coc.nvim", () => ({
      rootUri: null,
      rootPath: repository.path,
      workspaceFolders: [],
      capabilities: { general: { positionEncodings: [] } },
      initializationOptions: null
    })],
    ["the original's", () => ({ project_root: repository.path, include_paths: null, bm25: null, language: null })]
  ]
  it.each(clients)("in what %s asks first", async (_, params) => {
    const session = open()
    const { error, result } = await session.ask("initialize", params())
    assert.isUndefined(error)
    assert.strictEqual(result.file_count, 8)
    assert.strictEqual(result.capabilities?.positionEncoding ?? "utf-16", "utf-16")
    const optional = {
      uri: null,
      textDocument: null,
      cursor_offset: null,
      offset_encoding: null,
      position: null,
      budget: null,
      sources: null,
      format: null,
      explain: null
    }
    const context = await session.ask("getContext", { ...place(), ...optional })
    assert.deepStrictEqual(context.result, (await session.ask("getContext", place())).result)
    const asked = { ...place(), backend: "openai" }
    const rest = { model: null, max_tokens: null, temperature: null, stream: null, total_chars: null }
    const prompt = await session.ask("prompt", { ...asked, ...optional, ...rest })
    assert.deepStrictEqual(prompt.result, (await session.ask("prompt", asked)).result)
    assert.isString(prompt.result.body.prompt)
  })

  it("in the name of a folder, where none is open: then there are the buffers", async () => {
    const session = open()
    for (const workspaceFolders of [null, []]) {
      const params = { processId: null, rootUri: null, rootPath: null, workspaceFolders, capabilities: {} }
      assert.strictEqual((await session.ask("initialize", params)).result.file_count, 0)
      const text = "def somewhere_else(amount):\n    return amount\n"
      session.tell("textDocument/didOpen", { textDocument: { uri: "file:///elsewhere/a.py", version: 1, text } })
      const asked = { uri: "untitled:Untitled-1", content: "somewhere_else(", position: { line: 0, character: 15 } }
      assert.include((await session.ask("getContext", asked)).result.context, "def somewhere_else(amount):")
    }
    assert.include((await open().ask("initialize", { project_root: null })).error.message, "project_root is missing")
  })

  it("in what is told, which is never answered", async () => {
    const session = open()
    await session.ask("initialize", { project_root: repository.path, capabilities: {} })
    const uri = `file://${repository.path}/shop/price.py`
    const told: ReadonlyArray<readonly [method: string, params: unknown]> = [
      ["initialized", null],
      ["textDocument/didOpen", null],
      ["textDocument/didOpen", { textDocument: null }],
      ["textDocument/didOpen", { textDocument: { uri: null, text: null } }],
      ["textDocument/didChange", { textDocument: { uri }, contentChanges: null }],
      ["textDocument/didChange", { textDocument: { uri }, contentChanges: [null, { text: null }] }],
      ["textDocument/didSave", { textDocument: { uri }, text: null }],
      ["textDocument/didClose", "nonsense"],
      ["workspace/didChangeWatchedFiles", null],
      ["workspace/didChangeWatchedFiles", { changes: null }],
      ["workspace/didChangeConfiguration", { settings: null }],
      ["$/cancelRequest", null],
      ["$/cancelRequest", { id: null }],
      ["$/setTrace", 7],
      ["nope", null]
    ]
    for (const [method, params] of told) session.tell(method, params)
    // Some clients write down even the id that is not there.
    for (const method of ["initialized", "$/setTrace", "textDocument/didOpen", "notifications/initialized"]) {
      session.write(`${JSON.stringify({ jsonrpc: "2.0", id: null, method, params: null })}\n`)
    }
    session.write("{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"nope\",\"params\":null}\n")
    assert.strictEqual((await session.ask("$/nope", null)).error.code, -32601)
    assert.deepStrictEqual(session.others.map(({ error, id }) => [id, error.code]), [[null, -32601]])
  })
})

describe("ids", () => {
  it.each([0, -1, 1.5, "", "0", "ü", 2 ** 53 - 1])("%j comes back", async (id) => {
    const session = open()
    session.write(`${JSON.stringify({ jsonrpc: "2.0", id, method: "nope" })}\n`)
    await eventually(() => session.others.length > 0, "an answer")
    assert.strictEqual(session.others[0].id, id)
  })

  it.each(["9007199254740993", "1e400", "-9007199254740993", "true", "[1]"])(
    "%s, which would come back as another, is refused",
    async (id) => {
      const session = open()
      session.write(`{"jsonrpc":"2.0","id":${id},"method":"initialize","params":{}}\n`)
      await eventually(() => session.others.length > 0, "an answer")
      assert.deepStrictEqual([session.others[0].id, session.others[0].error.code], [null, -32600])
    }
  )

  it("that were answered may be taken back without harm to later ones, and two of the same are answered twice", async () => {
    const session = open()
    await session.ask("initialize", { project_root: repository.path, capabilities: {} })
    const request = { jsonrpc: "2.0", id: 77, method: "getContext", params: place() }
    const cancel = { jsonrpc: "2.0", method: "$/cancelRequest", params: { id: 77 } }
    const answered = (count: number) => eventually(() => session.others.length === count, `${count} answers`)
    const say = (...messages: ReadonlyArray<unknown>) =>
      session.write(messages.map((one) => `${JSON.stringify(one)}\n`).join(""))
    say(request)
    await answered(1)
    say(cancel, { ...cancel, params: { id: "77" } })
    await session.ask("nope")
    say(request)
    await answered(2)
    // A newer request for the file makes the older one needless.
    say(request, { ...request, params: { ...place(), filepath: "shop/other.py" } })
    await answered(4)
    say(request, cancel)
    await answered(5)
    const outcomes = session.others.map(({ error, result }) => error?.code ?? typeof result.context)
    assert.deepStrictEqual(outcomes, ["string", "string", "string", "string", -32800])
  })
})

it("headers are read whatever their letters and their order, and whatever others come along", async () => {
  const body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"nope\"}"
  const heads = [
    `Content-Length: ${body.length}`,
    `content-length:${body.length}`,
    `CONTENT-LENGTH : ${body.length}  `,
    `Content-Type: application/vscode-jsonrpc; charset=utf8\r\nContent-Length: ${body.length}`,
    `Content-Length: ${body.length}\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8`,
    `X-Client: of its own: making\r\nContent-Length: ${body.length}`,
    `\ufeffContent-Length: ${body.length}`
  ]
  const server = open()
  for (const head of heads) server.write(`${head}\r\n\r\n${body}`)
  await eventually(() => messagesIn(server.stdout()).length === heads.length, "an answer for each")
  for (const { error, id } of messagesIn(server.stdout())) assert.deepStrictEqual([id, error.code], [1, -32002])
  const lines = open()
  lines.write("\ufeff{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"nope\"}\r\n")
  await eventually(() => lines.others.length === 1, "an answer to a line behind a mark")
  assert.strictEqual(lines.others[0].error.code, -32601)
})
