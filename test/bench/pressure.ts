/**
 * `pnpm bench pressure [--against=<launcher>] [--rounds=3] [--scene=<words>]`: the servers under pressure, from outside:
 * 200,000 protocol lines, 20,000 requests of one client, 100 clients at once, clients that never read, and 20,000 requests
 * over HTTP. Beside another version of the program in the same run, turn by turn; times are medians, memory is the peak of
 * all rounds.
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { Agent, request } from "node:http"
import { connect, type Socket } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Readable, Writable } from "node:stream"

const args = process.argv.slice(2)
const valueOf = (flag: string) => args.find((arg) => arg.startsWith(`--${flag}=`))?.slice(flag.length + 3)
const rounds = Number(valueOf("rounds") ?? 3)
const against = valueOf("against")
const launchers = [join(process.cwd(), "tasks", "launch.mjs"), ...(against === undefined ? [] : [against])]

const folder = mkdtempSync(join(tmpdir(), "retrace-bench-"))
const children: Array<ChildProcessWithoutNullStreams> = []
process.on("exit", () => {
  for (const child of children) child.kill("SIGKILL")
  rmSync(folder, { recursive: true, force: true })
})
for (let file = 0; file < 100; file++) {
  const functions = Array.from(
    { length: 20 },
    (_, at) => `def compute_${file}_${at}(values, limit=${at}):\n    return sum(values) + limit\n`
  )
  writeFileSync(join(folder, `m${file}.py`), functions.join("\n"))
}
writeFileSync(join(folder, "rows.jsonl"), "{\"text\":\"a row\"}\n".repeat(1000))

interface Figures {
  readonly millis: number
  /** Seconds of processor time, which a busy machine does not change. */
  readonly processor: number
  readonly mebibytes: number
  readonly more: string
}

const pause = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis))

const start = (launcher: string, call: ReadonlyArray<string>) => {
  const child = spawn(process.execPath, [launcher, ...call], { stdio: ["pipe", "pipe", "pipe"] })
  children.push(child)
  child.stdin.on("error", () => undefined)
  let said = ""
  child.stderr.on("data", (data) => said += data)
  const says = async (what: RegExp, seconds: number): Promise<RegExpExecArray | undefined> => {
    for (const until = performance.now() + seconds * 1000; performance.now() < until; await pause(20)) {
      const found = what.exec(said)
      if (found !== null) return found
    }
    return undefined
  }
  /** What it has used so far. */
  const used = () => {
    const [, fields = ""] = readFileSync(`/proc/${child.pid}/stat`, "utf8").split(") ")
    const [user, system] = fields.split(" ").slice(11, 13).map(Number)
    const status = readFileSync(`/proc/${child.pid}/status`, "utf8")
    return {
      processor: ((user ?? 0) + (system ?? 0)) / 100,
      mebibytes: Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024
    }
  }
  /** Milliseconds from SIGTERM to the end; those that take ten seconds are killed. */
  const end = async () => {
    const from = performance.now()
    const ended = new Promise((resolve) => child.once("exit", resolve))
    if (child.exitCode !== null) return 0
    child.kill("SIGTERM")
    await Promise.race([ended, pause(10_000)])
    const millis = performance.now() - from
    child.kill("SIGKILL")
    return millis
  }
  return { child, says, used, end }
}

/** Asks one after the other, and gives the times of the answers. */
const makeClient = (output: Writable, input: Readable) => {
  let rest = ""
  let resolveNext: ((line: string) => void) | undefined
  input.setEncoding("latin1")
  input.on("data", (data: string) => {
    rest += data
    if (!rest.endsWith("\n")) return
    const line = rest
    rest = ""
    resolveNext?.(line)
  })
  return async (method: string, params: unknown): Promise<number> => {
    const answered = new Promise<string>((resolve) => {
      resolveNext = resolve
    })
    const from = performance.now()
    output.write(`${JSON.stringify({ jsonrpc: "2.0", id: 1, method, params })}\n`)
    if ((await answered).includes("\"error\"")) throw new Error(`${method} was refused`)
    return performance.now() - from
  }
}
const initialize = { project_root: folder, bm25: true }
const place = (number: number) => ({
  filepath: join(folder, "new.py"),
  content: `from m${number % 100} import compute_${number % 100}_3\ncompute_${number % 100}_3(`,
  position: { line: 1, character: 10 }
})
const quantiles = (times: ReadonlyArray<number>) => {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1)
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`
}
const timed = async (work: () => Promise<unknown>) => {
  const from = performance.now()
  await work()
  return performance.now() - from
}
const contextCall = ["serve-context", "--no-cache", "--no-watch"]

const lines = async (launcher: string): Promise<Figures> => {
  const { child, end, used } = start(launcher, contextCall)
  const kinds = [
    (id: number) => `{"jsonrpc":"2.0","id":${id},"method":"nope","params":{}}`,
    (id: number) => `{"jsonrpc":"2.0","id":${id},"method":"getContext","params":{"filepath":"a.py"}}`,
    () => "nonsense",
    (id: number) => `{"jsonrpc":"2.0","id":${id},"method":7}`
  ]
  let answers = 0
  const done = new Promise<void>((resolve) =>
    child.stdout.on("data", (data: Buffer) => {
      for (const byte of data) if (byte === 10 && ++answers === 200_000) resolve()
    })
  )
  child.stdin.write("\n")
  await pause(1500)
  const millis = await timed(async () => {
    for (let at = 0; at < 200_000; at += 100) {
      const piece = Array.from({ length: 100 }, (_, next) => `${kinds[next % kinds.length]?.(at + next) ?? ""}\n`)
      if (!child.stdin.write(piece.join(""))) await new Promise((resolve) => child.stdin.once("drain", resolve))
    }
    await done
  })
  const figures = used()
  await end()
  return { millis, ...figures, more: `${Math.round(200_000 / millis * 1000)} lines/s` }
}

const one = async (launcher: string): Promise<Figures> => {
  const { child, end, used } = start(launcher, contextCall)
  const ask = makeClient(child.stdin, child.stdout)
  await ask("initialize", initialize)
  const times: Array<number> = []
  const millis = await timed(async () => {
    for (let at = 0; at < 20_000; at++) times.push(await ask("getContext", place(at)))
  })
  const figures = used()
  await end()
  return { millis, ...figures, more: quantiles(times) }
}

const connected = (path: string) =>
  new Promise<Socket>((resolve, reject) => {
    const socket = connect(path)
    socket.once("error", reject)
    socket.once("connect", () => {
      socket.on("error", () => undefined)
      resolve(socket)
    })
  })

const many = async (launcher: string): Promise<Figures> => {
  const path = join(folder, "s.sock")
  const { end, used, says } = start(launcher, [...contextCall, "--socket", path])
  await says(/Listening/, 30)
  const clients = await Promise.all(Array.from({ length: 100 }, async () => {
    const socket = await connected(path)
    return { socket, ask: makeClient(socket, socket) }
  }))
  const times: Array<number> = []
  const millis = await timed(() =>
    Promise.all(clients.map(async ({ ask }, client) => {
      await ask("initialize", initialize)
      for (let at = 0; at < 100; at++) times.push(await ask("getContext", place(client + at)))
    }))
  )
  const figures = used()
  const ending = await end()
  for (const { socket } of clients) socket.destroy()
  rmSync(path, { force: true })
  return { millis, ...figures, more: `${quantiles(times)}, ends in ${Math.round(ending)} ms` }
}

/** One floods and reads nothing for 20 seconds, while another asks. */
const unread = async (launcher: string): Promise<Figures> => {
  const path = join(folder, "s.sock")
  const { end, used, says } = start(launcher, [...contextCall, "--socket", path])
  await says(/Listening/, 30)
  const [deaf, other] = [await connected(path), await connected(path)]
  deaf.pause()
  const ask = makeClient(other, other)
  await ask("initialize", initialize)
  const piece = `{"jsonrpc":"2.0","id":1,"method":"nope","params":{"c":"${"x".repeat(200_000)}"}}\n`
  const until = performance.now() + 20_000
  let sent = 0
  const flood = async () => {
    while (performance.now() < until && !deaf.destroyed) {
      sent += piece.length
      if (deaf.write(piece)) continue
      await Promise.race([new Promise((resolve) => deaf.once("drain", resolve)), pause(1000)])
    }
  }
  const times: Array<number> = []
  const asking = async () => {
    while (performance.now() < until) {
      times.push(await Promise.race([ask("getContext", place(times.length)), pause(20_000).then(() => 20_000)]))
      await pause(10)
    }
  }
  const millis = await timed(() => Promise.all([flood(), asking()]))
  const isCut = await says(/read nothing/, 0.1)
  const figures = used()
  const ending = await end()
  deaf.destroy()
  other.destroy()
  rmSync(path, { force: true })
  const cut = isCut === undefined ? "not cut off" : "cut off"
  const more = `took ${Math.round(sent / 1e6)} MB, ${cut}; others ${quantiles(times)}; ends in ${Math.round(ending)} ms`
  return { millis, ...figures, more }
}

const blocked = async (launcher: string): Promise<Figures> => {
  const { child, end, used } = start(launcher, contextCall)
  child.stdin.write("\"hello\"\n")
  await new Promise((resolve) => child.stdout.once("data", resolve))
  child.stdout.pause()
  const from = performance.now()
  const piece = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"nope\"}\n".repeat(1000)
  for (let at = 0; at < 200; at++) {
    if (!child.stdin.write(piece)) {
      await Promise.race([new Promise((resolve) => child.stdin.once("drain", resolve)), pause(5000)])
      if (performance.now() - from > 5000) break
    }
  }
  const figures = used()
  const millis = await end()
  return { millis, ...figures, more: millis > 9000 ? "did not end" : "from SIGTERM to the end" }
}

const pages = async (launcher: string): Promise<Figures> => {
  const { end, used, says } = start(launcher, ["view", "--web", "-d", folder])
  const [, port = "0"] = await says(/:(\d+)\//, 30) ?? []
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  const get = () =>
    new Promise<number>((resolve, reject) => {
      const from = performance.now()
      const asked = request({ host: "127.0.0.1", port, path: "/", agent }, (response) => {
        response.resume()
        response.on("end", () => resolve(performance.now() - from))
      })
      asked.on("error", reject)
      asked.end()
    })
  const times: Array<number> = []
  const millis = await timed(() =>
    Promise.all(Array.from({ length: 16 }, async () => {
      for (let at = 0; at < 1250; at++) times.push(await get())
    }))
  )
  const figures = used()
  agent.destroy()
  await end()
  return { millis, ...figures, more: quantiles(times) }
}

const scenes: ReadonlyArray<readonly [name: string, run: (launcher: string) => Promise<Figures>]> = [
  ["200,000 protocol lines", lines],
  ["20,000 requests of one client", one],
  ["100 clients, 10,000 requests", many],
  ["one of two clients never reads", unread],
  ["the only client never reads", blocked],
  ["20,000 requests over HTTP", pages]
]

process.stdout.write("| | program | time | processor | peak memory | |\n|---|---|---|---|---|---|\n")
for (const [name, run] of scenes.filter(([name]) => name.includes(valueOf("scene") ?? ""))) {
  const all = launchers.map((): Array<Figures> => [])
  for (let round = 0; round < rounds; round++) {
    for (const [which, launcher] of launchers.entries()) all[which]?.push(await run(launcher))
  }
  for (const [which, figures] of all.entries()) {
    const middle = figures.toSorted((a, b) => a.millis - b.millis)[figures.length >> 1]
    if (middle === undefined) continue
    const peak = Math.max(...figures.map(({ mebibytes }) => mebibytes))
    const program = which === 0 ? "this" : "the other"
    const times = `${(middle.millis / 1000).toFixed(2)} s | ${middle.processor.toFixed(2)} s`
    process.stdout.write(`| ${name} | ${program} | ${times} | ${Math.round(peak)} MiB | ${middle.more} |\n`)
  }
}
