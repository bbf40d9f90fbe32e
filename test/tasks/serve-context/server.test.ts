import { execFileSync, spawn } from "node:child_process"
import { readdirSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from "node:fs"
import { createServer, type IncomingMessage } from "node:http"
import { type AddressInfo, connect } from "node:net"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { inject } from "vitest"
import { project } from "../../contract/Index.ts"
import { makeRepository, temporaryFolder, type TestRepository } from "../../support/repository.ts"
import { eventually, messagesIn, type Server, startServer, withHeaders } from "../../support/server.ts"
import { type RunningSession, startSession } from "../../support/session.ts"
import { runTask } from "../../support/task.ts"
import { withTools } from "../../support/with-tools.ts"

let repository: TestRepository
const servers: Array<Server> = []
const sessions: Array<RunningSession> = []
const start = (...args: Parameters<typeof startServer>) => {
  const server = startServer(...args)
  servers.push(server)
  return server
}
/** As a process, but for what only a process can show. */
const open = (...args: Parameters<typeof startSession>) => {
  const session = startSession(...args)
  sessions.push(session)
  return session
}

beforeAll(() => {
  repository = makeRepository("shop")
  for (const { path, text } of project) repository.write(path, text)
  repository.write(".gitignore", "build/\n*.tmp.py\n")
  repository.write("build/out.py", "def built_only(x):\n    return x\n")
  repository.commit("all")
})
afterAll(async () => {
  for (const server of servers) server.child.kill("SIGKILL")
  await Promise.all(sessions.map(({ close }) => close()))
  repository.dispose()
})

const checkout = "from shop import Basket\n\n\ndef checkout(owner):\n    basket = Basket(owner)\n    basket.\n"
const cursor = checkout.indexOf("basket.") + "basket.".length
const place = () => ({ filepath: join(repository.path, "shop/checkout.py"), content: checkout, cursor_offset: cursor })

describe("the original's protocol", () => {
  it("initialize, getContext and shutdown answer as its README shows", async () => {
    const server = start()
    assert.deepStrictEqual(await server.ask("getContext", place()), {
      jsonrpc: "2.0",
      id: 1,
      error: { code: -32000, message: "not initialized" }
    })
    const counts = await server.ask("initialize", { project_root: repository.path, bm25: true })
    assert.deepStrictEqual(Object.keys(counts.result), ["file_count", "bm25_chunks"])
    assert.strictEqual(counts.result.file_count, 8)
    assert.isAtLeast(counts.result.bm25_chunks, 8)
    const answer = await server.ask("getContext", place())
    assert.deepStrictEqual(Object.keys(answer.result), ["context"])
    assert.include(answer.result.context, "# --- shop/basket.py ---\nclass Basket:\n")
    assert.include(answer.result.context, "  def add_item(self, item, count=1):\n")
    const plain = await server.ask("initialize", { project_root: repository.path })
    assert.strictEqual(plain.result.bm25_chunks, 0)
    assert.include((await server.ask("getContext", { ...place(), cursor_offset: null })).result.context, "Basket")
    const explained = await server.ask("getContext", { ...place(), explain: true, budget: 200, sources: ["bm25"] })
    assert.isAtMost(explained.result.context.length, 200)
    assert.isTrue(
      explained.result.snippets.every((snippet: any) => snippet.source === "chunks" && snippet.reason !== "")
    )
    assert.deepStrictEqual(await server.ask("shutdown"), { jsonrpc: "2.0", id: 7, result: null })
    assert.deepStrictEqual(await server.ended, { code: 0, signal: null })
    assert.strictEqual(server.stderr(), "")
  })

  it("--error-codes readme gives the README's code", async () => {
    const server = open({ errorCodes: "readme" })
    assert.strictEqual((await server.ask("getContext", place())).error.code, -1)
  })

  it("what cannot be done is said, and the server goes on", async () => {
    const server = open()
    const errors = async (method: string, params: unknown) => (await server.ask(method, params)).error
    assert.include((await errors("initialize", { project_root: "/does/not/exist" })).message, "there is no such folder")
    assert.include((await errors("initialize", {})).message, "project_root is missing")
    assert.include((await errors("initialize", { project_root: 7 })).message, "project_root")
    assert.include((await errors("initialize", { project_root: ".", language: "klingon" })).message, "klingon")
    assert.include(
      (await errors("initialize", { project_root: repository.path, include_paths: ["/none"] })).message,
      "/none"
    )
    assert.strictEqual((await errors("nope", {})).code, -32601)
    await server.ask("initialize", { project_root: repository.path })
    assert.strictEqual((await errors("getContext", { filepath: "a.py" })).code, -32000)
    assert.strictEqual((await errors("getContext", { ...place(), cursor_offset: "x" })).code, -32000)
    assert.isString((await server.ask("getContext", { ...place(), cursor_offset: 1e9 })).result.context)
    assert.isString((await server.ask("getContext", { ...place(), cursor_offset: -3.5 })).result.context)
  })

  it("batches are answered as batches, notifications never, the end of the input ends it", async () => {
    const server = start()
    server.write(
      "[{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"nope\"},{\"jsonrpc\":\"2.0\",\"method\":\"nope\"},7]\n"
    )
    server.write("[{\"jsonrpc\":\"2.0\",\"method\":\"nope\"}]\nnonsense\n[]\n{\"id\":null}")
    server.child.stdin.end()
    assert.deepStrictEqual(await server.ended, { code: 0, signal: null })
    const lines = server.stdout().trim().split("\n").map((line) => JSON.parse(line))
    assert.deepStrictEqual(
      lines.map((line) => Array.isArray(line) ? line.map((one) => one.error.code) : line.error.code),
      [
        [-32601, -32600],
        -32700,
        -32600,
        -32600
      ]
    )
  })

  it("its Node client works with only the command changed", async () => {
    const client = `
const { spawn } = require("child_process");
const server = spawn(process.execPath, [process.argv[2], "serve-context", "--no-cache"]);
function send(request) {
  server.stdin.write(JSON.stringify(request) + "\\n");
}
let buffer = "";
server.stdout.on("data", (data) => {
  buffer += data.toString();
  const lines = buffer.split("\\n");
  buffer = lines.pop();
  for (const line of lines) {
    if (line.trim()) console.log(JSON.stringify(JSON.parse(line)));
  }
});
send({ jsonrpc: "2.0", id: 1, method: "initialize", params: { project_root: process.argv[3], bm25: true } });
send({ jsonrpc: "2.0", id: 2, method: "getContext", params: JSON.parse(process.argv[4]) });
send({ jsonrpc: "2.0", id: 3, method: "shutdown" });
`
    const folder = temporaryFolder()
    const script = join(folder, "client.cjs")
    writeFileSync(script, client)
    const program = join(inject("bundleFolder"), "main.mjs")
    const content = `# ${"ü€😀".repeat(3000)}\n${checkout}`
    const asked = {
      ...place(),
      content,
      cursor_offset: Buffer.byteLength(content.slice(0, content.indexOf("basket.") + 7))
    }
    const output = execFileSync(process.execPath, [script, program, repository.path, JSON.stringify(asked)], {
      encoding: "utf8"
    })
    const answers = output.trim().split("\n").map((line) => JSON.parse(line))
    assert.deepStrictEqual(answers.map(({ id }) => id), [1, 2, 3])
    assert.include(answers[1].result.context, "def add_item(self, item, count=1):")
    rmSync(folder, { recursive: true })
  })

  it("no line is longer than a client's chunk, whatever the budget", async () => {
    const wide = makeRepository("wide")
    for (let file = 0; file < 40; file++) {
      wide.write(
        `m${file}.py`,
        Array.from(
          { length: 60 },
          (_, at) => `def basket_${file}_${at}(owner="${"ü".repeat(60)}"):\n    return owner\n`
        ).join("\n")
      )
    }
    wide.commit("wide")
    const server = open()
    await server.ask("initialize", { project_root: wide.path, bm25: true })
    const content = Array.from({ length: 40 }, (_, file) => `import m${file}\nm${file}.basket_${file}_1()\n`).join("")
    const answer = await server.ask("getContext", { filepath: join(wide.path, "x.py"), content, budget: 500_000 })
    assert.isAbove(answer.result.context.length, 5000)
    assert.isBelow(Math.max(...server.stdout().split("\n").map((line) => line.length)), 61_000)
    assert.match(server.stdout(), /^[\n\x20-\x7e]*$/)
    wide.dispose()
  })
})

describe("the Language Server Protocol", () => {
  it("frames by headers, follows documents, tells of progress, cancels", async () => {
    const server = start()
    const send = (message: unknown) => server.write(withHeaders(message))
    const uri = `file://${repository.path}/shop/price.py`
    send({
      jsonrpc: "2.0",
      id: 1,
      method: "initialize",
      params: { rootUri: `file://${repository.path}`, capabilities: {}, workDoneToken: "w", bm25: true }
    })
    send({ jsonrpc: "2.0", method: "initialized", params: {} })
    const text = readFileSync(join(repository.path, "shop/price.py"), "utf8")
    send({
      jsonrpc: "2.0",
      method: "textDocument/didOpen",
      params: { textDocument: { uri, languageId: "python", version: 1, text } }
    })
    const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }
    const contentChanges = [{ range, text: "def unsaved_price(amount, unsaved_rate):\n    return amount\n\n\n" }]
    send({
      jsonrpc: "2.0",
      method: "textDocument/didChange",
      params: { textDocument: { uri, version: 2 }, contentChanges }
    })
    const other = {
      textDocument: { uri: `file://${repository.path}/shop/new.py` },
      content: "from shop.price import unsaved_price\n\nx = unsaved_price(",
      position: { line: 2, character: 18 }
    }
    send({ jsonrpc: "2.0", id: 2, method: "getContext", params: other })
    send({ jsonrpc: "2.0", method: "textDocument/didClose", params: { textDocument: { uri } } })
    send({ jsonrpc: "2.0", id: 3, method: "getContext", params: other })
    send({ jsonrpc: "2.0", id: 4, method: "getContext", params: { textDocument: { uri } } })
    send({ jsonrpc: "2.0", id: 5, method: "getContext", params: other })
    send({ jsonrpc: "2.0", id: 6, method: "getContext", params: other })
    send({ jsonrpc: "2.0", method: "$/cancelRequest", params: { id: 6 } })
    send({ jsonrpc: "2.0", id: 7, method: "shutdown" })
    send({ jsonrpc: "2.0", method: "exit" })
    assert.deepStrictEqual(await server.ended, { code: 0, signal: null })
    const messages = messagesIn(server.stdout())
    const answer = (id: number) => messages.find((message) => message.id === id)
    assert.strictEqual(answer(1).result.capabilities.textDocumentSync.change, 2)
    assert.strictEqual(answer(1).result.file_count, 8)
    const progress = messages.filter(({ method }) => method === "$/progress").map(({ params }) => params.value.kind)
    assert.strictEqual(progress[0], "begin")
    assert.strictEqual(progress.at(-1), "end")
    const told = messages.findLast(({ method }) => method === "$/progress")
    assert.match(told.params.value.message, /^8 files indexed; left out: \d+ no known language/)
    const contexts = [2, 3, 5].map((id) => answer(id))
    // Answers to the same file may be replaced by a newer request; the last one that was not cancelled never is.
    for (const one of contexts) assert.isTrue(one.error?.code === -32800 || typeof one.result.context === "string")
    assert.strictEqual(answer(4).error.code, -32602)
    assert.strictEqual(answer(6).error.code, -32800)
    assert.isNull(answer(7).result)
  })

  it("unsaved text of one buffer is seen from another until the buffer is closed", async () => {
    const server = open()
    await server.ask("initialize", { project_root: repository.path, capabilities: {} })
    const uri = `file://${repository.path}/shop/price.py`
    const asked = {
      filepath: join(repository.path, "shop/new.py"),
      content: "from shop.price import unsaved_price\n\nx = unsaved_price(",
      position: { line: 2, character: 18 }
    }
    const context = async () => (await server.ask("getContext", asked)).result.context
    assert.notInclude(await context(), "unsaved_rate")
    server.tell("textDocument/didOpen", {
      textDocument: { uri, text: "def unsaved_price(amount, unsaved_rate):\n    return amount\n" }
    })
    assert.include(await context(), "def unsaved_price(amount, unsaved_rate):")
    server.tell("textDocument/didClose", { textDocument: { uri } })
    assert.notInclude(await context(), "unsaved_rate")
  })

  it("10,000 changes in a row are one change when a context is asked", async () => {
    const server = open()
    await server.ask("initialize", { project_root: repository.path, capabilities: {} })
    const uri = `file://${repository.path}/shop/price.py`
    server.tell("textDocument/didOpen", { textDocument: { uri, text: "def burst():\n    pass\n" } })
    const range = { start: { line: 0, character: 9 }, end: { line: 0, character: 9 } }
    const started = performance.now()
    for (let change = 0; change < 10_000; change++) {
      server.tell("textDocument/didChange", {
        textDocument: { uri },
        contentChanges: [{ range, text: String(change % 10) }]
      })
    }
    const content = "from shop.price import burst\nburst"
    const answer = await server.ask("getContext", {
      filepath: join(repository.path, "x.py"),
      content,
      cursor_offset: 99
    })
    assert.isString(answer.result.context)
    // A parse for each would take minutes: this bound tells the two apart on any machine.
    assert.isBelow(performance.now() - started, 20_000)
  })
})

describe("files on disk", () => {
  it("that come, change and go are followed; ignored ones are not", async () => {
    const watched = makeRepository("watched")
    watched.write("a.py", "def first_version(x):\n    return x\n")
    watched.write(".gitignore", "*.tmp.py\n")
    watched.commit("one")
    const server = open()
    await server.ask("initialize", { project_root: watched.path })
    const context = async (name: string) =>
      (await server.ask("getContext", {
        filepath: join(watched.path, "x.py"),
        content: `${name}(`,
        cursor_offset: name.length
      })).result.context as string
    assert.include(await context("first_version"), "def first_version(x):")
    watched.write("a.py", "def second_version(x):\n    return x\n")
    await eventually(
      async () => (await context("second_version")).includes("def second_version(x):"),
      "a change is seen"
    )
    watched.write("b.tmp.py", "def ignored_one(x):\n    return x\n")
    watched.write("b.py", "def third_version(x):\n    return x\n")
    await eventually(
      async () => (await context("third_version")).includes("def third_version(x):"),
      "a new file is seen"
    )
    assert.notInclude(await context("ignored_one"), "def ignored_one")
    unlinkSync(join(watched.path, "b.py"))
    await eventually(
      async () => !(await context("third_version")).includes("def third_version"),
      "a file that went is forgotten"
    )
    renameSync(join(watched.path, "a.py"), join(watched.path, "c.py"))
    await eventually(async () => (await context("second_version")).includes("# --- c.py ---"), "a new name is seen")
    // Without watching, the client tells.
    const told = start(["--no-watch"])
    await told.ask("initialize", { project_root: watched.path, capabilities: {} })
    watched.write("d.py", "def told_version(x):\n    return x\n")
    told.tell("workspace/didChangeWatchedFiles", { changes: [{ uri: `file://${watched.path}/d.py`, type: 1 }] })
    const asked = { filepath: "x.py", content: "told_version(", cursor_offset: 12 }
    assert.include((await told.ask("getContext", asked)).result.context, "def told_version(x):")
    watched.dispose()
  })

  it("a second start reads the snapshot and answers the same; a damaged one is built anew", async () => {
    const cache = temporaryFolder()
    const run = async () => {
      const child = spawn(process.execPath, [join(inject("bundleFolder"), "main.mjs"), "serve-context"], {
        env: { ...process.env, XDG_CACHE_HOME: cache },
        stdio: ["pipe", "pipe", "inherit"]
      })
      let output = ""
      child.stdout.on("data", (data) => output += data)
      const send = (message: unknown) => child.stdin.write(`${JSON.stringify(message)}\n`)
      send({ jsonrpc: "2.0", id: 1, method: "initialize", params: { project_root: repository.path, bm25: true } })
      send({ jsonrpc: "2.0", id: 2, method: "getContext", params: place() })
      await eventually(() => output.split("\n").length > 2, "two answers")
      const snapshots = () =>
        readdirSync(cache, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".index"))
      await eventually(() => snapshots().length > 0, "a snapshot")
      child.stdin.end()
      await new Promise((resolve) => child.on("close", resolve))
      return { output, snapshot: join(cache, snapshots()[0] ?? "") }
    }
    const cold = await run()
    assert.strictEqual((await run()).output, cold.output)
    const bytes = readFileSync(cold.snapshot)
    writeFileSync(cold.snapshot, bytes.subarray(0, bytes.length / 2))
    assert.strictEqual((await run()).output, cold.output)
    rmSync(cache, { recursive: true })
  })
})

describe("other ways in", () => {
  it("several clients of one socket share the index and not their buffers", async () => {
    const folder = temporaryFolder()
    const socket = join(folder, "s.sock")
    const server = start(["--socket", socket])
    await eventually(() => server.stderr().includes("Listening"), "the socket")
    const client = async () => {
      const stream = connect(socket)
      await new Promise((resolve) => stream.once("connect", resolve))
      let rest = ""
      let id = 0
      const waiting: Array<(answer: any) => void> = []
      stream.setEncoding("utf8")
      stream.on("data", (data) => {
        rest += data
        const lines = rest.split("\n")
        rest = lines.pop() ?? ""
        for (const line of lines) waiting.shift()?.(JSON.parse(line))
      })
      const send = (message: object) => stream.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`)
      const ask = (method: string, params?: unknown) =>
        new Promise<any>((resolve) => {
          waiting.push(resolve)
          send({ id: ++id, method, params })
        })
      return { ask, send, stream }
    }
    const [one, two] = [await client(), await client()]
    for (const each of [one, two]) {
      assert.strictEqual((await each.ask("initialize", { project_root: repository.path })).result.file_count, 8)
    }
    const uri = `file://${repository.path}/shop/price.py`
    one.send({
      method: "textDocument/didOpen",
      params: { textDocument: { uri, text: "def private_price(amount, only_mine):\n    return 1\n" } }
    })
    const asked = {
      filepath: "shop/new.py",
      content: "from shop.price import private_price, total_price\nprivate_price(total_price(",
      cursor_offset: 70
    }
    for (let turn = 0; turn < 3; turn++) {
      const [mine, theirs] = await Promise.all([one.ask("getContext", asked), two.ask("getContext", asked)])
      assert.include(mine.result.context, "only_mine")
      assert.notInclude(theirs.result.context, "only_mine")
      assert.include(theirs.result.context, "def total_price(items, tax_rate=0.2):")
    }
    assert.isNull((await one.ask("shutdown")).result)
    one.stream.destroy()
    assert.include((await two.ask("getContext", asked)).result.context, "tax_rate")
    const second = start(["--socket", socket])
    assert.strictEqual((await second.ended).code, 69)
    assert.match(second.stderr(), /^Cannot listen on ".*s\.sock": another program listens there/)
    two.stream.destroy()
    server.child.kill("SIGTERM")
    assert.strictEqual((await server.ended).code, 143)
    rmSync(folder, { recursive: true })
  })

  it("prompt gives the body that each backend takes, in the formats of training", async () => {
    const server = open()
    await server.ask("initialize", { project_root: repository.path, bm25: true })
    const prompt = async (more: object) => (await server.ask("prompt", { ...place(), ...more })).result
    const llama = await prompt({ backend: "llama.cpp", max_tokens: 9 })
    assert.strictEqual(llama.path, "/infill")
    assert.strictEqual(llama.body.prompt, "    basket.")
    assert.strictEqual(llama.body.input_prefix + llama.body.prompt + llama.body.input_suffix, checkout)
    assert.strictEqual(llama.body.n_predict, 9)
    assert.include(llama.body.input_extra.map(({ filename }: any) => filename), "shop/basket.py")
    const openai = await prompt({ backend: "openai", model: "m", format: "qwen2.5-coder" })
    assert.match(
      openai.body.prompt,
      /^<\|repo_name\|>shop\n<\|file_sep\|>[^]*<\|file_sep\|>shop\/checkout\.py\n<\|fim_prefix\|>from shop[^]*<\|fim_middle\|>$/
    )
    assert.include(openai.body.prompt, "<|file_sep|>shop/basket.py\nclass Basket:\n")
    assert.deepStrictEqual(openai.body.stop, ["<|endoftext|>"])
    const ollama = await prompt({ backend: "ollama", model: "m", format: "codellama" })
    assert.isTrue(ollama.body.raw)
    assert.match(ollama.body.prompt, /^<PRE> # --- /)
    const mistral = await prompt({ backend: "mistral" })
    assert.match(mistral.body.prompt, /^\+\+\+\+\+ [^]*\+\+\+\+\+ shop\/checkout\.py\nfrom shop/)
    assert.strictEqual(mistral.body.suffix, "\n")
    assert.include((await server.ask("prompt", { ...place(), backend: "x" })).error.message, "backend")
  })

  it("--proxy-infill adds context to /infill and passes the rest through", async () => {
    const seen: Array<{ url: string | undefined; body: string; agent: string | undefined }> = []
    const bodyOf = async (request: IncomingMessage) => {
      let body = ""
      for await (const chunk of request) body += chunk
      return body
    }
    const model = createServer(async (request, response) => {
      seen.push({ url: request.url, body: await bodyOf(request), agent: request.headers["x-agent"]?.toString() })
      if (request.url === "/health") {
        response.writeHead(418, { "x-kind": "teapot" }).end("short and stout")
        return
      }
      response.writeHead(200, { "content-type": "text/event-stream" })
      response.write("data: one\n\n")
      setTimeout(() => response.end("data: two\n\n"), 30)
    })
    await new Promise<void>((resolve) => model.listen(0, "127.0.0.1", resolve))
    const target = `http://127.0.0.1:${(model.address() as AddressInfo).port}`
    const probe = createServer()
    await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve))
    const { port } = probe.address() as AddressInfo
    await new Promise((resolve) => probe.close(resolve))
    const server = start(["--proxy-infill", target, "--listen", String(port), "--root", repository.path])
    await eventually(() => server.stderr().includes("Listening"), "the proxy")
    const base = `http://127.0.0.1:${port}`
    const health = await fetch(`${base}/health`, { headers: { "x-agent": "vim" } })
    assert.strictEqual(health.status, 418)
    assert.strictEqual(health.headers.get("x-kind"), "teapot")
    assert.strictEqual(await health.text(), "short and stout")
    assert.strictEqual(seen[0]?.agent, "vim")
    const price = project.find(({ path }) => path === "shop/basket.py")?.text ?? ""
    const at = price.indexOf("        return total_price")
    const own = { filename: "ring", text: "mine" }
    const infill = (prefix: string) =>
      fetch(`${base}/infill`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          input_prefix: prefix,
          prompt: "        return ",
          input_suffix: "\n",
          input_extra: [own],
          n_predict: 5
        })
      })
    const answer = await infill(price.slice(0, at))
    assert.strictEqual(await answer.text(), "data: one\n\ndata: two\n\n")
    const sent = JSON.parse(seen[1]?.body ?? "")
    assert.strictEqual(sent.n_predict, 5)
    assert.deepStrictEqual(sent.input_extra.at(-1), own)
    assert.include(sent.input_extra.map(({ text }: any) => text).join(""), "def total_price(items, tax_rate=0.2):")
    const broken = await fetch(`${base}/infill`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "not json"
    })
    assert.strictEqual(await broken.text(), "data: one\n\ndata: two\n\n")
    assert.strictEqual(seen[2]?.body, "not json")
    await new Promise((resolve) => model.close(resolve))
    assert.strictEqual((await infill("x")).status, 502)
  })

  it("flags that cannot be meant are refused", async () => {
    for (
      const args of [["--mcp", "--socket", "x"], ["--listen", "1"], ["--proxy-infill", "ftp", "--listen", "9"], [
        "--proxy-infill",
        "http://x",
        "--listen",
        "z"
      ]]
    ) {
      const { code, stderr, stdout } = await runTask(["serve-context", ...args])
      assert.strictEqual(code, 64)
      assert.match(stderr, /^Cannot [^\n]*\n$/)
      assert.strictEqual(stdout, "")
    }
  })
})

describe("a client that vanishes", () => {
  withTools("ps").it("ends the process within a second, even while it indexes", async () => {
    // The client starts the server, asks for a project that takes long once it answers, and is killed.
    const program = join(inject("bundleFolder"), "main.mjs")
    const large = makeRepository("large")
    const body = Array.from({ length: 2000 }, (_, at) => `def function_${at}(a, b=${at}):\n    return a + b\n`).join(
      "\n"
    )
    for (let file = 0; file < 60; file++) large.write(`f${file}.py`, `FILE = ${file}\n${body}`)
    const script = `
const { spawn } = require("child_process")
const server = spawn(process.execPath, [${JSON.stringify(program)}, "serve-context", "--no-cache"])
server.stdin.write('{"jsonrpc":"2.0","id":0,"method":"nope"}\\n')
server.stdout.once("data", () => {
  server.stdin.write('{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"project_root":${
      JSON.stringify(large.path)
    }}}\\n')
  console.log(server.pid)
})
setInterval(() => {}, 1000)
`
    const client = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] })
    const pid = await new Promise<number>((resolve) => client.stdout.once("data", (data) => resolve(Number(data))))
    await new Promise((resolve) => setTimeout(resolve, 700))
    // Whoever adopts the process may take its time to bury it.
    const isAlive = () => {
      try {
        process.kill(pid, 0)
        return !execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).startsWith("Z")
      } catch {
        return false
      }
    }
    assert.isTrue(isAlive())
    client.kill("SIGKILL")
    const from = performance.now()
    await eventually(() => !isAlive(), "the server ends")
    assert.isBelow(performance.now() - from, 1000)
    large.dispose()
  })
})
