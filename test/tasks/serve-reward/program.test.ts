import { execFile } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { promisify } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { afterAll } from "vitest"
import * as MemorySandbox from "../../../layers/sandbox/MemorySandbox.ts"
import { asked } from "../../../tasks/serve-reward/asked.ts"
import { serveRewardsOf } from "../../../tasks/serve-reward/serve.ts"
import type { Choices } from "../../../tasks/shared/asked/asked.ts"
import { answersChosen } from "../../../tasks/shared/asked/read.ts"
import { Screen } from "../../../tasks/shared/terminal.ts"
import { type Ended, startProgram } from "../../support/program.ts"
import { makeScreen } from "../../support/screen.ts"
import { withSandbox, withTools } from "../../support/with-tools.ts"

const run = promisify(execFile)

interface Running {
  readonly url: string
  readonly pid: number
  readonly stop: (signal: NodeJS.Signals) => Promise<Ended>
}

const running: Array<Running> = []
afterAll(() => Promise.all(running.map(({ stop }) => stop("SIGKILL"))))

const start = (...args: ReadonlyArray<string>) =>
  new Promise<Running>((resolve, reject) => {
    const { child, ended } = startProgram(["serve-reward", "--port", "0", ...args])
    let said = ""
    child.stderr?.on("data", (data) => {
      said += data
      const url = /http:\S+/.exec(said)?.[0]
      if (url === undefined) return
      const server: Running = {
        url,
        pid: child.pid ?? 0,
        stop: (signal) => {
          child.kill(signal)
          return ended
        }
      }
      running.push(server)
      resolve(server)
    })
    void ended.then(({ stderr }) => reject(new Error(stderr)))
  })

/** The same server over a sandbox without a Vim: what it does with requests is not Vim's matter. */
const listenInMemory = Effect.fnUntraced(function*(choices: Choices<typeof asked>) {
  const { screen, stderr } = makeScreen()
  const answers = yield* answersChosen(asked, { port: 0, ...choices })
  const serving = yield* Effect.forkScoped(
    serveRewardsOf(answers).pipe(
      Effect.provide(MemorySandbox.layer),
      Effect.provideService(Screen, screen)
    )
  )
  const said = Effect.repeat(Effect.sleep("1 millis"), { until: () => stderr().includes("http") })
  yield* Effect.raceFirst(said, Fiber.join(serving))
  return /http:\S+/.exec(stderr())?.[0] ?? ""
})

const post = async (url: string, body: unknown) => {
  const response = await fetch(`${url}/reward`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body)
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: JSON.parse(text) }
}

withSandbox.describe("serve-reward", () => {
  it("rewards right answers under 64 requests at once, and says what it did", async () => {
    const { stop, url } = await start("--concurrency", "2")
    const answers = await Promise.all(Array.from({ length: 64 }, (_, number) =>
      post(url, [
        { source: `one ${number}\n`, target: "", completion: "dd" },
        { source: `one ${number}\n`, target: `ne ${number}\n`, completion: "```\nx\n```" },
        { source: `one ${number}\n`, target: `ne ${number}\n`, completion: "X" }
      ])))
    for (const [number, { body, status }] of answers.entries()) {
      assert.strictEqual(status, 200)
      assert.deepStrictEqual(body, [
        { reward: 1, valid: true, keystrokes: 2, text: "", outcome: "finished" },
        { reward: 1, valid: true, keystrokes: 1, text: `ne ${number}\n`, outcome: "finished" },
        { reward: 0, valid: false, keystrokes: 1, text: `one ${number}\n`, outcome: "finished" }
      ])
    }
    const metrics = await (await fetch(`${url}/metrics`)).text()
    assert.include(metrics, "retrace_completions_total{outcome=\"finished\"} 192")
    assert.include(metrics, "retrace_valid_total 128")
    assert.include(metrics, "retrace_waiting 0")
    assert.deepStrictEqual(await (await fetch(`${url}/health`)).json(), { status: "ok", waiting: 0 })
    const ended = await stop("SIGTERM")
    assert.deepStrictEqual([ended.code, ended.stdout], [143, ""])
  })

  it("gives more for fewer keys, up to the share", async () => {
    const { url } = await start("--length-bonus", "0.5")
    const target = "hello world, how are you\n"
    const { body } = await post(url, [
      { source: "hello world, how are yo\n", target, completion: "Au<Esc>" },
      { source: "hello world, how are yo\n", target, completion: `S${target.trim()}<Esc>` },
      { source: "hello world, how are yo\n", target, completion: "x" }
    ])
    const rewards: ReadonlyArray<number> = body.map(({ reward }: { readonly reward: number }) => reward)
    assert.closeTo(rewards[0] ?? 0, 1 + 0.5 * (1 - 3 / 26), 1e-9)
    assert.deepStrictEqual(rewards.slice(1), [1, 0])
  })

  it("takes no more than may wait, and what it took gets its answer although it is asked to end", async () => {
    const { stop, url } = await start("--max-queue", "8", "--concurrency", "1", "--time-limit", "0.3")
    const busy = { source: "a\n", target: "b\n", completion: ":while 1<CR>:endwhile<CR>" }
    const first = post(url, [busy, busy, busy])
    const isIdle = async () => (await (await fetch(`${url}/health`)).text()).includes("\"waiting\":0")
    while (await isIdle()) await new Promise((done) => setTimeout(done, 5))
    const second = await post(url, Array.from({ length: 6 }, () => busy))
    assert.strictEqual(second.status, 429)
    assert.strictEqual(second.headers.get("retry-after"), "1")
    const ending = stop("SIGINT")
    const { body, status } = await first
    assert.strictEqual(status, 200)
    assert.deepStrictEqual(body.map(({ outcome }: { readonly outcome: string }) => outcome), Array(3).fill("timed out"))
    assert.strictEqual((await ending).code, 130)
  })

  withTools("/proc").it("keeps its memory bounded", async () => {
    const { pid, url } = await start("--concurrency", "2")
    const memory = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1]) / 1024
    const source = "word ".repeat(8000)
    const wave = () =>
      Promise.all(
        Array.from({ length: 32 }, () =>
          post(url, Array.from({ length: 2 }, () => ({ source, target: source, completion: "x" }))))
      )
    await wave()
    const before = memory()
    for (let round = 0; round < 4; round++) await wave()
    assert.isBelow(memory() - before, 100)
  }, 60_000)

  withTools("python3").it("is called by the Python adapters that its page shows", async () => {
    const { url } = await start()
    const page = readFileSync(join(import.meta.dirname, "../../../tasks/serve-reward/README.md"), "utf8")
    const adapters = [...page.matchAll(/```python\n([\s\S]*?)```/g)].map(([, code]) => code ?? "")
      .filter((code) => code.includes("/reward"))
    assert.strictEqual(adapters.length, 2)
    const uses = [
      "print(reward(completions=['x', [{'role': 'assistant', 'content': 'dd'}]], source=['ab', 'ab'], target=['b', 'b']))",
      "print(vim_reward('task', [{'role': 'assistant', 'content': 'x'}], 'b', info={'source': 'ab'}))"
    ]
    const printed = await Promise.all(
      adapters.map((code, index) =>
        run("python3", ["-c", `${code.replaceAll("http://127.0.0.1:8765", url)}\n${uses[index] ?? ""}`])
      )
    )
    assert.deepStrictEqual(printed.map(({ stdout }) => stdout.trim()), ["[1.0, 0.0]", "1.0"])
  })
})

describe("serve-reward, whatever is behind it", () => {
  it.scopedLive("refuses what is no request", () =>
    Effect.gen(function*() {
      const url = yield* listenInMemory({ maxBody: 2 ** 20 })
      yield* Effect.promise(async () => {
        const statusOf = async (path: string, options?: RequestInit) => (await fetch(`${url}${path}`, options)).status
        assert.strictEqual(await statusOf("/"), 404)
        assert.strictEqual(await statusOf("/reward"), 405)
        for (const body of ["", "{}", "[1]", "[{\"source\": \"\"}]", "nonsense"]) {
          assert.strictEqual((await post(url, body)).status, 400, body)
        }
        assert.strictEqual((await post(url, "x".repeat(2 ** 20 + 1))).status, 413)
        assert.deepStrictEqual((await post(url, [])).body, [])
      })
    }))

  it.scopedLive("gives each completion its own reward, in its place, and counts them", () =>
    Effect.gen(function*() {
      const url = yield* listenInMemory({})
      const numbers = Array.from({ length: 50 }, (_, number) => number)
      yield* Effect.promise(async () => {
        await Promise.all(numbers.map(async (number) => {
          const tasks = ["x", "A!<Esc>", "gUU"].map((completion) => ({
            source: `${number}1\n`,
            target: `${number}1!\n`,
            completion
          }))
          const { body } = await post(url, tasks)
          assert.deepStrictEqual(body.map(({ reward }: { readonly reward: number }) => reward), [0, 1, 0])
          assert.strictEqual(body[0].text, `${number}1\n`.slice(1))
          assert.strictEqual(body[2].outcome, "crashed")
        }))
        const metrics = await (await fetch(`${url}/metrics`)).text()
        assert.include(metrics, "retrace_completions_total{outcome=\"finished\"} 100")
        assert.include(metrics, "retrace_completions_total{outcome=\"crashed\"} 50")
        assert.include(metrics, "retrace_valid_total 50")
      })
    }))

  it.scopedLive("looks for answers behind the thoughts, and types nothing where there is none", () =>
    Effect.gen(function*() {
      const url = yield* listenInMemory({})
      const task = (completion: string) => ({ source: "ab\n", target: "b\n", completion })
      const right = [
        "<think>maybe dd</think>\nx",
        "<think>```\ndd\n```</think>x",
        "maybe dd</think>\n\n```\nx\n```",
        "x"
      ]
      const none = [
        ["I cannot help.", "prose"],
        ["<think>maybe\n```\nx\n```", "unfinished thoughts"],
        ["", "empty answer"],
        ["<think>maybe x</think>", "empty answer"]
      ]
      yield* Effect.promise(async () => {
        const { body, status } = await post(
          url,
          [...right, "dd", ...none.map(([completion = ""]) => completion)].map(task)
        )
        assert.strictEqual(status, 200)
        assert.deepStrictEqual(body.map(({ reward }: { readonly reward: number }) => reward), [
          1,
          1,
          1,
          1,
          0,
          0,
          0,
          0,
          0
        ])
        assert.deepStrictEqual(
          body.slice(right.length + 1),
          none.map(([, reason]) => ({ reward: 0, valid: false, keystrokes: 0, text: null, outcome: "refused", reason }))
        )
        const metrics = await (await fetch(`${url}/metrics`)).text()
        assert.include(metrics, "retrace_completions_total{outcome=\"refused\"} 4\n")
        assert.include(metrics, "retrace_refused_total{reason=\"empty answer\"} 2\n")
        assert.include(metrics, "retrace_refused_total{reason=\"prose\"} 1\n")
      })
    }))

  it.scopedLive("says in one line why it does not start", () =>
    Effect.gen(function*() {
      const { port } = new URL(yield* listenInMemory({}))
      const failure = yield* Effect.flip(listenInMemory({ port: Number(port) }))
      assert.strictEqual(failure.exitCode, 69)
      assert.match(failure.message, /^Cannot listen on 127\.0\.0\.1:\d+: [^\n]*pass another --port$/)
    }))
})
