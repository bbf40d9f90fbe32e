/**
 * `pnpm bench generate <repository>... [--commits=N]... [--against="command with {repo} and {out}"]`: wall time, CPU,
 * peak memory and rows/s of generate, beside what git alone and parsing alone take for the same blobs, in one run.
 * `--against` times another tool's command on the same repositories.
 */
import { execFileSync, spawn } from "node:child_process"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import * as TreeSitterParser from "../../layers/parser/TreeSitterParser.ts"
import { languageOfPath } from "../../services/text/language.ts"
import { Parser } from "../../services/Parser.ts"

const args = process.argv.slice(2)
const repositories = args.filter((arg) => !arg.startsWith("--"))
const valuesOf = (flag: string) =>
  args.filter((arg) => arg.startsWith(`--${flag}=`)).map((arg) => arg.slice(flag.length + 3))
const commitCounts = valuesOf("commits").map(Number)
const main = fileURLToPath(new URL("./main.mjs", import.meta.url))

interface Measured {
  readonly wall: number
  readonly cpu: number
  readonly megabytes: number
}

/** Runs a command with its output thrown away; CPU and peak memory are those of the whole process tree's leader. */
const measure = (command: string, commandArgs: ReadonlyArray<string>, input?: string): Promise<Measured> =>
  new Promise((resolve, reject) => {
    const started = performance.now()
    const child = spawn(command, commandArgs, { stdio: ["pipe", "ignore", "inherit"] })
    let megabytes = 0
    let cpu = 0
    const read = () => {
      try {
        const status = readFileSync(`/proc/${child.pid}/status`, "utf8")
        megabytes = Math.max(megabytes, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
        const stat = readFileSync(`/proc/${child.pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? []
        cpu = Math.max(cpu, [11, 12, 13, 14].reduce((sum, field) => sum + Number(stat[field] ?? 0), 0) / 100)
      } catch {
        // It has ended between two looks.
      }
    }
    const timer = setInterval(read, 10)
    child.stdin.on("error", () => undefined)
    child.stdin.end(input)
    child.on("close", (code) => {
      clearInterval(timer)
      if (code !== 0) reject(new Error(`${command} ended with ${code}`))
      else resolve({ wall: (performance.now() - started) / 1000, cpu, megabytes })
    })
  })

/** What the original asks of git at the least: the log with its raw changes, and every blob once. */
const gitFloor = async (repository: string, commits: number) => {
  const log = execFileSync("git", [
    "-C",
    repository,
    "log",
    "--raw",
    "--no-abbrev",
    "-M",
    "--no-merges",
    "-n",
    String(commits),
    "--format="
  ], {
    encoding: "utf8",
    maxBuffer: 1 << 30
  })
  const blobs = new Map<string, string>()
  for (const line of log.split("\n")) {
    const match = /^:\d+ \d+ ([0-9a-f]+) ([0-9a-f]+) \w+\t(?:[^\t]*\t)?(.*)$/.exec(line)
    const path = match?.[3] ?? ""
    if (match === null || languageOfPath(path) === undefined) continue
    for (const id of [match[1] ?? "", match[2] ?? ""]) if (!/^0+$/.test(id)) blobs.set(id, path)
  }
  const first = await measure("git", [
    "-C",
    repository,
    "log",
    "--raw",
    "--no-abbrev",
    "-M",
    "--no-merges",
    "-n",
    String(commits)
  ])
  const second = await measure("git", ["-C", repository, "cat-file", "--batch"], `${[...blobs.keys()].join("\n")}\n`)
  return {
    blobs,
    measured: {
      wall: first.wall + second.wall,
      cpu: first.cpu + second.cpu,
      megabytes: Math.max(first.megabytes, second.megabytes)
    }
  }
}

/** Parses each blob once from scratch, on one thread. */
const parseFloor = async (repository: string, blobs: ReadonlyMap<string, string>): Promise<Measured> => {
  const texts: Array<readonly [string, string]> = []
  const ids = [...blobs.keys()]
  const output = execFileSync("git", ["-C", repository, "cat-file", "--batch"], {
    input: `${ids.join("\n")}\n`,
    maxBuffer: 2 ** 31
  })
  for (let at = 0; at < output.length;) {
    const end = output.indexOf(10, at)
    const [id = "", , size = "0"] = output.toString("latin1", at, end).split(" ")
    texts.push([blobs.get(id) ?? "", output.toString("utf8", end + 1, end + 1 + Number(size))])
    at = end + 2 + Number(size)
  }
  const program = Effect.gen(function*() {
    const parser = yield* Parser
    const parsers = new Map<string, Effect.Effect.Success<ReturnType<typeof parser.open>>>()
    for (const [path] of texts) {
      const language = languageOfPath(path)
      if (language?.hasGrammar === true && !parsers.has(language.name)) {
        parsers.set(language.name, yield* parser.open(language.name))
      }
    }
    const started = performance.now()
    const before = process.cpuUsage()
    for (const [path, text] of texts) parsers.get(languageOfPath(path)?.name ?? "")?.parse(text).release()
    const used = process.cpuUsage(before)
    return { wall: (performance.now() - started) / 1000, cpu: (used.user + used.system) / 1e6, megabytes: 0 }
  })
  return Effect.runPromise(Effect.provide(program, TreeSitterParser.layer))
}

const print = (cells: ReadonlyArray<string | number>) =>
  process.stdout.write(
    `${cells.map((cell, index) => index === 0 ? String(cell).padEnd(34) : String(cell).padStart(9)).join(" ")}\n`
  )
const row = (name: string, { cpu, megabytes, wall }: Measured, rows: number | null) =>
  print([
    name,
    wall.toFixed(2),
    cpu.toFixed(2),
    megabytes === 0 ? "-" : Math.round(megabytes),
    rows ?? "-",
    rows === null ? "-" : Math.round(rows / wall)
  ])

const scratch = mkdtempSync(join(tmpdir(), "retrace-bench-"))
try {
  print(["", "wall s", "CPU s", "peak MB", "rows", "rows/s"])
  for (const repository of repositories) {
    for (const commits of commitCounts.length === 0 ? [1000] : commitCounts) {
      const name = `${basename(repository)} ${commits}`
      const { blobs, measured } = await gitFloor(repository, commits)
      row(`${name}: git alone`, measured, null)
      row(`${name}: parsing alone, 1 thread`, await parseFloor(repository, blobs), null)
      for (const threads of [1, 2]) {
        const out = join(scratch, `${name}-${threads}`)
        const asked = [
          "generate",
          "--repo",
          repository,
          "--max-commits",
          String(commits),
          "-o",
          out,
          "-j",
          String(threads),
          "--quiet"
        ]
        const measuredRun = await measure(process.execPath, [main, ...asked])
        const rows = Object.values<number>(JSON.parse(readFileSync(join(out, "metadata.json"), "utf8")).files).reduce(
          (sum, count) => sum + count,
          0
        )
        row(`${name}: generate -j ${threads}`, measuredRun, rows)
      }
      for (const against of valuesOf("against")) {
        const out = join(scratch, `${name}-against`)
        const [command = "", ...rest] = against.replaceAll("{repo}", repository).replaceAll("{out}", out).split(" ")
        row(`${name}: ${basename(command)}`, await measure(command, rest), null)
        if (existsSync(out)) rmSync(out, { recursive: true })
      }
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
