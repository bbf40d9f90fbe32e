/**
 * `pnpm bench attacked [--honest=10000] [--hostile=1000] [--seed=1]`: honest attempts with hostile ones among them, through
 * keys, vim-loop and serve-reward. Half of the honest ones are right and half are not; it prints how many got the verdict
 * that they should, or why a run stopped.
 */
import { spawn } from "node:child_process"
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { printKeys } from "../../services/keys/keystrokes.ts"
import { type Random, randomOf } from "../../services/text/random.ts"
import { hostileKeys } from "../support/hostile-keys.ts"

const valueOf = (flag: string) => process.argv.find((arg) => arg.startsWith(`--${flag}=`))?.slice(flag.length + 3)
const honestCount = Number(valueOf("honest") ?? 10_000)
const hostileCount = Number(valueOf("hostile") ?? 1000)
const seed = valueOf("seed") ?? "1"
const main = valueOf("program") ?? join(dirname(fileURLToPath(import.meta.url)), "main.mjs")

const root = mkdtempSync(join(tmpdir(), "retrace-attacked-"))
chmodSync(root, 0o755)
process.on("exit", () => rmSync(root, { recursive: true, force: true }))
const outside = join(root, "secret")
writeFileSync(outside, "the secret\n")

interface Item {
  readonly kind: "right" | "wrong" | "hostile"
  readonly source: string
  readonly target: string
  readonly keys: string
}

const words = (random: Random, count: number) =>
  Array.from({ length: count }, () => ["lamp", "tree", "boat", "king", "salt", "moon"][random.below(6)]).join(" ")

/** An edit of one line, by its number so that no two are the same. */
const honest = (index: number, random: Random): Item => {
  const lines = Array.from({ length: 2 + random.below(8) }, () => words(random, 4))
  const at = random.below(lines.length)
  const added = `item ${index} ${words(random, 2)}`
  const kept = lines.toSpliced(at + 1, 0, added)
  const source = lines.map((line) => `${line}\n`).join("")
  const target = kept.map((line) => `${line}\n`).join("")
  const isRight = random.below(2) === 0
  return { kind: isRight ? "right" : "wrong", source, target, keys: isRight ? `${at + 1}Go${added}<Esc>` : "Gjk" }
}

const random = randomOf("attacked", seed)
const attacks = Object.values(hostileKeys(root, outside))
const items: ReadonlyArray<Item> = Array.from({ length: honestCount + hostileCount }, (_, index) => {
  const isHostile = random.below(honestCount + hostileCount) < hostileCount
  if (!isHostile) return honest(index, random)
  const keys = printKeys(attacks[random.below(attacks.length)] ?? [])
  return { kind: "hostile", source: "one two\nthree\n", target: `never ${index}\n`, keys }
})

const limits = ["--time-limit", "0.5"]

const run = (args: ReadonlyArray<string>) =>
  new Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>((resolve) => {
    const child = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "pipe", "pipe"] })
    let [stdout, stderr] = ["", ""]
    child.stdout.setEncoding("utf8").on("data", (text: string) => stdout += text)
    child.stderr.setEncoding("utf8").on("data", (text: string) => stderr += text)
    child.on("close", (code) => resolve({ code, stdout, stderr }))
  })

const write = (name: string, rows: ReadonlyArray<object>) => {
  const path = join(root, name)
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(""))
  return path
}

const rowsOf = (text: string): ReadonlyArray<any> =>
  text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line))

interface Verdicts {
  /** Whether each item counts as solved; undefined where nobody says. */
  readonly solved: ReadonlyArray<boolean | undefined>
  readonly stopped: string | undefined
}

const ways: Readonly<Record<string, () => Promise<Verdicts>>> = {
  "keys --batch": async () => {
    const batch = write("batch.jsonl", items.map(({ keys, source }) => ({ source, keys })))
    const { code, stderr, stdout } = await run(["keys", "--batch", batch, ...limits])
    const rows = rowsOf(stdout)
    return {
      solved: items.map(({ target }, index) => rows[index] === undefined ? undefined : rows[index].text === target),
      stopped: code === 0 ? undefined : stderr.trim()
    }
  },
  "vim-loop": async () => {
    const pairs = write("pairs.jsonl", items.map(({ keys, source, target }) => ({ source, target, keys })))
    const output = join(root, "loop")
    const args = ["--predictor", "replay", "--rounds", "1", "--max-lines", "50", "-o", output, "-q"]
    const { code, stderr } = await run(["vim-loop", "--pairs", pairs, "--replay", pairs, ...args, ...limits])
    const found = code === 0
      ? readdirSync(output).filter((name) => name.endsWith("transforms.jsonl"))
        .flatMap((name) => rowsOf(readFileSync(join(output, name), "utf8")))
      : []
    const solved = new Set(found.map((row) => row.target))
    return {
      solved: items.map(({ target }) => code === 0 ? solved.has(target) : undefined),
      stopped: code === 0 ? undefined : stderr.trim()
    }
  },
  "serve-reward": async () => {
    const server = spawn(process.execPath, [main, "serve-reward", "--port", "0", "--max-queue", "100000", ...limits], {
      stdio: ["ignore", "ignore", "pipe"]
    })
    const url = await new Promise<string>((resolve) =>
      server.stderr.setEncoding("utf8").on("data", (text: string) => {
        const [found] = /http:\S+/.exec(text) ?? []
        if (found !== undefined) resolve(found)
      })
    )
    const solved: Array<boolean | undefined> = items.map(() => undefined)
    let stopped: string | undefined
    const size = 100
    let next = 0
    const client = async () => {
      while (next < items.length && stopped === undefined) {
        const start = next
        next += size
        const asked = items.slice(start, start + size).map(({ keys, source, target }) => ({
          source,
          target,
          completion: keys
        }))
        const headers = { "content-type": "application/json" }
        const answer = await fetch(`${url}/reward`, { method: "POST", headers, body: JSON.stringify(asked) })
        if (answer.status !== 200) stopped = await answer.text()
        else {
          for (const [at, { outcome, reward }] of ((await answer.json()) as Array<any>).entries()) {
            solved[start + at] = reward === 1
            // An honest attempt may lose to the clock of a machine that is busy otherwise: that is no forged verdict.
            if (items[start + at]?.kind === "right" && reward !== 1) process.stderr.write(`a right one: ${outcome}\n`)
          }
        }
      }
    }
    await Promise.all([client(), client(), client()])
    server.kill("SIGTERM")
    return { solved, stopped }
  }
}

process.stdout.write(
  `seed ${seed}\n\n| | right ones solved | wrong ones solved | hostile ones solved | seconds | |\n|---|---|---|---|---|---|\n`
)
for (const [name, way] of Object.entries(ways)) {
  if (valueOf("only") !== undefined && valueOf("only") !== name) continue
  const started = performance.now()
  const { solved, stopped } = await way()
  const share = (kind: Item["kind"]) => {
    const own = items.flatMap((item, index) => item.kind === kind ? [solved[index]] : [])
    return `${own.filter((one) => one === true).length} of ${own.length}`
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(0)
  const cells = [share("right"), share("wrong"), share("hostile"), seconds, stopped ?? ""]
  process.stdout.write(`| ${name} | ${cells.join(" | ")} |\n`)
}
process.exit(0)
