/**
 * `pnpm bench serve-context <folder>... [--cursors=500]`: the server from outside, as an editor meets it: start cold and
 * warm, answers over standard input and output, changes of files, memory.
 */
import { spawn } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { languageOfPath } from "../../services/text/language.ts"
import { randomOf } from "../../services/text/random.ts"
import { reasonAgainstPath, reasonAgainstSource } from "../../services/text/source-file.ts"

const args = process.argv.slice(2)
const folders = args.filter((arg) => !arg.startsWith("--"))
const cursors = Number(args.find((arg) => arg.startsWith("--cursors="))?.slice(10) ?? "500")
const launcher = join(process.cwd(), "tasks", "launch.mjs")

const start = (cache: string) => {
  const child = spawn(process.execPath, [launcher, "serve-context", "--no-watch"], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, XDG_CACHE_HOME: cache }
  })
  let pieces: Array<string> = []
  let resolveNext: ((line: string) => void) | undefined
  child.stdout.setEncoding("latin1")
  child.stdout.on("data", (data: string) => {
    pieces.push(data)
    if (!data.endsWith("\n")) return
    const line = pieces.join("")
    pieces = []
    resolveNext?.(line)
  })
  let id = 0
  const ask = async (method: string, params: unknown): Promise<Record<string, any>> => {
    const answered = new Promise<string>((resolve) => {
      resolveNext = resolve
    })
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: ++id, method, params })}\n`)
    return JSON.parse(await answered).result
  }
  const tell = (method: string, params: unknown) => {
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", method, params })}\n`)
  }
  const ended = new Promise<void>((resolve) => child.on("exit", () => resolve()))
  const memory = () => /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1] ?? "0"
  return { ask, tell, memory, end: async () => (child.stdin.end(), await ended) }
}

const timed = async <A>(work: () => Promise<A>): Promise<readonly [A, number]> => {
  const from = performance.now()
  const answer = await work()
  return [answer, performance.now() - from]
}

const quantiles = (times: ReadonlyArray<number>) => {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(2)
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`
}

for (const folder of folders) {
  const cache = mkdtempSync(join(tmpdir(), "retrace-bench-"))
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => languageOfPath(file)?.hasGrammar === true && !/(?:^|\/)(?:node_modules|\.git)\//.test(file))
    .map((file) => join(folder, file)).filter((file) => {
      const stat = statSync(file, { throwIfNoEntry: false })
      if (stat?.isFile() !== true || stat.size < 200 || stat.size > 1024 * 1024) return false
      // What people edit: the server leaves the rest out, too.
      return reasonAgainstPath(file.slice(folder.length)) === undefined &&
        reasonAgainstSource(readFileSync(file, "utf8")) === undefined
    })
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0)
  const open = { project_root: folder, bm25: true }

  const cold = start(cache)
  await cold.ask("none", {})
  const [counts, coldMillis] = await timed(() => cold.ask("initialize", open))
  process.stdout.write(
    `${folder}: ${counts["file_count"]} files, ${counts["bm25_chunks"]} chunks, ${(bytes / 1e6).toFixed(1)} MB\n` +
      `  initialize cold   ${Math.round(coldMillis)} ms, ${(coldMillis / bytes * 1e4).toFixed(2)} s per 10 MB\n`
  )
  // The snapshot is written when the answer is out.
  await new Promise((resolve) => setTimeout(resolve, 4000))
  await cold.end()

  const warm = start(cache)
  await warm.ask("none", {})
  const [, warmMillis] = await timed(() => warm.ask("initialize", open))
  process.stdout.write(
    `  initialize warm   ${Math.round(warmMillis)} ms, ${(coldMillis / warmMillis).toFixed(1)} times faster\n`
  )

  const random = randomOf("serve-context", folder)
  const measure = async (count: number, bm25: boolean) => {
    const times: Array<number> = []
    let empty = 0
    for (let at = 0; at < count; at++) {
      const file = random.pick(files) ?? ""
      const content = readFileSync(file, "utf8")
      const cursor = Buffer.byteLength(content.slice(0, content.indexOf("\n", random.below(content.length)) + 1))
      const sources = bm25 ? ["signatures", "chunks"] : ["signatures"]
      const [answer, millis] = await timed(() =>
        warm.ask("getContext", { filepath: file, content, cursor_offset: cursor, sources })
      )
      if (answer["context"] === "") empty++
      times.push(millis)
    }
    return { times, empty }
  }
  await measure(50, true)
  const full = await measure(cursors, true)
  process.stdout.write(`  getContext        ${quantiles(full.times)}, ${full.empty} of ${cursors} empty\n`)
  const signatures = await measure(cursors, false)
  process.stdout.write(`  without BM25      ${quantiles(signatures.times)}, ${signatures.empty} of ${cursors} empty\n`)

  const updates: Array<number> = []
  const asked: Array<number> = []
  for (let at = 0; at < 200; at++) {
    // A key is pressed in one buffer, and another one asks: the index takes the change in before it answers.
    const [file = "", other = ""] = [random.pick(files), random.pick(files)]
    const content = readFileSync(other, "utf8")
    const place = { filepath: other, content, cursor_offset: content.length >> 1, sources: ["signatures", "chunks"] }
    const textDocument = { uri: `file://${file}`, languageId: "", version: 1 }
    warm.tell("textDocument/didOpen", { textDocument: { ...textDocument, text: readFileSync(file, "utf8") } })
    const press = (text: string) => {
      const position = { line: 12, character: 0 }
      warm.tell("textDocument/didChange", {
        textDocument,
        contentChanges: [{ range: { start: position, end: position }, text }]
      })
    }
    press(" ")
    await warm.ask("getContext", place)
    await warm.ask("getContext", place)
    const [, plain] = await timed(() => warm.ask("getContext", place))
    press("x")
    const [, changed] = await timed(() => warm.ask("getContext", place))
    warm.tell("textDocument/didClose", { textDocument })
    await warm.ask("getContext", place)
    updates.push(Math.max(0, changed - plain))
    asked.push(plain)
  }
  process.stdout.write(
    `  file update       ${quantiles(updates)} more than the same answer without one (${quantiles(asked)})\n`
  )
  process.stdout.write(`  memory            ${Math.round(Number(warm.memory()) / 1024)} MB\n`)
  await warm.end()
  writeFileSync(join(cache, "done"), "")
  rmSync(cache, { recursive: true, force: true })
}
