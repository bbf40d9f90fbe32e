/**
 * `pnpm bench split <repository>... [--splits=0.5,0.8,0.9] [--seeds=5]`: how near the rows of each repository, and of all
 * together, come to the share that was asked for, and how many groups of files change sides when a history grows by a
 * tenth.
 *
 * Rows are made once for each seed: the share that is asked for decides their sides and nothing else of them.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SimpleGit from "../../layers/git/SimpleGit.ts"
import { Git, type Repository } from "../../services/Git.ts"
import type { HistorySettings } from "../../services/history/settings.ts"
import { generate } from "../../tasks/library.ts"
import { planLineages } from "../../tasks/shared/survey/plan-lineages.ts"

const args = process.argv.slice(2)
const option = (name: string, fallback: string) =>
  args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3) ?? fallback
const folders = args.filter((arg) => !arg.startsWith("--"))
const splits = option("splits", "0.5,0.8,0.9").split(",").map(Number)
const seeds = Array.from({ length: Number(option("seeds", "5")) }, (_, index) => index + 1)
const maxCommits = Number(option("max-commits", "1000"))

const opening = { orFolder: false, mostFiles: 1_000_000 }
const settingsOf = (seed: number, split: number, rev = "HEAD", most = maxCommits): HistorySettings => ({
  rev,
  maxCommits: most,
  startDate: null,
  endDate: null,
  extensions: null,
  languages: null,
  qualityFilter: true,
  testedOnly: false,
  maxFileBytes: 1024 * 1024,
  maxFiles: 1_000_000,
  seed,
  split,
  groupBy: "file",
  testAfter: null
})

/** The side of each group of a plan. */
const sidesOf = Effect.fnUntraced(function*(repositories: ReadonlyArray<Repository>, settings: HistorySettings) {
  const { batches } = yield* planLineages(repositories, settings, "paths")
  return new Map(batches.flatMap(({ lineages }) => lineages.map(({ group, side }) => [group, side] as const)))
})

/** Rows of each group, from a dataset that is made for it. */
const rowsByGroup = async (places: ReadonlyArray<string>, seed: number): Promise<ReadonlyMap<string, number>> => {
  const output = mkdtempSync(join(tmpdir(), "retrace-bench-split-"))
  try {
    const { files } = await generate({ repositories: [...places], output, seed, maxCommits, overwrite: true })
    const rows = new Map<string, number>()
    for (const name of Object.keys(files)) {
      for (const line of readFileSync(join(output, name), "utf8").split("\n").filter((text) => text !== "")) {
        const { group } = JSON.parse(line).metadata
        rows.set(group, (rows.get(group) ?? 0) + 1)
      }
    }
    return rows
  } finally {
    rmSync(output, { recursive: true, force: true })
  }
}

const percent = (share: number): string => (100 * share).toFixed(1)
const print = (line: string) => {
  process.stdout.write(`${line}\n`)
}

/** The share of rows in train, for each seed. */
const reach = Effect.fnUntraced(function*(name: string, places: ReadonlyArray<string>) {
  const git = yield* Git
  const repositories = yield* Effect.forEach(places, (place) => git.open(place, opening))
  const rowsOf = new Map<number, ReadonlyMap<string, number>>()
  for (const seed of seeds) rowsOf.set(seed, yield* Effect.promise(() => rowsByGroup(places, seed)))
  for (const split of splits) {
    const reached: Array<string> = []
    for (const seed of seeds) {
      const sides = yield* sidesOf(repositories, settingsOf(seed, split))
      const rows = rowsOf.get(seed) ?? new Map<string, number>()
      const total = [...rows.values()].reduce((sum, count) => sum + count, 0)
      const train = [...rows].reduce((sum, [group, count]) => sum + (sides.get(group) === "train" ? count : 0), 0)
      reached.push(percent(train / total))
    }
    print(`| ${name} | ${percent(split)} | ${reached.join(" ")} |`)
  }
}, Effect.scoped)

/** How many groups of the older part of a history change sides when the rest comes. */
const grow = Effect.fnUntraced(function*(place: string) {
  const repository = yield* (yield* Git).open(place, opening)
  const { batches } = yield* planLineages([repository], settingsOf(1, 0.9), "commits")
  const commits = [
    ...new Set(
      batches.flatMap(({ lineages }) => lineages.flatMap(({ changes }) => changes.map(({ commit }) => commit)))
    )
  ]
  const rev = commits[Math.floor(commits.length / 1.1)] ?? "HEAD"
  for (const split of splits) {
    const moved: Array<number> = []
    let groups = 0
    for (const seed of seeds) {
      const before = yield* sidesOf([repository], settingsOf(seed, split, rev))
      const after = yield* sidesOf([repository], settingsOf(seed, split, "HEAD", Math.round(maxCommits * 1.1)))
      groups = before.size
      moved.push([...before].filter(([group, side]) => (after.get(group) ?? side) !== side).length)
    }
    print(`| ${repository.name} | ${percent(split)} | ${moved.join(" ")} of ${groups} |`)
  }
}, Effect.scoped)

const program = Effect.gen(function*() {
  print(`| repository | asked, % | reached with seeds 1 to ${seeds.length}, % of rows |`)
  print("|---|---|---|")
  for (const folder of folders) yield* reach(folder.replace(/.*\//, ""), [folder])
  if (folders.length > 1) yield* reach("all", folders)
  print("")
  print("| repository | asked, % | groups that move when a tenth more commits come |")
  print("|---|---|---|")
  for (const folder of folders) yield* grow(folder)
})

const platform = Layer.mergeAll(NodeFileSystem.layer, NodePath.layer)
await Effect.runPromise(program.pipe(Effect.provide(SimpleGit.layer.pipe(Layer.provide(platform)))))
