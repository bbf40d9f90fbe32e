/**
 * `pnpm bench next-edit <folder>... [--questions=400] [--model=zeta2]`: what the server adds to the time of the model. Keys
 * are pressed in the files of a project, and each question for an edit is paired with the very request that it led to,
 * sent to the model server once more without us. The model server answers at once.
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process"
import { readdirSync, readFileSync, statSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { languageOfPath } from "../../services/text/language.ts"
import { randomOf } from "../../services/text/random.ts"
import { reasonAgainstPath, reasonAgainstSource } from "../../services/text/source-file.ts"
import { endOfLine } from "../../services/text/span.ts"
import { positionOf } from "../../tasks/serve-context/place.ts"

const args = process.argv.slice(2)
const valueOf = (name: string, usual: string) =>
  args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3) ?? usual
const folders = args.filter((arg) => !arg.startsWith("--"))
const questions = Number(valueOf("questions", "400"))
const model = valueOf("model", "zeta2")

/** Rewrites the region of zeta2 with a line more; other dialects are answered with what they cannot read. */
const answerOf = (prompt: string): string => {
  const region = /<<<<<<< CURRENT\n([^]*?)\n=======\n/.exec(prompt)?.[1]?.replace("<|user_cursor|>", "\nfresh = 1")
  return region === undefined ? "none" : `${region}\n`
}

/** The model server, a process of its own as real ones are. It tells what it was asked last to whoever gets "/last". */
const serveModel = async () => {
  let last = ""
  const server = createServer((request, response) => {
    let body = ""
    request.setEncoding("utf8")
    request.on("data", (piece: string) => body += piece)
    request.on("end", () => {
      response.setHeader("content-type", "application/json")
      if (request.method === "GET") {
        response.end(request.url === "/last" ? last || "{}" : "{}")
        return
      }
      last = body
      const content = answerOf(String(JSON.parse(body).prompt))
      response.end(JSON.stringify({ content, stop: true, stop_type: "word", tokens_evaluated: 9, tokens_predicted: 9 }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`)
  process.stdin.on("end", () => process.exit(0)).resume()
}
if (args.includes("--model-server")) {
  await serveModel()
  await new Promise(() => undefined)
}
const modelServer = spawn(process.execPath, [process.argv[1] ?? "", "next-edit", "--model-server"])
modelServer.stderr.pipe(process.stderr)
const endpoint = await new Promise<string>((resolve) => {
  modelServer.stdout.once("data", (data) => resolve(String(data).trim()))
})

const start = () => {
  const launcher = join(process.cwd(), "tasks", "launch.mjs")
  const flags = ["--no-watch", "--no-cache", "--next-edit", endpoint, "--next-edit-model", model]
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, [launcher, "serve-context", ...flags])
  child.stderr.pipe(process.stderr)
  let rest = ""
  let resolveNext: ((line: string) => void) | undefined
  child.stdout.setEncoding("utf8")
  child.stdout.on("data", (data: string) => {
    rest += data
    if (!rest.endsWith("\n")) return
    resolveNext?.(rest)
    rest = ""
  })
  let id = 0
  const ask = async (method: string, params: unknown): Promise<any> => {
    const answered = new Promise<string>((resolve) => resolveNext = resolve)
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: ++id, method, params })}\n`)
    return JSON.parse(await answered).result
  }
  const tell = (method: string, params: unknown) =>
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", method, params })}\n`)
  const ended = new Promise<void>((resolve) => child.on("exit", () => resolve()))
  return { ask, tell, end: async () => (child.stdin.end(), await ended) }
}

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const from = performance.now()
  await work()
  return performance.now() - from
}
const lastAsked = () => fetch(`${endpoint}/last`).then((answer) => answer.text())
const direct = (body: string) =>
  fetch(`${endpoint}/completion`, { method: "POST", body }).then((answer) => answer.json())
const pause = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis))

const quantiles = (times: ReadonlyArray<number>) => {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(2)
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms`
}

for (const folder of folders) {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => {
    const stat = statSync(join(folder, file), { throwIfNoEntry: false })
    return stat?.isFile() === true && stat.size > 200 && stat.size < 256 * 1024 &&
      languageOfPath(file)?.hasGrammar === true && reasonAgainstPath(file) === undefined &&
      reasonAgainstSource(readFileSync(join(folder, file), "utf8")) === undefined
  })
  const server = start()
  await server.ask("initialize", { rootUri: `file://${folder}`, capabilities: {} })
  const random = randomOf("next edit", folder)
  const measure = async (count: number, waitMillis: number) => {
    const [asked, alone, added]: [Array<number>, Array<number>, Array<number>] = [[], [], []]
    let offered = 0
    for (let at = 0; at < count; at++) {
      const name = random.pick(files) ?? ""
      let text = readFileSync(join(folder, name), "utf8")
      const uri = `file://${folder}/${name}`
      server.tell("textDocument/didOpen", { textDocument: { uri, languageId: "", version: 0, text } })
      let cursor = endOfLine(text, random.below(text.length))
      for (const [key, typed] of [..."\nvalue = "].entries()) {
        const position = positionOf(text, cursor, "utf-16")
        const contentChanges = [{ range: { start: position, end: position }, text: typed }]
        server.tell("textDocument/didChange", { textDocument: { uri, version: key + 1 }, contentChanges })
        text = text.slice(0, cursor) + typed + text.slice(cursor)
        cursor++
      }
      await pause(waitMillis)
      const question = { textDocument: { uri, version: 9 }, position: positionOf(text, cursor, "utf-16") }
      const earlier = await lastAsked()
      const millis = await timed(async () => {
        const { edits } = await server.ask("textDocument/copilotInlineEdit", question)
        offered += edits.length
      })
      server.tell("textDocument/didClose", { textDocument: { uri } })
      const body = await lastAsked()
      if (body === earlier) continue
      await direct(body)
      await pause(waitMillis)
      const without = await timed(() => direct(body))
      asked.push(millis)
      alone.push(without)
      added.push(millis - without)
    }
    return { asked, alone, added, offered }
  }
  await measure(40, 20)
  process.stdout.write(`${folder}: ${files.length} files, ${model}\n`)
  for (const [what, waitMillis] of [["100 ms after the last key", 100], ["at once", 0]] as const) {
    const { added, alone, asked, offered } = await measure(questions, waitMillis)
    process.stdout.write(
      `  ${what}: ${asked.length} questions asked of ${questions}, ${offered} edits offered\n` +
        `    served   ${quantiles(asked)}\n    direct   ${quantiles(alone)}\n    added    ${quantiles(added)}\n`
    )
  }
  await server.end()
}
modelServer.stdin.end()
