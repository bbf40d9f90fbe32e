/**
 * `pnpm bench context <repository>... [--commits=1000] [--pairs=1]`: what the context of other files costs a run of
 * generate: CPU and wall time with both flags and without, run in turn, medians of the pairs; then what an index does
 * that goes through the same history on one thread, and how long that takes it.
 */
import { execFileSync, spawn } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import { contextLayers, watchedContexts } from "../support/project-contexts.ts"

const args = process.argv.slice(2)
const repositories = args.filter((arg) => !arg.startsWith("--"))
const numberOf = (flag: string, fallback: number) =>
  Number(args.find((arg) => arg.startsWith(`--${flag}=`))?.slice(flag.length + 3) ?? fallback)
const commits = numberOf("commits", 1000)
const pairs = numberOf("pairs", 1)
const main = fileURLToPath(new URL("./main.mjs", import.meta.url))

interface Measured {
  readonly wall: number
  readonly cpu: number
  readonly rows: number
}

/** Seconds of wall time and of CPU, those of the git processes that have ended included. */
const generate = async (repository: string, flags: ReadonlyArray<string>): Promise<Measured> => {
  const folder = mkdtempSync(join(tmpdir(), "retrace-bench-"))
  const output = join(folder, "rows")
  const asked = ["--repo", repository, "--max-commits", String(commits), "--output", output, "--quiet", ...flags]
  const started = performance.now()
  const child = spawn(process.execPath, [main, "generate", ...asked], { stdio: ["ignore", "ignore", "inherit"] })
  let cpu = 0
  const read = () => {
    try {
      const stat = readFileSync(`/proc/${child.pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? []
      cpu = Math.max(cpu, [11, 12, 13, 14].reduce((sum, field) => sum + Number(stat[field] ?? 0), 0) / 100)
    } catch {
      // It has ended.
    }
  }
  const timer = setInterval(read, 20)
  await new Promise<void>((resolve) => child.on("exit", () => resolve()))
  clearInterval(timer)
  const wall = (performance.now() - started) / 1000
  const rows = readdirSync(output).filter((name) => name.endsWith(".jsonl"))
    .reduce((sum, name) => sum + readFileSync(join(output, name), "utf8").split("\n").length - 1, 0)
  rmSync(folder, { recursive: true, force: true })
  return { wall, cpu, rows }
}

const median = (numbers: ReadonlyArray<number>): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN

/** Goes through the parents of the newest commits, the oldest first, as a run on one thread does. */
const replay = (repository: string) =>
  Effect.scoped(Effect.gen(function*() {
    const log = execFileSync(
      "git",
      ["-C", repository, "log", "--no-merges", "-n", String(commits), "--format=%P"],
      { encoding: "utf8" }
    )
    const parents = log.split("\n").map((line) => line.split(" ")[0] ?? "").filter((parent) => parent !== "").reverse()
    const { contextAt, work } = yield* watchedContexts
    const at = (commit: string) =>
      contextAt({ location: repository, commit, includePaths: [], excludedPaths: [], mostFiles: 1_000_000 })
    const [first = "", ...others] = parents
    const started = performance.now()
    yield* at(first)
    const loaded = performance.now()
    const before = work()
    for (const commit of others) yield* at(commit)
    const after = work()
    const a = (count: number) => (count / others.length).toFixed(2)
    process.stdout.write(
      `  index: ${before.read} files of ${before.counted} chunks in ${
        Math.round(loaded - started)
      } ms, then of a commit ` +
        `${a(after.read - before.read)} versions read, ${a(after.counted - before.counted)} chunks counted, ` +
        `${a(after.recalled - before.recalled)} versions shown again, ${
          a(performance.now() - loaded)
        } ms; ${others.length} commits\n`
    )
  })).pipe(Effect.provide(contextLayers))

for (const repository of repositories) {
  const runs: Record<"without" | "with", Array<Measured>> = { without: [], with: [] }
  for (let pair = 0; pair < pairs; pair++) {
    runs.without.push(await generate(repository, []))
    runs.with.push(await generate(repository, ["--cross-file-context", "--bm25-context"]))
  }
  const of = (way: "without" | "with", field: keyof Measured) => median(runs[way].map((run) => run[field]))
  const times = (field: "wall" | "cpu") => (of("with", field) / of("without", field)).toFixed(2)
  process.stdout.write(
    pairs === 0 ?
      `${basename(repository)}\n` :
      `${basename(repository)}: ${of("with", "rows")} rows of ${commits} commits; CPU ${
        of("without", "cpu").toFixed(1)
      } s ` +
      `without context, ${of("with", "cpu").toFixed(1)} s with both kinds, ${times("cpu")} times; wall ${
        of("without", "wall").toFixed(1)
      } s and ${of("with", "wall").toFixed(1)} s, ${times("wall")} times\n`
  )
  await Effect.runPromise(replay(repository))
}
