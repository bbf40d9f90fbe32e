/** The project as tools of the Model Context Protocol, to the protocol's own client and to messages as they are written. */
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Client } from "@modelcontextprotocol/client"
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { inject } from "vitest"
import { mcpSession } from "../../../tasks/serve-context/mcp.ts"
import type { Workspace } from "../../../tasks/shared/workspace.ts"
import { project } from "../../contract/Index.ts"
import { makeRepository, temporaryFolder, type TestRepository } from "../../support/repository.ts"
import { type Server, startServer } from "../../support/server.ts"

let repository: TestRepository
const servers: Array<Server> = []
const clients: Array<Client> = []

const checkout = "from shop import Basket\n\n\ndef checkout(owner):\n    basket = Basket(owner)\n    basket.\n"

beforeAll(() => {
  repository = makeRepository("shop")
  for (const { path, text } of project) repository.write(path, text)
  repository.write("shop/checkout.py", checkout)
  repository.commit("all")
})
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()))
  for (const { child } of servers) child.kill("SIGKILL")
  repository.dispose()
})

const start = (root = repository.path) => {
  const server = startServer(["--mcp", "--no-watch", "-j", "1", "--root", root])
  servers.push(server)
  return server
}

const names = ["get_context", "get_definition", "get_outline", "search_code"]

describe.concurrent("the protocol's own client", () => {
  const eras: ReadonlyArray<readonly [revision: string, mode: "legacy" | "auto"]> = [
    ["2025-11-25", "legacy"],
    ["2026-07-28", "auto"]
  ]
  const options = ["--mcp", "--no-cache", "--no-watch"]
  it.each(eras)("calls every tool by revision %s, with null for what it leaves out", async (revision, mode) => {
    const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode } })
    clients.push(client)
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [join(inject("bundleFolder"), "main.mjs"), "serve-context", ...options, "--root", repository.path]
      })
    )
    assert.strictEqual(client.getNegotiatedProtocolVersion(), revision)
    assert.include(client.getInstructions(), repository.path)
    const { tools } = await client.listTools()
    assert.deepStrictEqual(tools.map(({ name }) => name), names)
    for (const { annotations, inputSchema } of tools) {
      assert.strictEqual(annotations?.readOnlyHint, true)
      for (const [name, schema] of Object.entries(inputSchema.properties ?? {})) {
        const isNullable = JSON.stringify(schema).includes("{\"type\":\"null\"}")
        assert.strictEqual(isNullable, inputSchema.required?.includes(name) !== true, name)
      }
    }
    const call = async (name: string, args: Record<string, unknown>) => {
      const { content, isError, structuredContent } = await client.callTool({ name, arguments: args })
      const [first] = content
      const text = first?.type === "text" ? first.text : ""
      return { isError, text, value: structuredContent as any } // any: the client held it against the tool's schema.
    }
    const nulls = { content: null, position: null, budget: null, limit: null }

    const context = await call("get_context", { ...nulls, filepath: "shop/checkout.py" })
    assert.match(context.text, /class Basket:\n +def __init__\(self, owner\):/)
    assert.notInclude(context.text, "def checkout")
    assert.strictEqual(context.value.context, context.text)
    assert.strictEqual(context.value.root, repository.path)
    assert.include(context.value.snippets.map(({ path }: any) => path), "shop/basket.py")
    const given = {
      filepath: "shop/checkout.py",
      content: `${checkout}total_price(`,
      position: { line: 6, character: 12 }
    }
    assert.include((await call("get_context", given)).text, "def total_price(items, tax_rate=0.2):")

    const method = await call("get_definition", { ...nulls, name: "Basket.add_item" })
    assert.match(
      method.text,
      /^shop\/basket\.py:\d+-\d+ function in Basket\n {4}def add_item\(self, item, count=1\):\n/
    )
    assert.strictEqual(method.value.total, 1)
    assert.strictEqual(method.value.definitions[0].text, method.text.slice(method.text.indexOf("\n") + 1))
    const cut = await call("get_definition", { name: "Basket", budget: 120 })
    assert.match(
      cut.text,
      /^shop\/basket\.py:\d+-\d+ type\nclass Basket[^]*1 of 1 shown, as far as the budget goes: pass a larger one\n$/
    )
    assert.isBelow(cut.text.length, 200)
    assert.strictEqual((await call("get_definition", { name: "Nothing" })).value.total, 0)

    const outline = await call("get_outline", { ...nulls, filepath: join(repository.path, "shop/basket.py") })
    assert.match(outline.text, /^shop\/basket\.py\n[^]*\d+: class Basket:\n {2}\d+: def __init__\(self, owner\):\n/)
    assert.include(outline.value.symbols.map(({ name }: any) => name), "add_item")

    const found = await call("search_code", { ...nulls, query: "total price tax", limit: 2 })
    assert.strictEqual(found.value.hits[0].path, "shop/price.py")
    assert.include(found.text, "def total_price(items, tax_rate=0.2):")
    assert.isAtMost(found.value.hits.length, 2)
    assert.deepStrictEqual((await call("search_code", { query: "zzz" })).value.hits, [])
  })
})

describe.concurrent("files that nobody sent", () => {
  it("are read below the root, and nowhere else", async () => {
    const outside = temporaryFolder()
    writeFileSync(join(outside, "secret.py"), "import shop\n")
    const folder = makeRepository("edges")
    folder.write("a.py", "def only_here(x):\n    return x\n")
    folder.write("large.py", `x = 1\n${"# all the same\n".repeat(100_000)}`)
    folder.write("binary.py", "\0\0\0")
    symlinkSync(join(outside, "secret.py"), join(folder.path, "link.py"))
    symlinkSync(outside, join(folder.path, "out"))
    mkdirSync(join(folder.path, "folder.py"))
    const server = start(folder.path)
    const text = async (name: string, filepath: string) => {
      const { result } = await server.ask("tools/call", { name, arguments: { filepath } })
      return { isError: result.isError, text: result.content[0].text as string }
    }
    const refused = [
      "link.py",
      "out/secret.py",
      "large.py",
      "binary.py",
      "folder.py",
      "gone.py",
      "/etc/passwd",
      "../x",
      "."
    ]
    for (const filepath of [...refused, join(outside, "secret.py"), `file://${outside}/secret.py`]) {
      for (const name of ["get_context", "get_outline"]) {
        const answer = await text(name, filepath)
        if (filepath === "large.py" && name === "get_outline") continue
        assert.isTrue(answer.isError, `${name} ${filepath}`)
        assert.include(answer.text, filepath)
      }
    }
    folder.write("new.py", "only_here(")
    assert.include((await text("get_context", "new.py")).text, "# --- a.py ---\ndef only_here(x):\n")
    folder.dispose()
  })
})

describe.concurrent("messages", () => {
  it("of the revisions with a handshake negotiate down, and null is what is left out", async () => {
    const server = start()
    for (const revision of ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"]) {
      const hello = await server.ask("initialize", { protocolVersion: revision, capabilities: {}, clientInfo: null })
      assert.strictEqual(hello.result.protocolVersion, revision)
    }
    for (const params of [{ protocolVersion: "2099-01-01" }, { protocolVersion: null, capabilities: null }, null]) {
      assert.strictEqual((await server.ask("initialize", params)).result.protocolVersion, "2025-11-25")
    }
    server.tell("notifications/initialized", null)
    for (const params of [null, undefined, {}, { cursor: null, _meta: null }]) {
      assert.deepStrictEqual((await server.ask("tools/list", params)).result.tools.map(({ name }: any) => name), names)
    }
    assert.deepStrictEqual((await server.ask("ping", null)).result, {})
    const call = async (params: unknown) => server.ask("tools/call", params)
    assert.isTrue((await call({ name: "get_outline", arguments: null })).result.isError)
    assert.isTrue((await call({ name: "get_context", arguments: { filepath: 3 } })).result.isError)
    assert.isTrue((await call({ name: "search_code", arguments: { query: null } })).result.isError)
    for (const params of [null, {}, { name: null }, { name: "nope", arguments: null }]) {
      assert.strictEqual((await call(params)).error.code, -32602)
    }
    for (const method of ["resources/list", "prompts/list", "shutdown", "server/nope"]) {
      assert.strictEqual((await server.ask(method, null)).error.code, -32601)
    }
    server.child.stdin.end()
    assert.deepStrictEqual(await server.ended, { code: 0, signal: null })
    assert.deepStrictEqual(server.others, [])
  })

  it("without a handshake say which revision they are of, or are refused", async () => {
    const server = start()
    const meta = (version: unknown, capabilities: unknown = {}) => ({
      _meta: {
        "io.modelcontextprotocol/protocolVersion": version,
        "io.modelcontextprotocol/clientCapabilities": capabilities
      }
    })
    const discovered = (await server.ask("server/discover", meta("2026-07-28"))).result
    assert.strictEqual(discovered.resultType, "complete")
    assert.strictEqual(discovered.supportedVersions[0], "2026-07-28")
    assert.strictEqual(discovered._meta["io.modelcontextprotocol/serverInfo"].name, "retrace")
    assert.include(discovered.instructions, repository.path)
    const listed = (await server.ask("tools/list", meta("2026-07-28"))).result
    assert.deepStrictEqual([listed.resultType, listed.cacheScope, listed.tools.length], ["complete", "private", 4])
    const search = { name: "search_code", arguments: { query: "basket" }, ...meta("2026-07-28") }
    assert.strictEqual((await server.ask("tools/call", search)).result.resultType, "complete")
    const errors = async (method: string, params: unknown) => (await server.ask(method, params)).error
    assert.deepStrictEqual((await errors("tools/list", meta("1900-01-01"))).data.requested, "1900-01-01")
    assert.strictEqual((await errors("tools/list", meta("1900-01-01"))).code, -32022)
    for (const params of [null, {}, meta(7), meta("2026-07-28", null)]) {
      assert.strictEqual((await errors("server/discover", params)).code, -32602)
    }
    assert.strictEqual((await errors("ping", meta("2026-07-28"))).code, -32601)
    const listen = await server.ask("subscriptions/listen", {
      ...meta("2026-07-28"),
      notifications: { toolsListChanged: true }
    })
    const [told] = server.others
    assert.strictEqual(told.method, "notifications/subscriptions/acknowledged")
    assert.deepStrictEqual(told.params, {
      _meta: { "io.modelcontextprotocol/subscriptionId": listen.id },
      notifications: {}
    })
    assert.strictEqual(listen.result._meta["io.modelcontextprotocol/subscriptionId"], listen.id)
  })

  it("that are taken back are not answered", async () => {
    const server = start()
    const call = (id: number) => ({
      jsonrpc: "2.0",
      id,
      method: "tools/call",
      params: { name: "get_definition", arguments: { name: "Basket" } }
    })
    const takeBack = (requestId: unknown) => ({
      method: "notifications/cancelled",
      params: { requestId, reason: null }
    })
    const messages = [call(1001), call(1002), takeBack(1002), takeBack(null), takeBack(7)]
    server.write(messages.map((message) => `${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`).join(""))
    await server.ask("tools/list")
    assert.deepStrictEqual(server.others.map(({ id, result }) => [id, result.isError]), [[1001, false]])
  })

  it.scoped("that are taken back while the project is opened leave it open for others", () =>
    Effect.gen(function*() {
      const opened = yield* Deferred.make<void>()
      let times = 0
      const workspace = Effect.suspend(() => {
        times++
        const found = { lookUp: () => Effect.succeed([]) } as unknown as Workspace // The tool called here asks no more.
        return Effect.as(Deferred.await(opened), found)
      })
      const session = yield* mcpSession({ root: "/", version: "0" }, workspace)
      const call = session.answer(
        { _tag: "request", id: 1, method: "tools/call", params: { name: "get_definition", arguments: { name: "x" } } },
        "lines",
        () => Effect.void
      )
      const first = yield* Effect.fork(call)
      yield* Effect.yieldNow()
      yield* Fiber.interrupt(first)
      yield* Deferred.succeed(opened, undefined)
      assert.deepInclude(yield* call, { isError: false })
      assert.strictEqual(times, 1)
    }))
})
