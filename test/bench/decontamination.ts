/**
 * `pnpm bench decontamination --benchmark=<tasks.jsonl.gz>... <rows.jsonl>...`: how many rows hold a piece of a benchmark,
 * how many of the rows that a task is planted in are found, and how fast that is told. Rows are read as they are written:
 * their texts are prompt and answers.
 */
import { createReadStream, readFileSync } from "node:fs"
import { createInterface } from "node:readline"
import { gunzipSync } from "node:zlib"
import { type BenchmarkText, benchmarkTextsOf } from "../../services/hygiene/benchmark-texts.ts"
import { makeBenchmarks, makeHits } from "../../services/hygiene/decontamination.ts"
import { textOf } from "../../services/rows/fields.ts"

const args = process.argv.slice(2)
const mark = "--benchmark="
const say = (line: string) => process.stdout.write(`${line}\n`)

const texts = args.filter((arg) => arg.startsWith(mark)).flatMap((arg): ReadonlyArray<BenchmarkText> => {
  const path = arg.slice(mark.length)
  const bytes = readFileSync(path)
  const lines = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8").trim().split("\n")
  return lines.flatMap((line, number) => benchmarkTextsOf(JSON.parse(line), path, number))
})
const benchmarks = makeBenchmarks(texts)
say(
  `${texts.length} texts, ${benchmarks.tasks} tasks, ${benchmarks.tooShort} too short, ${benchmarks.runs} runs of words`
)

const hits = makeHits()
let [rows, hit, planted, found, millis] = [0, 0, 0, 0, 0]
for (const path of args.filter((arg) => !arg.startsWith("--"))) {
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const row = JSON.parse(line)
    const shown = ["prompt", "completion", "chosen", "rejected", "text"].flatMap((column) => textOf(row[column]) ?? [])
    const start = performance.now()
    const held = benchmarks.hitIn(shown)
    millis += performance.now() - start
    rows++
    if (held !== undefined) {
      hit++
      hits.add(held, `${path}:${rows}`)
    }
    const task = texts[rows % texts.length]
    if (task === undefined) continue
    planted++
    const [prompt = "", ...rest] = shown
    const half = prompt.length >>> 1
    if (benchmarks.hitIn([prompt.slice(0, half) + task.text + prompt.slice(half), ...rest])?.file !== undefined) found++
  }
}
say(`${hit} of ${rows} rows are hit; ${Math.round(1000 * rows / millis)} rows/s`)
say(`${found} of ${planted} rows with a planted task are hit`)
for (const { example, place, rows, runs, task } of hits.result()) {
  say(`${task}: ${rows} rows, ${runs} runs at ${place}, such as ${JSON.stringify(example)}`)
}
