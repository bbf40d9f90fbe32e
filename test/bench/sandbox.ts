/**
 * `pnpm bench sandbox [--attempts=1000] [--rounds=3]`: attempts a second through the fork servers, beside a Vim that is
 * started for each attempt: piped and unconfined (the original's way at its best), restricted in a pseudo-terminal, and
 * piped in bubblewrap. All in one run, in turns, so that what slows one slows all.
 */
import { execFileSync, spawn } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { layerBubblewrap } from "../../layers/sandbox/ForkServerSandbox.ts"
import { layer as layerPty } from "../../layers/sandbox/PtySandbox.ts"
import { characterOfKey, keysOfText } from "../../services/keys/keystrokes.ts"
import { textAfter } from "../../services/keys/outcome.ts"
import { type Attempt, defaultLimits, Sandbox } from "../../services/Sandbox.ts"

const args = process.argv.slice(2)
const valueOf = (flag: string) => args.find((arg) => arg.startsWith(`--${flag}=`))?.slice(flag.length + 3)
const count = Number(valueOf("attempts") ?? 1000)
const rounds = Number(valueOf("rounds") ?? 3)
const searchPath = process.env["PATH"] ?? ""

const source = `${
  ["good morning vietnam", ...Array.from({ length: 30 }, (_, line) => `    const v${line} = f(${line})`)].join("\n")
}\n`
const sequences = [
  "iHello\u001b",
  "dd",
  "ct evening\u001b",
  ":s/o/0/g\r",
  "A, world!\u001b",
  "gUiw",
  "jddp",
  "ohello\u001b"
]
const attempts: ReadonlyArray<Attempt> = Array.from({ length: count }, (_, index) => ({
  source,
  keys: keysOfText(sequences[index % sequences.length] ?? "")
}))

const room = mkdtempSync(join(tmpdir(), "retrace-bench-"))
process.on("exit", () => rmSync(room, { recursive: true, force: true }))
const vim = execFileSync("realpath", [execFileSync("which", ["vim"], { encoding: "utf8" }).trim()], {
  encoding: "utf8"
}).trim()
const libraries = [...execFileSync("ldd", [vim], { encoding: "utf8" }).matchAll(/(\/\S+) \(0x/g)].flatMap(([, path]) =>
  path ?? []
)

/** A Vim of its own, fed through a pipe, that writes its file and leaves. */
const piped = (confine: (folder: string) => ReadonlyArray<string>) => (attempt: Attempt, index: number) =>
  new Promise<string>((resolve) => {
    const folder = join(room, String(index))
    mkdirSync(folder, { recursive: true })
    const file = join(folder, "text")
    writeFileSync(file, attempt.source)
    const [command = "", ...rest] = [...confine(folder), "--not-a-term", "-u", "NONE", "-i", "NONE", "-n", "text"]
    const child = spawn(command, rest, { cwd: folder, stdio: ["pipe", "pipe", "pipe"] })
    child.stdout.resume()
    child.stderr.resume()
    child.stdin.end(`${attempt.keys.map((key) => characterOfKey(key) ?? "").join("")}\u001b:wq\r`)
    child.on("close", () => resolve(readFileSync(file, "utf8")))
  })

const inBubblewrap = (folder: string) => [
  "bwrap",
  ..."--unshare-all --die-with-parent --new-session --cap-drop ALL --clearenv --setenv TERM dumb".split(" "),
  "--ro-bind",
  vim,
  "/vim",
  ...libraries.flatMap((library) => ["--ro-bind", library, library]),
  "--bind",
  folder,
  ..."/w --chdir /w -- /vim".split(" ")
]

type Run = (concurrency: number) => Effect.Effect<ReadonlyArray<string>, unknown>

const perProcess = (one: (attempt: Attempt, index: number) => Promise<string>): Run => (concurrency) =>
  Effect.forEach(attempts, (attempt, index) => Effect.promise(() => one(attempt, index)), { concurrency })

const sandboxed = (layerOf: typeof layerPty): Run => (concurrency) =>
  Effect.gen(function*() {
    const sandbox = yield* Sandbox
    // What starts once is not what an attempt costs.
    yield* sandbox.runAll(attempts.slice(0, concurrency))
    started = performance.now()
    return (yield* sandbox.runAll(attempts)).map((outcome) => textAfter(outcome) ?? outcome._tag)
  }).pipe(Effect.provide(layerOf({ concurrency, limits: defaultLimits, vimOptions: "defaults", searchPath })))

let started = 0
const ways: Readonly<Record<string, Run>> = {
  "fork server in bubblewrap": sandboxed(layerBubblewrap),
  "fresh Vim, piped, unconfined": perProcess(piped(() => [vim])),
  "fresh restricted Vim in a pty": sandboxed(layerPty),
  "fresh Vim in bubblewrap, piped": perProcess(piped(inBubblewrap))
}

const rates = new Map<string, Array<number>>()
let expected: ReadonlyArray<string> | undefined
for (let round = 0; round < rounds; round++) {
  for (const concurrency of [1, 2]) {
    for (const [name, run] of Object.entries(ways)) {
      started = performance.now()
      const texts = await Effect.runPromise(run(concurrency))
      const key = `${name}, ${concurrency}`
      rates.set(key, [...(rates.get(key) ?? []), count / (performance.now() - started) * 1000])
      expected ??= texts
      const wrong = texts.filter((text, index) => text !== expected?.[index]).length
      if (wrong > 0) process.stderr.write(`${key}: ${wrong} texts differ\n`)
    }
  }
}

const median = (values: ReadonlyArray<number>) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN
process.stdout.write(
  `${count} attempts, ${rounds} rounds, medians\n\n| | at once | attempts/s | fork server is |\n|---|---|---|---|\n`
)
for (const concurrency of [1, 2]) {
  const ours = median(rates.get(`fork server in bubblewrap, ${concurrency}`) ?? [])
  for (const name of Object.keys(ways)) {
    const rate = median(rates.get(`${name}, ${concurrency}`) ?? [])
    process.stdout.write(
      `| ${name} | ${concurrency} | ${Math.round(rate)} | ${(ours / rate).toFixed(1)} times as fast |\n`
    )
  }
}
process.exit(0)
