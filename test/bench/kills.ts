/**
 * `pnpm bench kills [--kills=200] [--seed=n] [--repositories=a,b] [--commits=20]`: runs of every task and file format that are
 * killed at moments of the seed, a third of them while files get their names, and then run again: whether their bytes are
 * those of an undisturbed run, and what was left behind. What is not in order keeps its folder.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { makeKilledRuns } from "../support/killed-runs.ts"
import { drawKills, type KillOutcome, makeKiller, type Phase } from "../support/kills.ts"
import { makeRepository, pythonModule } from "../support/repository.ts"

const valueOf = (flag: string) => process.argv.find((arg) => arg.startsWith(`--${flag}=`))?.slice(flag.length + 3)
const count = Number(valueOf("kills") ?? 200)
const seed = Number(valueOf("seed") ?? Date.now() % 1_000_000)
const only = valueOf("only")
const main = valueOf("program") ?? join(dirname(fileURLToPath(import.meta.url)), "main.mjs")
const root = mkdtempSync(join(tmpdir(), "retrace-kills-"))
// The user of a confined Vim has to find his way to it.
chmodSync(root, 0o755)

const repositories = valueOf("repositories")?.split(",") ?? [ownRepository()]
function ownRepository(): string {
  const { commit, path, write } = makeRepository("shop")
  for (let step = 0; step < 20; step++) {
    for (let file = 0; file < 4; file++) write(`src/part_${file}.py`, pythonModule(12 + (step + file) % 9, `v${step}_`))
    commit(`step ${step}`)
  }
  process.on("exit", () => rmSync(dirname(path), { recursive: true, force: true }))
  return path
}

mkdirSync(join(root, "material"))
const [first = "", ...others] = repositories
const runs = makeKilledRuns({
  repositories: [first, ...others],
  main,
  folder: join(root, "material"),
  commits: Number(valueOf("commits") ?? 20)
}).filter(({ format, task }) => only === undefined || `${task} ${format}`.includes(only))

const { kill } = makeKiller({ main, root })
process.stdout.write(`${count} kills, seed ${seed}\n`)
const outcomes: Array<KillOutcome> = []
const started = performance.now()
for (const asked of drawKills(runs, count, seed)) {
  const outcome = await kill(asked)
  outcomes.push(outcome)
  const { difference, kill: { phase, run: { format, task } }, left, wasKilled } = outcome
  const said = [wasKilled ? "" : "never killed in time", difference, ...left].filter((text) => text !== "")
  if (said.length > 0) process.stdout.write(`${task}, ${format}, ${phase}: ${said.join("; ")}\n`)
}

process.stdout.write("\n| task | format | phase | kills | equal | left behind |\n|---|---|---|---|---|---|\n")
const phases: ReadonlyArray<Phase> = ["any moment", "publishing"]
for (const run of runs) {
  for (const phase of phases) {
    const some = outcomes.filter(({ kill }) => kill.run === run && kill.phase === phase)
    if (some.length === 0) continue
    const equal = some.filter(({ difference }) => difference === "").length
    const left = some.filter(({ left }) => left.length > 0).length
    process.stdout.write(`| ${run.task} | ${run.format} | ${phase} | ${some.length} | ${equal} | ${left} |\n`)
  }
}
const inPublishing = outcomes.filter(({ kill }) => kill.phase === "publishing").length
const equal = outcomes.filter(({ difference }) => difference === "").length
const clean = outcomes.filter(({ left }) => left.length === 0).length
process.stdout.write(
  `\n${outcomes.length} kills, ${inPublishing} of them while publishing: ${equal} equal, ${clean} left nothing behind; ` +
    `${Math.round((performance.now() - started) / 1000)} s\n`
)
const counts = new Map<string, number>()
for (const kind of outcomes.flatMap(({ left }) => [...new Set(left)])) counts.set(kind, (counts.get(kind) ?? 0) + 1)
for (const [kind, times] of [...counts].sort(([, a], [, b]) => b - a)) {
  process.stdout.write(`  ${times} times ${kind}\n`)
}
if (equal === outcomes.length && clean === outcomes.length) rmSync(root, { recursive: true })
else {
  process.stdout.write(`See ${root}\n`)
  process.exitCode = 1
}
