/** The runs that are killed: every task that writes files, in every format, each done in a second or two. */
import { spawnSync } from "node:child_process"
import { cpSync, mkdirSync, writeFileSync } from "node:fs"
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
  const read = ["--max-commits", String(commits)]
  const first = ["--repo", repository(0), ...read, "--dataset-type", "both", "-o", dataset, "-q"]
  const made = spawnSync(process.execPath, [main, "generate", ...first], { encoding: "utf8" })
  if (made.status !== 0) throw new Error(made.stderr)

  /** A call with flags as they are typed, and others that may hold spaces. */
  const call = (
    task: string,
    format: string,
    folder: string,
    flags: string,
    rest: ReadonlyArray<string>
  ): KilledRun => ({
    task,
    format,
    args: [task, ...flags.split(" "), ...rest],
    again: ["--resume"],
    folder,
    isThreaded: true
  })
  const generate = (format: string, flags: string, ...rest: ReadonlyArray<string>) =>
    call("generate", format, "rows", `-o rows -q --buffer-mb 1 ${flags}`, rest)
  const history = (format: string, at: number, flags: string) =>
    generate(format, flags, "--repo", repository(at), ...read)
  const lintseq = (format: string, flags: string, ...rest: ReadonlyArray<string>) =>
    call("lintseq", format, "", `-o edits.jsonl -q ${flags}`, rest)
  const vimLoop = (format: string, flags: string, ...rest: ReadonlyArray<string>) =>
    call("vim-loop", format, "rows", `-o rows -q --time-limit 3 ${flags}`, rest)
  return [
    history("history, jsonl", 0, "--dataset-type kto"),
    history("history, jsonl, rejected", 1, "--dataset-type both --format MIXED --rejected rejected.jsonl"),
    history("history, jsonl shards", 2, "--dataset-type sft,dpo --shard-rows 20"),
    history("history, parquet", 0, "--dataset-type both --output-format parquet"),
    history(
      "llama-factory, parquet shards",
      2,
      "--trainer llama-factory --dataset-type sft,kto,dpo --no-near-duplicates --licenses any " +
        "--output-format parquet --shard-rows 50"
    ),
    history("axolotl, jsonl", 2, "--trainer axolotl --dataset-type sft"),
    history("hardest first", 0, "--curriculum-top-pct 50"),
    history("with context", 1, "--cross-file-context --bm25-context --dataset-type dpo"),
    generate("tree, jsonl", "--source tree --dataset-type fim,sft --split 0.8", repository(1)),
    generate("plain folder, parquet", "--source tree --output-format parquet", plain),
    generate("clone, jsonl", "--dataset-type kto", "--repo", `file://${repository(0)}`, ...read),
    lintseq("folder, jsonl", "-s 4", "--directory", plain),
    lintseq(
      "repository, rejected",
      "--format prompt-completion --states each --rejected rejected.jsonl",
      "--repo",
      repository(1)
    ),
    lintseq("history, jsonl shards", "--from-history --shard-rows 10", "--repo", repository(0), ...read),
    lintseq("rows, parquet", "--output-format parquet -s 3", "--input", programs),
    lintseq(
      "rows, parquet shards, rejected",
      "--random-baseline --output-format parquet --shard-rows 25 " +
        "--rejected rejected.jsonl",
      "--input",
      programs
    ),
    vimLoop("search, jsonl", "--max-commits 10 --max-edits 30", "--repo", repository(1)),
    vimLoop("pairs, parquet", "--output-format parquet", "--pairs", pairs),
    vimLoop("pairs, jsonl shards", "--shard-rows 20", "--pairs", pairs),
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
      prepare: (out) => cpSync(dataset, join(out, "rows"), { recursive: true })
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
