/** `pnpm bench start-up`: how long `--help` takes, beside bare node, pair by pair. */
import { execFileSync } from "node:child_process"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..", "..")
const launcher = join(root, "tasks", "launch.mjs")
const pairs = 21

const time = (args: ReadonlyArray<string>) => {
  const started = performance.now()
  execFileSync(process.execPath, args, { stdio: "ignore" })
  return performance.now() - started
}
const median = (values: ReadonlyArray<number>) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

const bare: Array<number> = []
const lists: Array<number> = []
const help: Array<number> = []
time([launcher])
for (let pair = 0; pair < pairs; pair++) {
  bare.push(time(["-e", "0"]))
  lists.push(time([launcher]))
  help.push(time([launcher, "generate", "--help"]))
}
process.stdout.write(
  `bare node ${median(bare).toFixed(0)} ms, list of tasks ${median(lists).toFixed(0)} ms (${
    (median(lists) / median(bare)).toFixed(2)
  } times), ` +
    `generate --help ${median(help).toFixed(0)} ms (${(median(help) / median(bare)).toFixed(2)} times)\n`
)
