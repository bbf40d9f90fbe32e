/** The stand-in for a model's server: what it does not stand before, and what it says of the folder that it read. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { afterAll, assert, describe, it } from "@effect/vitest"
import { type Ended, startProgram } from "../../support/program.ts"
import { temporaryFolder } from "../../support/repository.ts"
import { runTask } from "../../support/task.ts"

const running: Array<{ readonly child: { readonly kill: (signal: NodeJS.Signals) => unknown } }> = []
const folder = temporaryFolder()
afterAll(() => {
  for (const { child } of running) child.kill("SIGKILL")
  rmSync(folder, { recursive: true, force: true })
})

describe("a URL that cannot be stood before is refused at the start, in one line without its secrets", () => {
  const urls: ReadonlyArray<readonly [url: string, reason: RegExp]> = [
    ["http://ada:hunter2@127.0.0.1:8012", /the header Authorization, which is passed on/],
    ["https://ada:hunter2@example.org/v1", /the header Authorization/],
    ["http://hunter2@127.0.0.1:8012", /the header Authorization/],
    ["http://:hunter2@127.0.0.1:8012", /the header Authorization/],
    ["http://ada:hunter2%40@127.0.0.1:8012", /the header Authorization/],
    ["http://ada:hunter2 x@127.0.0.1:8012", /the header Authorization|takes a URL such as/],
    ["http://ada:hunter2@:8012", /takes a URL such as/],
    ["ada:hunter2@127.0.0.1:8012", /takes a URL such as/],
    ["http://127.0.0.1:8012/?key=hunter2", /behind the path/],
    ["http://127.0.0.1:8012/#hunter2", /behind the path/],
    ["http://127.0.0.1:99999", /takes a URL such as .*, and not "http:\/\/127\.0\.0\.1:99999"/],
    ["http://", /takes a URL such as/],
    ["127.0.0.1:8012", /takes a URL such as/],
    ["file:///x", /takes a URL such as/],
    ["http://127.0.0.1:8013", /leads back to --listen/],
    ["HTTP://LOCALHOST:8013/", /leads back to --listen/],
    ["http://[::1]:8013", /leads back to --listen/]
  ]
  const listening = ["--listen", "8013", "--root", folder]
  it.each(urls)("%s", async (url, reason) => {
    const { code, stderr, stdout } = await runTask(["serve-context", "--proxy-infill", url, ...listening])
    assert.strictEqual(code, 64)
    assert.strictEqual(stdout, "")
    assert.match(stderr, /^Cannot use --proxy-infill: [^\n]*\n$/)
    assert.match(stderr, reason)
    assert.notInclude(stderr, "hunter2")
  })
})

describe("the folder that nobody named", () => {
  const begin = (args: ReadonlyArray<string>, cwd: string) => {
    const program = startProgram(["serve-context", "--no-cache", "--no-watch", "-j", "1", ...args], { cwd })
    running.push(program)
    let said = ""
    /** Waits until it has said something, or has ended. */
    const saying = (what: RegExp) =>
      new Promise<void>((resolve) => {
        program.child.stderr?.on("data", (data) => {
          said += data
          if (what.test(said)) resolve()
        })
        void program.ended.then(() => resolve())
      })
    return { ...program, saying, said: () => said }
  }
  const madeFolder = (name: string) => {
    const path = join(folder, name)
    mkdirSync(path)
    writeFileSync(join(path, "price.py"), "def total_price(items):\n    return items\n")
    return path
  }

  it("is said where it lies in no repository, before it is read and when it was", async () => {
    const plain = madeFolder("plain")
    const proxy = begin(["--proxy-infill", "http://127.0.0.1:1/", "--listen", "0"], plain)
    await proxy.saying(/Listening/)
    assert.match(
      proxy.said(),
      new RegExp(
        `^Indexing "${plain}", which lies in no git repository: pass --root for another folder\\n` +
          `Listening on http://127\\.0\\.0\\.1:\\d+ before http://127\\.0\\.0\\.1:1, 1 files of "${plain}" indexed\\n$`
      )
    )
    proxy.child.kill("SIGTERM")
    assert.strictEqual((await proxy.ended as Ended).code, 143)
  })

  it("is said once where it was chosen, or lies in a repository", async () => {
    const [chosen, inside] = [madeFolder("chosen"), madeFolder("inside")]
    mkdirSync(join(folder, "inside", ".git"))
    mkdirSync(join(inside, "deeper"))
    for (const [args, cwd] of [[["--root", chosen], inside], [[], join(inside, "deeper")]] as const) {
      const proxy = begin(["--proxy-infill", "http://127.0.0.1:1", "--listen", "0", ...args], cwd)
      await proxy.saying(/./)
      assert.notStrictEqual(proxy.said(), "")
      assert.notInclude(proxy.said(), "no git repository")
      proxy.child.kill("SIGKILL")
    }
  })

  it("is said by --mcp too, and what a client leaves out of /infill as null is left out", async () => {
    const plain = madeFolder("told")
    const mcp = begin(["--mcp"], plain)
    const { stderr } = await mcp.ended
    assert.include(stderr, `Indexing "${plain}", which lies in no git repository`)
    let seen: any
    const model = createServer(async (request, response) => {
      let body = ""
      for await (const chunk of request) body += chunk
      seen = JSON.parse(body)
      response.end("{}")
    })
    await new Promise<void>((resolve) => model.listen(0, "127.0.0.1", resolve))
    const target = `http://127.0.0.1:${(model.address() as AddressInfo).port}`
    const proxy = begin(["--proxy-infill", target, "--listen", "0", "--root", plain], plain)
    await proxy.saying(/Listening/)
    const address = /http:\/\/127\.0\.0\.1:\d+/.exec(proxy.said())?.[0]
    const given = { input_prefix: "total_price(", prompt: null, input_suffix: null, input_extra: null, n_predict: null }
    const answer = await fetch(`${address}/infill`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer mine" },
      body: JSON.stringify(given)
    })
    assert.strictEqual(answer.status, 200)
    assert.deepStrictEqual({ ...seen, input_extra: null }, given)
    assert.include(seen.input_extra[0].text, "def total_price(items)")
    await new Promise((resolve) => model.close(resolve))
  })
})
