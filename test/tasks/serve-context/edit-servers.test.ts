/** The program before real model servers, in each of their protocols: asked with the key, down, back, slow, and cancelled. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { rmSync } from "node:fs"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import type { Dialect } from "../../../services/next-edit/dialect.ts"
import { sweep } from "../../../services/next-edit/dialects/sweep.ts"
import { zeta2 } from "../../../services/next-edit/dialects/zeta2.ts"
import type { EditMoment } from "../../../services/next-edit/example.ts"
import { project } from "../../contract/Index.ts"
import { type FakeModel, llamaCpp, ollama, openai, vllm } from "../../support/model-protocols.ts"
import { startModelServer } from "../../support/model-server.ts"
import { makeRepository, temporaryFolder, type TestRepository } from "../../support/repository.ts"
import { eventually, type Server, startServer } from "../../support/server.ts"
import { runTask } from "../../support/task.ts"

let repository: TestRepository
let folder: string
beforeAll(() => {
  folder = temporaryFolder()
  repository = makeRepository("shop")
  for (const { path, text } of project) repository.write(path, text)
  repository.commit("all")
})
afterAll(() => {
  repository.dispose()
  rmSync(folder, { recursive: true, force: true })
})

const before = "from shop.price import total_price\n\n\ndef bill(items):\n    return items\n"
const now = before.replace("bill(items)", "bill(items, tax_rate)")
const wanted = now.replace("return items", "return total_price(items, tax_rate)")

/** A model that rewrites its region as is wanted, whatever it is shown. */
const model: FakeModel = { says: () => `${wanted}\n>>>>>>> UPDATED\n`, window: 100_000 }

const begin = async (server: Server) => {
  const uri = `file://${repository.path}/new.py`
  await server.ask("initialize", { rootUri: `file://${repository.path}`, capabilities: {} })
  server.tell("textDocument/didOpen", { textDocument: { uri, languageId: "python", version: 1, text: before } })
  server.tell("textDocument/didChange", { textDocument: { uri, version: 2 }, contentChanges: [{ text: now }] })
  const params = { textDocument: { uri, version: 2 }, position: { line: 4, character: 16 } }
  return async () => (await server.ask("textDocument/copilotInlineEdit", params)).result.edits
}

const end = async (server: Server) => {
  server.child.stdin.end()
  assert.strictEqual((await server.ended).code, 0)
}

const withModel = (endpoint: string, ...more: ReadonlyArray<string>) =>
  startServer(
    ["--no-watch", "--next-edit", endpoint, "--next-edit-model", "zeta2", ...more],
    { RETRACE_API_KEY: "secret-key" }
  )

describe("a model server", () => {
  it.each([["llama.cpp", llamaCpp], ["vllm", vllm], ["openai", openai], ["ollama", ollama]] as const)(
    "is asked as %s speaks, with its key, and shown what other files tell",
    async (name, protocol) => {
      const fake = await startModelServer(protocol(model))
      const server = withModel(fake.endpoint, "--next-edit-protocol", name)
      const ask = await begin(server)
      const [edit] = await ask()
      assert.deepStrictEqual([edit?.text, edit?.range.start], ["total_price(items, tax_rate)", {
        line: 4,
        character: 11
      }])
      const [question] = fake.questions()
      assert.strictEqual(question?.authorization, "Bearer secret-key")
      const prompt = question?.body.prompt
      assert.include(prompt, "<filename>shop/price.py\n")
      assert.include(prompt, "-def bill(items):\n+def bill(items, tax_rate):\n")
      await end(server)
      await fake.close()
    }
  )

  it("that is down costs a line, and another one when it is back", async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve))
    const { port } = taken.address() as AddressInfo
    await new Promise((resolve) => taken.close(resolve))
    const server = withModel(`http://127.0.0.1:${port}`)
    const ask = await begin(server)
    for (let at = 0; at < 3; at++) assert.deepStrictEqual(await ask(), [])
    const answer = JSON.stringify({ content: `${wanted}\n`, stop: true, stop_type: "word" })
    const back = createServer((_, response) => response.setHeader("content-type", "application/json").end(answer))
    await new Promise<void>((resolve) => back.listen(port, "127.0.0.1", resolve))
    for (let at = 0; at < 3; at++) assert.strictEqual((await ask()).length, 1)
    await end(server)
    const lines = server.stderr().trim().split("\n")
    assert.strictEqual(lines.length, 2, server.stderr())
    assert.match(
      lines[0] ?? "",
      new RegExp(`Cannot reach the model server at .*${port}.*no edits are offered until it answers`)
    )
    assert.match(lines[1] ?? "", /the model server answers again/)
    assert.notInclude(server.stderr(), "secret-key")
    await new Promise((resolve) => back.close(resolve))
  })

  it("hears of the end of a question that is cancelled", async () => {
    const fake = await startModelServer(llamaCpp(model), () => ({ _tag: "silence", frames: 0 }))
    const server = withModel(fake.endpoint)
    const ask = await begin(server)
    void ask().catch(() => undefined)
    await fake.begun
    // Its number is what the client gave it: the first request was that of initialize.
    server.tell("$/cancelRequest", { id: 2 })
    await fake.abandoned
    await fake.close()
    await end(server)
  })

  it("that takes too long is left, and a session that ends waits for nobody longer than that", async () => {
    const fake = await startModelServer(llamaCpp(model), () => ({ _tag: "silence", frames: 0 }))
    const server = withModel(fake.endpoint, "--next-edit-timeout", "50ms")
    const ask = await begin(server)
    const abandoned = fake.abandoned.then(() => true)
    // On a busy machine the time may be over before the question is on its way.
    do assert.deepStrictEqual(await ask(), [])
    while (!(await Promise.race([abandoned, Promise.resolve(false)])))
    const last = ask()
    server.child.stdin.end()
    assert.deepStrictEqual(await last, [])
    assert.strictEqual((await server.ended).code, 0)
    await eventually(() => server.stderr() !== "", "the line on standard error")
    assert.match(server.stderr(), /^[^\n]*longer than 50ms for some edits[^\n]*\n$/)
    await fake.close()
  })
})

describe("a stand-in for editors that render their prompts themselves", () => {
  const moment: EditMoment = {
    file: { path: "project/new.py", text: now },
    cursor: now.length - 1,
    events: [{ path: "project/new.py", before, after: now }],
    related: [],
    ancestors: []
  }
  const promptIn = (dialect: Dialect) => {
    const shown = dialect.show(moment)
    return shown._tag === "shown" ? shown.shown.prompt : ""
  }

  it("adds what other files tell, and answers that there is nothing to do where an edit is not to be shown", async () => {
    const asked: Array<any> = []
    let text = ""
    const upstream = createServer((request, response) => {
      let body = ""
      request.setEncoding("utf8")
      request.on("data", (piece) => body += piece)
      request.on("end", () => {
        asked.push(JSON.parse(body))
        response.setHeader("content-type", "application/json")
        const answer = request.url === "/completion"
          ? { content: text, more: 1 }
          : { choices: [{ text }], usage: { n: 2 } }
        response.end(JSON.stringify(answer))
      })
    })
    await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve))
    const target = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`
    const proxy = startServer(["--no-watch", "--proxy-next-edit", target, "--listen", "0", "--root", repository.path])
    await eventually(() => /Listening/.test(proxy.stderr()), "the stand-in listens")
    const address = /http:\/\/127\.0\.0\.1:\d+/.exec(proxy.stderr())?.[0] ?? ""
    const post = async (path: string, body: object): Promise<any> => {
      const answer = await fetch(address + path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body)
      })
      return await answer.json()
    }
    const prompt = promptIn(zeta2)
    const region = `${now.trimEnd()}<|user_cursor|>\n\n>>>>>>> UPDATED\n`
    for (
      const [said, shown] of [
        [`${wanted}\n>>>>>>> UPDATED\n`, undefined],
        ["NO_EDITS\n", region],
        ["KEEP_PREVIOUS", region],
        [`${now}\n>>>>>>> UPDATED\n`, region]
      ] as const
    ) {
      text = said
      assert.deepStrictEqual(await post("/v1/completions", { prompt, model: "m" }), {
        choices: [{ text: shown ?? said }],
        usage: { n: 2 }
      })
      assert.deepStrictEqual(await post("/completion", { prompt, n_predict: 5 }), { content: shown ?? said, more: 1 })
    }
    const fuller = asked[0].prompt
    const at = fuller.indexOf("<filename>shop/price.py\n")
    assert.isAbove(at, 0)
    assert.strictEqual(fuller.replace(fuller.slice(at, fuller.indexOf("<filename>edit_history")), ""), prompt)
    // The small models of Sweep say the window before the last edit, and it is not to come back.
    text = `\n${before.trimEnd()}`
    const sweepRegion = `\n${now.trimEnd()}`
    assert.strictEqual((await post("/v1/completions", { prompt: promptIn(sweep) })).choices[0].text, sweepRegion)
    assert.strictEqual(asked.at(-1).prompt, promptIn(sweep))
    // What is not known, or comes in pieces, is left as it is.
    for (const body of [{ prompt: "def a():" }, { prompt: [1, 2] }, { prompt: promptIn(sweep), stream: true }]) {
      assert.strictEqual((await post("/v1/completions", body)).choices[0].text, text)
      assert.deepStrictEqual(asked.at(-1), body)
    }
    proxy.child.kill("SIGTERM")
    await proxy.ended
    upstream.closeAllConnections()
    await new Promise((resolve) => upstream.close(resolve))
  })
})

describe("a model that cannot be asked is told of at the start, in one line", () => {
  const reasons: ReadonlyArray<readonly [flags: ReadonlyArray<string>, reason: RegExp]> = [
    [["--next-edit", "http://127.0.0.1:1"], /pass --next-edit-model, such as zeta2, zeta2\.1/],
    [
      ["--next-edit", "http://127.0.0.1:1", "--next-edit-model", "gpt-4"],
      /no model of next edits is known by this name/
    ],
    [["--next-edit", "127.0.0.1:1", "--next-edit-model", "zeta2"], /takes a URL such as .*, and not "127\.0\.0\.1:1"/],
    [["--next-edit", "http://a:hunter2@h:1", "--next-edit-model", "zeta2"], /put a key into RETRACE_API_KEY/],
    [["--next-edit", "http://127.0.0.1:1", "--next-edit-model", "zeta2", "--mcp"], /--next-edit with --mcp/],
    [["--proxy-next-edit", "http://127.0.0.1:1"], /only one of --proxy-next-edit and --listen/],
    [["--proxy-next-edit", "http://a:hunter2@h:1", "--listen", "0"], /Cannot use --proxy-next-edit: /],
    [["--next-edit-model", "zeta2"], /pass --next-edit/]
  ]
  it.each(reasons)("%j", async (flags, reason) => {
    const { code, stderr, stdout } = await runTask(["serve-context", "--no-cache", ...flags])
    assert.strictEqual(code, 64)
    assert.strictEqual(stdout, "")
    assert.match(stderr, /^Cannot [^\n]*\n$/)
    assert.match(stderr, reason)
    assert.notInclude(stderr, "hunter2")
  })
})
