/**
 * `pnpm bench lintseq <programs.jsonl> [--programs=48] [--threads=2] [--against="command with {input} and {threads}"]`:
 * lintseq beside the paper's algorithm under pylint (`--algorithm pylintseq`) on the same Python programs in one run:
 * time of the whole process, and what the paths are like; then what a program costs by its length. `--against` times
 * another tool's command too.
 */
import { spawn } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import * as TreeSitterParser from "../../layers/parser/TreeSitterParser.ts"
import { applyRendered } from "../../services/edits/edit-format.ts"
import { joinLines } from "../../services/text/lines.ts"
import { type LanguageParser, Parser } from "../../services/Parser.ts"
import { lineAt, lineStartsOf } from "../../services/text/span.ts"

const args = process.argv.slice(2)
const input = args.find((arg) => !arg.startsWith("--"))
const valueOf = (flag: string) => args.find((arg) => arg.startsWith(`--${flag}=`))?.slice(flag.length + 3)
if (input === undefined) {
  process.stderr.write("Cannot measure without programs: pass a file of JSON Lines with a field \"response\"\n")
  process.exit(64)
}
const count = Number(valueOf("programs") ?? 48)
const threads = valueOf("threads") ?? "2"
const main = fileURLToPath(new URL("./main.mjs", import.meta.url))
const folder = mkdtempSync(join(tmpdir(), "retrace-bench-"))
process.on("exit", () => rmSync(folder, { recursive: true, force: true }))

/** Runs a command and gives its wall time and, as the kernel counts it for ended children, its CPU time. */
const time = (command: string, commandArgs: ReadonlyArray<string>) =>
  new Promise<{ readonly wall: number; readonly cpu: number; readonly code: number | null }>((resolve) => {
    const started = performance.now()
    const child = spawn("sh", [
      "-c",
      `${[command, ...commandArgs].map(quote).join(" ")} >/dev/null; status=$?; times >&2; exit $status`
    ], {
      stdio: ["ignore", "ignore", "pipe"]
    })
    let errors = ""
    child.stderr.on("data", (data) => errors += data)
    child.on("close", (code) => {
      const last = errors.trim().split("\n").at(-1) ?? ""
      const cpu = [...last.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
        (sum, match) => sum + Number(match[1]) * 60 + Number(match[2]),
        0
      )
      if (code !== 0) process.stderr.write(errors)
      resolve({ wall: (performance.now() - started) / 1000, cpu, code })
    })
  })

const quote = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`

interface Row {
  readonly edit_path: ReadonlyArray<string>
  readonly index: number
  readonly source_response: string
}

const rowsOf = (path: string): ReadonlyArray<Row> =>
  readFileSync(path, "utf8").split("\n").filter((line) => line !== "").map((line) => JSON.parse(line))

/** Lines that begin inside a string. */
const linesInStrings = (parser: LanguageParser, source: string): ReadonlySet<number> => {
  const tree = parser.parse(source)
  const nodes = tree.nodes({ start: 0, end: source.length })
  tree.release()
  const starts = lineStartsOf(source)
  const inside = new Set<number>()
  for (let row = 0; row < nodes.count; row++) {
    if (nodes.type[row] !== "string") continue
    const last = lineAt(starts, Math.max(0, (nodes.end[row] ?? 0) - 1))
    for (let line = lineAt(starts, nodes.start[row] ?? 0) + 1; line <= last; line++) inside.add(line)
  }
  return inside
}

/** What the paths of some rows are like. */
const describe = (parser: LanguageParser, rows: ReadonlyArray<Row>) => {
  let edits = 0
  let lines = 0
  let hunks = 0
  let single = 0
  let commentsFirst = 0
  let states = 0
  let flips = 0
  let exact = 0
  for (const { edit_path, source_response } of rows) {
    const inProgram = linesInStrings(parser, source_response)
    // Each line of a state is known by its number in the program: edits only add lines.
    const program = source_response.split("\n")
    let state: ReadonlyArray<string> = []
    for (const [step, edit] of edit_path.entries()) {
      const added = edit.split("\n").filter((line) => line.startsWith("+"))
      edits++
      lines += added.length
      if (added.length === 1) single++
      hunks += edit.split("\n").filter((line) => line.startsWith("@@ ")).length
      if (step === 0 && added.every((line) => /^\+\s*(?:#|$)/.test(line))) commentsFirst++
      state = applyRendered("udiff", state, edit)
      states++
      // Where a text of the state can be told by its line alone, it must be inside a string or not as in the program.
      const inState = linesInStrings(parser, joinLines({ lines: state, isOpen: false }))
      const unique = new Map(
        program.map((text, line) => [text, program.indexOf(text) === program.lastIndexOf(text) ? line : -1])
      )
      if (
        state.some((text, line) => {
          const own = unique.get(text) ?? -1
          return own !== -1 && text.trim() !== "" && inProgram.has(own) !== inState.has(line)
        })
      ) flips++
    }
    if (state.join("\n") === source_response.replace(/\n$/, "")) exact++
  }
  const percent = (part: number, of: number) => `${(100 * part / Math.max(1, of)).toFixed(1)} %`
  return {
    programs: rows.length,
    "edits a program": (edits / rows.length).toFixed(1),
    "lines an edit": (lines / edits).toFixed(1),
    "hunks an edit": (hunks / edits).toFixed(2),
    "one line": percent(single, edits),
    "first only comments": commentsFirst,
    "states with a string flip": percent(flips, states),
    "exact replays": exact
  }
}

const parser = await Effect.runPromise(
  Effect.flatMap(Parser, (all) => all.open("python")).pipe(Effect.provide(TreeSitterParser.layer))
)

const programs = readFileSync(input, "utf8").split("\n").filter((line) => line !== "").slice(0, count)
const sample = join(folder, "sample.jsonl")
writeFileSync(sample, `${programs.join("\n")}\n`)
const ways: ReadonlyArray<readonly [name: string, command: string, args: ReadonlyArray<string>]> = [
  ["lintseq", process.execPath, [main, "lintseq", "-p", sample, "-o", join(folder, "ours.jsonl"), "--overwrite", "-q"]],
  [`lintseq -c ${threads}`, process.execPath, [
    main,
    "lintseq",
    "-p",
    sample,
    "-o",
    join(folder, "threads.jsonl"),
    "--overwrite",
    "-q",
    "-c",
    threads
  ]],
  [`--algorithm pylintseq -c ${threads}`, process.execPath, [
    main,
    "lintseq",
    "-p",
    sample,
    "-o",
    join(folder, "pylintseq.jsonl"),
    "--overwrite",
    "-q",
    "-c",
    threads,
    "--algorithm",
    "pylintseq"
  ]]
]
const against = valueOf("against")
const times: Record<string, unknown> = {}
for (
  const [name, command, commandArgs] of [
    ...ways,
    ...(against === undefined
      ? []
      : [["--against", "sh", ["-c", against.replaceAll("{input}", sample).replaceAll("{threads}", threads)]] as const])
  ]
) {
  const runs = name.startsWith("lintseq") ? 5 : 1
  const measured = []
  for (let run = 0; run < runs; run++) measured.push(await time(command, commandArgs))
  const middle = measured.sort((a, b) => a.wall - b.wall)[Math.floor(runs / 2)]
  // The time of a pylint process that lintseq stops is in nobody's account.
  const isCounted = !name.includes("pylintseq")
  times[name] = {
    "wall s": middle?.wall.toFixed(2),
    "CPU s": isCounted ? middle?.cpu.toFixed(2) : "?",
    "ms of CPU a program": isCounted ? ((middle?.cpu ?? 0) * 1000 / programs.length).toFixed(1) : "?",
    code: middle?.code
  }
}
console.log(`${programs.length} programs, whole process:`)
console.table(times)
console.log("What the paths are like:")
console.table({
  lintseq: describe(parser, rowsOf(join(folder, "ours.jsonl"))),
  "--algorithm pylintseq": describe(parser, rowsOf(join(folder, "pylintseq.jsonl")))
})

/** A program of about so many lines: functions of all the programs' kinds of block. */
const programOf = (lines: number): string =>
  Array.from(
    { length: Math.ceil(lines / 10) },
    (_, at) =>
      `def compute_${at}(values, limit=${at}):\n    total = ${at}\n    for value in values:\n        if value < limit:\n` +
      `            total += value\n        else:\n            total -= 1\n    return total\n\n\n`
  ).join("")

const costs: Record<string, unknown> = {}
for (const lines of [50, 200, 800, 3000]) {
  const path = join(folder, `${lines}.jsonl`)
  const rows = Math.max(2, Math.round(400 / lines))
  writeFileSync(path, `${JSON.stringify({ instruction: "", response: programOf(lines) })}\n`.repeat(rows))
  const one = join(folder, "one.jsonl")
  writeFileSync(one, `${JSON.stringify({ instruction: "", response: "x = 1\n" })}\n`)
  const run = (file: string) =>
    time(process.execPath, [
      main,
      "lintseq",
      "-p",
      file,
      "-o",
      join(folder, "cost.jsonl"),
      "--overwrite",
      "-q",
      "-j",
      "1"
    ])
  const start = await run(one)
  const all = await run(path)
  costs[`${lines} lines`] = {
    "ms a program, without the start": ((all.cpu - start.cpu) * 1000 / rows).toFixed(0),
    edits: (rowsOf(join(folder, "cost.jsonl")).reduce((sum, row) => sum + row.edit_path.length, 0) / rows).toFixed(0)
  }
}
console.log("What one program costs, by its length:")
console.table(costs)
