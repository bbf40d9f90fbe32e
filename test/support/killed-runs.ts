/** The runs that are killed: every task that writes files, in every format, each done in a second or two. */
import { spawnSync } from "node:child_process"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { KilledRun } from "./kills.ts"

/** What runs read, made once. */
export interface KillMaterial {
  /** Repositories, large enough for work of a second. */
  readonly repositories: readonly [string, ...ReadonlyArray<string>]
  /** Path of the program, for what is made with it. */
  readonly main: string
  /** An empty folder. */
  readonly folder: string
  /** How many commits are read. */
  readonly commits: number
}

export const makeKilledRuns = (material: KillMaterial): ReadonlyArray<KilledRun> => {
  const { commits, folder, main, repositories } = material
  const repository = (at: number) => repositories[at % repositories.length] ?? repositories[0]
  const programs = join(folder, "programs.jsonl")
  writeFileSync(programs, Array.from({ length: 60 }, (_, row) => `${JSON.stringify(program(row))}\n`).join(""))
  const pairs = join(folder, "pairs.jsonl")
  writeFileSync(pairs, Array.from({ length: 60 }, (_, row) => `${JSON.stringify(pair(row))}\n`).join(""))
  const plain = join(folder, "plain")
  mkdirSync(plain)
  for (let file = 0; file < 12; file++) writeFileSync(join(plain, `part_${file}.py`), program(file).response)
  const dataset = join(folder, "dataset")
  const made = spawnSync(process.execPath, [
    main,
    "generate",
    ...["--repo", repository(0), "--max-commits", String(commits), "--dataset-type", "both", "-o", dataset, "-q"]
  ], { encoding: "utf8" })
  if (made.status !== 0) throw new Error(made.stderr)

  const generate = (format: string, ...args: ReadonlyArray<string>): KilledRun => ({
    task: "generate",
    format,
    args: ["generate", "-o", "rows", "-q", "--buffer-mb", "1", ...args],
    again: ["--resume"],
    folder: "rows",
    isThreaded: true
  })
  const history = (format: string, at: number, ...args: ReadonlyArray<string>) =>
    generate(format, "--repo", repository(at), "--max-commits", String(commits), ...args)
  const lintseq = (format: string, ...args: ReadonlyArray<string>): KilledRun => ({
    task: "lintseq",
    format,
    args: ["lintseq", "-o", "edits.jsonl", "-q", ...args],
    again: ["--resume"],
    folder: "",
    isThreaded: true
  })
  const vimLoop = (format: string, ...args: ReadonlyArray<string>): KilledRun => ({
    task: "vim-loop",
    format,
    args: ["vim-loop", "-o", "rows", "-q", "--time-limit", "3", ...args],
    again: ["--resume"],
    folder: "rows",
    isThreaded: true
  })
  return [
    history("history, jsonl", 0),
    history("history, jsonl, rejected", 1, "--dataset-type", "both", "--format", "MIXED", "--rejected", "rejected.jsonl"),
    history("history, jsonl shards", 2, "--dataset-type", "sft,dpo", "--shard-rows", "20"),
    history("history, parquet", 0, "--dataset-type", "both", "--output-format", "parquet"),
    history("llama-factory, parquet shards", 2, ...[
      "--trainer",
      "llama-factory",
      "--dataset-type",
      "sft,kto,dpo",
      "--output-format",
      "parquet",
      "--shard-rows",
      "50"
    ]),
    history("axolotl, jsonl", 2, "--trainer", "axolotl", "--dataset-type", "sft"),
    history("hardest first", 0, "--curriculum-top-pct", "50"),
    history("with context", 1, "--cross-file-context", "--bm25-context", "--dataset-type", "dpo"),
    generate("tree, jsonl", "--source", "tree", repository(1), "--dataset-type", "fim,sft", "--split", "0.8"),
    generate("plain folder, parquet", "--source", "tree", plain, "--output-format", "parquet"),
    generate("clone, jsonl", "--repo", `file://${repository(0)}`, "--max-commits", String(commits)),
    lintseq("folder, jsonl", "--directory", plain, "-s", "4"),
    lintseq("repository, rejected", "--repo", repository(1), "--rejected", "rejected.jsonl", "--states", "each", ...[
      "--format",
      "prompt-completion"
    ]),
    lintseq("history, jsonl shards", "--repo", repository(0), "--from-history", ...[
      "--max-commits",
      String(commits),
      "--shard-rows",
      "10"
    ]),
    lintseq("rows, parquet", "--input", programs, "--output-format", "parquet", "-s", "3"),
    lintseq("rows, parquet shards, rejected", "--input", programs, "--random-baseline", ...[
      "--output-format",
      "parquet",
      "--shard-rows",
      "25",
      "--rejected",
      "rejected.jsonl"
    ]),
    vimLoop("search, jsonl", "--repo", repository(1), "--max-commits", "10", "--max-edits", "30"),
    vimLoop("pairs, parquet", "--pairs", pairs, "--output-format", "parquet"),
    vimLoop("pairs, jsonl shards", "--pairs", pairs, "--shard-rows", "20"),
    {
      task: "record",
      format: "asciicast",
      args: ["record", "--keys", "ihello<Esc>yypA there<Esc>", "-o", "hello.cast", "--overwrite"],
      again: [],
      folder: "",
      isThreaded: false
    },
    {
      task: "report",
      format: "page, card, figures",
      args: ["report", "rows", "--title", "Rows"],
      again: [],
      folder: "rows",
      isThreaded: false,
      prepare: (out) => void spawnSync("cp", ["-r", `${dataset}/.`, join(out, "rows")])
    }
  ]
}

const program = (row: number) => ({
  instruction: `Sum the numbers below ${row}`,
  response: Array.from({ length: 3 + row % 5 }, (_, at) =>
    `def sum_${at}(values, limit=${row}):\n` +
    `    total = ${at}\n    for value in values:\n        if value < limit:\n            total += value\n` +
    `    return total\n`).join("\n\n")
})

const pair = (row: number) => ({
  source: `line ${row}\nkeep\n${"more\n".repeat(row % 4)}`,
  target: `row ${row}\nkeep\n${"more of it\n".repeat(row % 3)}`,
  language: row % 2 === 0 ? "go" : "python"
})
