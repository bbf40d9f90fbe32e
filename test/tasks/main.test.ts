import { execFileSync, spawnSync } from "node:child_process"
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, inject, it } from "@effect/vitest"
import { runProgram, startProgram } from "../support/program.ts"
import { makeRepository, pythonModule, temporaryFolder, type TestRepository } from "../support/repository.ts"
import { runTask } from "../support/task.ts"

let repository: TestRepository
let root = ""

beforeAll(() => {
  root = temporaryFolder()
  repository = makeRepository()
  for (let step = 0; step < 40; step++) {
    for (const name of ["a", "b", "c"]) repository.write(`${name}.py`, pythonModule(8, `${name}${step}_`))
    repository.commit(`step ${step}`)
  }
})
afterAll(() => {
  repository.dispose()
  rmSync(root, { recursive: true, force: true })
})

describe("the command line", () => {
  it("alone lists the tasks, and every task tells its flags with examples", async () => {
    const alone = await runProgram([])
    assert.strictEqual(alone.code, 0)
    assert.include(alone.stdout, "generate")
    assert.strictEqual(alone.stderr, "")
    const help = await runProgram(["generate", "--help"])
    assert.strictEqual(help.code, 0)
    for (const word of ["--repo", "--dataset-type", "--seed", "Examples", "[default: 1000]"]) {
      assert.include(help.stdout, word)
    }
    assert.notInclude(help.stdout, "\u001b")
  })

  it.each(["bash", "zsh", "fish"])("prints completions for %s", async (shell) => {
    const { code, stdout } = await runTask(["--completions", shell])
    assert.strictEqual(code, 0)
    assert.include(stdout, "max-commits")
  })

  it("tells its version", async () => {
    assert.match((await runProgram(["--version"])).stdout, /^\d+\.\d+\.\d+\n$/)
  })

  const wrong: ReadonlyArray<readonly [string, () => ReadonlyArray<string>, number, RegExp]> = [
    ["an unknown task", () => ["generat"], 64, /generat/],
    ["an unknown flag", () => ["generate", "--repo", repository.path, "--no-such"], 64, /no-such/],
    ["no repository", () => ["generate"], 64, /--repo/],
    ["a place that is not there", () => ["generate", "/no/such/place"], 66, /no such folder/],
    ["a folder without history", () => ["generate", root], 66, /--source tree/],
    ["a file", () => ["generate", join(repository.path, "a.py")], 66, /is a file/],
    ["a repository without commits", () => ["generate", join(root, "empty")], 65, /commit something/],
    ["a number that is none", () => ["generate", repository.path, "--max-commits", "many"], 64, /max-commits/],
    ["a split above one", () => ["generate", repository.path, "--split", "1.1"], 64, /--split/],
    ["a date that is none", () => ["generate", repository.path, "--start-date", "2024-02-31"], 64, /2024-02-31/],
    [
      "dates in the wrong order",
      () => ["generate", repository.path, "--start-date", "2025-01-01", "--end-date", "2024-01-01"],
      64,
      /--start-date is after --end-date/
    ],
    ["no commit in range", () => ["generate", repository.path, "--start-date", "2050-01-01"], 65, /in range/],
    ["nothing of that language", () => ["generate", repository.path, "--language", "go"], 65, /language not asked for/],
    ["a language that is none", () => ["generate", repository.path, "--language", "klingon"], 64, /klingon/],
    ["edits of a tree", () => ["generate", repository.path, "--source", "tree", "--format", "ZED"], 64, /no edits/],
    [
      "an order that a model lacks",
      () => ["generate", repository.path, "--base-model", "codestral", "--format", "PSM"],
      64,
      /codestral/
    ],
    [
      "a tokenizer that is not there",
      () => ["generate", repository.path, "--tokenizer", "/no/such.json", "--max-tokens", "512"],
      66,
      /tokenizer/
    ],
    ["tokens without a tokenizer", () => ["generate", repository.path, "--max-tokens", "512"], 64, /--tokenizer/],
    ["no worker at all", () => ["generate", repository.path, "-j", "0"], 64, /concurrency/],
    [
      "an output below a file",
      () => ["generate", repository.path, "-o", join(repository.path, "a.py", "out")],
      73,
      /part of the path/
    ],
    ["a revision that is not there", () => ["generate", repository.path, "--rev", "nope"], 65, /nope/]
  ]
  it.each(wrong)("ends on %s with one line that says what to do", async (_, args, code, words) => {
    if (!existsSync(join(root, "empty"))) {
      mkdirSync(join(root, "empty"))
      execFileSync("git", ["init", "--quiet"], { cwd: join(root, "empty") })
    }
    const output = join(root, "unwritten")
    const given = args()
    const ended = await runTask(
      given.includes("-o") ? given : [...given, ...(given[0] === "generate" ? ["-o", output] : [])]
    )
    assert.strictEqual(ended.code, code, ended.stderr)
    assert.match(ended.stderr.trimEnd().split("\n").at(-1) ?? "", words)
    assert.strictEqual(
      ended.stderr.split("\n").filter((line) => line !== "" && !line.startsWith("Reading ")).length,
      1,
      ended.stderr
    )
    assert.strictEqual(ended.stdout, "")
    assert.isFalse(existsSync(output))
  })

  it.each([["SIGINT", 130], ["SIGTERM", 143]] as const)(
    "on %s it ends with %s and leaves no file under a final name",
    async (signal, code) => {
      const output = join(root, `signal-${signal}`)
      const { child, ended } = startProgram(["generate", "--repo", repository.path, "-o", output])
      while (!existsSync(join(output, "run.json.part"))) await new Promise((resolve) => setTimeout(resolve, 5))
      child.kill(signal)
      const { code: ending, stderr } = await ended
      assert.strictEqual(ending, code)
      assert.match(stderr, /Interrupted: the same command with --resume goes on from here\n$/)
      assert.isFalse(existsSync(join(output, "metadata.json")))
      assert.isFalse(existsSync(join(output, "run.lock")))
    }
  )

  it("ends quietly when nobody reads its output any more", async () => {
    const reader = "process.stdin.once('data', () => process.exit())"
    const script =
      "{ \"$0\" \"$1\" generate \"$2\" --preview 100 --quiet; echo \"code $?\" >&2; } | \"$0\" --eval \"$3\""
    const { stderr } = spawnSync(
      "sh",
      ["-c", script, process.execPath, join(inject("bundleFolder"), "main.mjs"), repository.path, reader],
      { encoding: "utf8" }
    )
    assert.strictEqual(stderr, "code 0\n")
  })

  it("uses a local tokenizer as an exact budget", async () => {
    const tokenizer = join(root, "tokenizer.json")
    writeFileSync(
      tokenizer,
      JSON.stringify({
        version: "1.0",
        added_tokens: [],
        normalizer: null,
        pre_tokenizer: { type: "Whitespace" },
        post_processor: null,
        decoder: null,
        model: { type: "WordLevel", vocab: { "<unk>": 0 }, unk_token: "<unk>" }
      })
    )
    const output = join(root, "tokens")
    const ended = await runTask([
      "generate",
      repository.path,
      "-o",
      output,
      "--format",
      "PSM",
      "--max-tokens",
      "100",
      "--tokenizer",
      tokenizer
    ])
    assert.strictEqual(ended.code, 0, ended.stderr)
    assert.notInclude(readFileSync(join(output, "metadata.json"), "utf8"), root)
    const whole = join(root, "no-tokens")
    await runTask(["generate", repository.path, "-o", whole, "--format", "PSM"])
    const prompts = (folder: string) =>
      readFileSync(join(folder, "train_kto.jsonl"), "utf8").trim().split("\n").map((line) => JSON.parse(line).prompt)
    for (const prompt of prompts(output)) assert.isAtMost(prompt.match(/\w+|[^\w\s]+/g)?.length ?? 0, 100)
    assert.isAbove(Math.max(...prompts(whole).map((prompt) => prompt.length)), 1000)
  })
})
