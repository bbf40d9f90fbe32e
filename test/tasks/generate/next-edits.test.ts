import { readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { withoutBegin } from "../../../services/formats/base-models.ts"
import { applied, type Dialect, momentOf } from "../../../services/next-edit/dialect.ts"
import { dialectNamed, dialects } from "../../../services/next-edit/dialects/all.ts"
import { targetKinds } from "../../../services/next-edit/spots.ts"
import { unbalancedStages } from "../../../services/rows/ledger.ts"
import { folderContents, rowsIn } from "../../support/program.ts"
import { makeRepository, pythonModule, temporaryFolder, type TestRepository } from "../../support/repository.ts"
import { runTask } from "../../support/task.ts"

let repository: TestRepository
let root = ""
const commits: Record<string, string> = {}
const files: Record<string, Readonly<Record<string, string>>> = {}

/** A module whose functions have parameters and calls of their own, and its test. */
const shop = (names: ReadonlyArray<string>, parameter: string) =>
  names.map((name, index) =>
    `def ${name}(items, ${parameter}):\n` +
    `    """Says what ${name} gives."""\n` +
    `    total = ${index}\n` +
    `    for item in items:\n` +
    `        total += item.price * ${parameter}\n` +
    `    return total + ${index + 3}\n`
  ).join("\n\n")
const shopTest = (names: ReadonlyArray<string>, parameter: string) =>
  `from shop import ${names.join(", ")}\n\n\n` +
  names.map((name, index) =>
    `def test_${name}():\n    ${parameter} = ${index + 2}\n    assert ${name}([], ${parameter}) == ${index + 3}\n`
  ).join("\n\n")

const folders = ["red", "green", "blue", "grey", "white", "black"]

const makeHistory = () => {
  const { commit, remove, write } = repository
  for (let step = 0; step < 8; step++) {
    const names = Array.from({ length: 3 + (step >> 1) }, (_, index) => `amount_${index}`)
    for (const folder of folders) {
      write(`${folder}/shop.py`, shop(names, `rate_${folder}_${step}`))
      write(`${folder}/test_shop.py`, shopTest(names, `rate_${folder}_${step}`))
      commits[`${folder} ${step}`] = commit(`rename the rate in ${folder}, step ${step}`)
    }
  }
  write("plain.py", pythonModule(6, "plain"))
  commit("add plain")
  write("plain.py", pythonModule(6, "plain").replaceAll("    ", "        "))
  commits["white space"] = commit("indent by eight")
  write("moved.py", `${pythonModule(2, "moved")}\n\n${pythonModule(2, "other")}`)
  commit("add what is moved later")
  write("moved.py", `${pythonModule(2, "other")}\n\n${pythonModule(2, "moved")}`)
  commits["moved"] = commit("move code")
  for (let file = 0; file < 31; file++) write(`many/f${file}.py`, pythonModule(2, `many${file}`))
  commits["many"] = commit("add many files")
  write("keys.py", `${pythonModule(2, "keys")}\n\nKEY = "AKIAIOSFODNN7ABCDEFG"\n`)
  commits["secret"] = commit("add a key")
  remove("keys.py")
  commit("take it away")
}

const generate = async (name: string, ...args: ReadonlyArray<string>) => {
  const output = join(root, name)
  const ended = await runTask(["generate", "--repo", repository.path, "--output", output, "--split", "0.6", ...args])
  assert.strictEqual(ended.code, 0, ended.stderr)
  files[name] = folderContents(output)
}

const rowsOf = (name: string, ...tables: ReadonlyArray<string>) =>
  tables.flatMap((table) => rowsIn(files[name]?.[`${table}.jsonl`] ?? ""))
const ledgerOf = (name: string) => JSON.parse(files[name]?.["metadata.json"] ?? "{}").ledger
const refusedOf = (...args: ReadonlyArray<string>) =>
  runTask(["generate", "--repo", repository.path, "--output", join(root, "none"), ...args])

beforeAll(async () => {
  repository = makeRepository("shops")
  root = temporaryFolder()
  makeHistory()
  for (const { name } of dialects) await generate(name, "--format", name, "--dataset-type", "sft,dpo,kto,fim")
}, 120_000)
afterAll(() => {
  repository.dispose()
  rmSync(root, { recursive: true, force: true })
})

/** What a row shows, and the file after an answer to it. */
const readRow = (dialect: Dialect, prompt: string) => {
  const read = dialect.read(withoutBegin(prompt))
  assert.isDefined(read, prompt)
  if (read === undefined) return undefined
  const { moment, shown } = momentOf(prompt, read)
  return {
    read,
    text: moment.file.text,
    after: (completion: string) => {
      const answer = dialect.parse(completion, shown, moment)
      return answer._tag === "unreadable" ? answer.reason : applied(moment.file.text, shown, answer)
    }
  }
}

describe.each(dialects.map((dialect) => [dialect.name, dialect] as const))("next edits in %s", (name, dialect) => {
  it("each row asks and answers in the dialect, and its wrong answer leads elsewhere", () => {
    const rows = rowsOf(name, "train_dpo", "test_dpo")
    assert.isAbove(rows.length, 40)
    for (const { chosen, metadata, prompt, rejected } of rows) {
      const row = readRow(dialect, prompt)
      if (row === undefined) continue
      assert.strictEqual(row.read.path, metadata.filepath)
      assert.strictEqual(metadata.format, name)
      assert.include(targetKinds, metadata.kind)
      const [right, wrong] = [row.after(chosen), row.after(rejected)]
      assert.strictEqual(right === row.text, metadata.kind === "no edit")
      assert.notStrictEqual(right, wrong)
      assert.strictEqual(wrong === row.text, metadata.negative === "none where one is due")
      assert.isAbove(row.read.events.length, 0)
    }
  })

  it("holds the share of rows without an edit", () => {
    const rows = rowsOf(name, "train_sft", "val_sft")
    const quiet = rows.filter(({ metadata }) => metadata.kind === "no edit")
    assert.isAbove(quiet.length / rows.length, 0.05)
    assert.isBelow(quiet.length / rows.length, 0.3)
  })

  it("shows no file on both sides of the split", () => {
    const shown = (tables: ReadonlyArray<string>) =>
      new Set(
        rowsOf(name, ...tables).flatMap(({ metadata, prompt }) => [
          metadata.filepath,
          ...readRow(dialect, prompt)?.read.events.map(({ path }) => path) ?? []
        ])
      )
    const [train, held] = [shown(["train_sft", "train_dpo"]), shown(["val_sft", "test_dpo"])]
    assert.isAbove(train.size, 1)
    assert.isAbove(held.size, 0)
    assert.deepStrictEqual([...train].filter((path) => held.has(path)), [])
  })

  it("counts all that came, and leaves out what teaches nothing", () => {
    const ledger = ledgerOf(name)
    assert.deepStrictEqual(unbalancedStages(ledger), [])
    const { leftOut } = ledger.commits
    assert.deepStrictEqual(
      [leftOut["white space only"], leftOut["code moved only"], leftOut["more than 30 files"]],
      [1, 1, 1]
    )
    assert.strictEqual(ledger.changes.leftOut["secret"], 1)
    const told = new Set(rowsOf(name, "train_sft", "val_sft").map(({ metadata }) => metadata.commit))
    for (const trap of ["white space", "moved", "many", "secret"]) assert.isFalse(told.has(commits[trap] ?? ""))
    assert.notInclude(Object.values(files[name] ?? {}).join(""), "AKIAIOSFODNN7ABCDEFG")
  })
})

describe("generate, for next edits", () => {
  it("gives the same bytes for any number of threads, and others for another seed", async () => {
    const args = ["--format", "zeta2", "--dataset-type", "sft,dpo,kto,fim"]
    await generate("one thread", ...args, "--concurrency", "1")
    assert.deepStrictEqual(files["one thread"], files["zeta2"])
    await generate("other seed", ...args, "--seed", "7")
    assert.notStrictEqual(files["other seed"]?.["train_sft.jsonl"], files["zeta2"]?.["train_sft.jsonl"])
  })

  it("shows cross-file edits, and every way to go wrong", () => {
    const rows = rowsOf("zeta2.1", "train_dpo", "test_dpo")
    const wrongs = new Set(rows.map(({ metadata }) => metadata.negative))
    assert.deepStrictEqual(
      [...wrongs].toSorted(),
      ["edit where none is due", "none where one is due", "over-edit", "stale", "undo", "wrong place"]
    )
    assert.isAbove(rows.filter(({ metadata }) => metadata.kind === "other file").length, 0)
  })

  it("draws the shares that were asked for", async () => {
    await generate(
      "shares",
      ..."--format sweep --dataset-type dpo --edit-targets near=1 --no-edit-share 0".split(" "),
      "--wrong-edits",
      "undo=1,none-where-one-is-due=1"
    )
    const rows = rowsOf("shares", "train_dpo", "test_dpo")
    assert.isAbove(rows.length, 10)
    assert.deepStrictEqual([...new Set(rows.map(({ metadata }) => metadata.kind))], ["near"])
    assert.deepStrictEqual(
      [...new Set(rows.map(({ metadata }) => metadata.negative))].toSorted(),
      ["none where one is due", "undo"]
    )
  })

  it("remembers what the author did before, in files that stay on one side", async () => {
    await generate("history", "--format", "zeta2", "--dataset-type", "sft", "--edit-history", "8")
    const zeta2 = dialectNamed("zeta2")
    if (zeta2 === undefined) return assert.fail("zeta2 is a dialect")
    const firsts = (name: string) =>
      rowsOf(name, "train_sft", "val_sft").filter(({ metadata, prompt }) =>
        dialectNamed("zeta2")?.read(prompt)?.events.some(({ before }) => {
          const step = Number(/step (\d+)/.exec(metadata.commit_message)?.[1] ?? 0)
          return step > 1 && new RegExp(`rate_\\w+_${step - 2}\\b`).test(before)
        })
      ).length
    assert.strictEqual(firsts("zeta2"), 0)
    assert.isAbove(firsts("history"), 0)
  })

  it("writes what was left out, each moment with its reason", async () => {
    await generate("rejected", "--format", "sweep", "--dataset-type", "sft", "--rejected", join(root, "left-out.jsonl"))
    const told = rowsIn(readFileSync(join(root, "left-out.jsonl"), "utf8"))
    const { leftOut } = ledgerOf("rejected").moments
    for (const { metadata } of told) assert.include(targetKinds, metadata.kind)
    // Moments of one kind in one file are told once for each reason.
    const reasons = new Set(told.map(({ reason }) => reason))
    assert.deepStrictEqual([...reasons].toSorted(), Object.keys(leftOut).toSorted())
    assert.isAbove(told.length, 0)
  })

  it("is asked by the name of a model, too", async () => {
    await generate("model", "--base-model", "zed-industries/zeta-2", "--dataset-type", "sft,dpo,kto,fim")
    assert.strictEqual(files["model"]?.["train_sft.jsonl"], files["zeta2"]?.["train_sft.jsonl"])
  })

  it("ends a completion as the trainer and the dialect want it", async () => {
    const ends = async (format: string, trainer: string) => {
      await generate("ends", "--format", format, "--dataset-type", "sft", "--trainer", trainer, "--overwrite")
      const [row] = rowsOf("ends", "train_sft")
      return String(row.completion ?? row.output ?? row.segments?.at(-1)?.text).slice(-40)
    }
    assert.match(await ends("zeta2", "trl"), /\n>>>>>>> UPDATED\n$/)
    assert.match(await ends("zeta2", "llama-factory"), /UPDATED\n<\[end▁of▁sentence\]>$/)
    assert.notInclude(await ends("zeta2.1", "trl"), "<[end")
    assert.match(await ends("zeta2.1", "axolotl"), /\|><\[end▁of▁sentence\]>$/)
    assert.match(await ends("instinct", "llama-factory"), /[^>]<\|im_end\|>$/)
    assert.match(await ends("sweep", "axolotl"), /[^>]<\|endoftext\|>$/)
  })

  it.each([
    [["--format", "zeta2", "--source", "tree"], /Cannot mine next edits .* --source tree/],
    [["--format", "zeta2", "--mix", "PSM=1"], /Cannot mix formats with --format zeta2/],
    [["--format", "zeta2", "--base-model", "starcoder2"], /Cannot write zeta2 for starcoder2: .* --base-model zeta2/],
    [["--no-edit-share", "0.3"], /Cannot use --no-edit-share without next edits/],
    [["--format", "zeta2", "--edit-targets", "nearby=1"], /--edit-targets/],
    [["--format", "zeta2", "--wrong-edits", "undo=-1"], /--wrong-edits/]
  ])("refuses %j in one line", async (args, words) => {
    const { code, stderr, stdout } = await refusedOf(...args)
    assert.strictEqual(code, 64)
    assert.match(stderr, words)
    assert.strictEqual(stderr.trim().split("\n").length, 1, stderr)
    assert.strictEqual(stdout, "")
  })
})
