import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { parseRow, presetNamed, readRow } from "../../../services/measures/rows.ts"
import { folderContents, rowsIn } from "../../support/program.ts"
import { makeRepository, temporaryFolder, type TestRepository } from "../../support/repository.ts"
import { startServer } from "../../support/server.ts"
import { runTask } from "../../support/task.ts"

let repository: TestRepository
let folder: string
const commits: Array<string> = []

const helper = (name: string, count: number) =>
  Array.from(
    { length: count },
    (_, at) =>
      `def ${name}_${at}(order, discount_${at}=0.${
        at + 1
      }):\n    """Rates of ${name} number ${at}."""\n    total = order.amount * (1 - discount_${at})\n    return round(total, 2)\n`
  ).join("\n\n")

const shop = (body: string) =>
  `from lib.rates import rate_0, rate_1\nfrom lib.orders import Order\n\n\nclass Shop:\n    def __init__(self, owner):\n        self.owner = owner\n        self.orders = []\n\n    def take(self, amount):\n        order = Order(amount)\n        self.orders.append(order)\n        return order\n\n${body}`

const report =
  "    def report_of_all_orders(self):\n        lines = [f\"{order.amount}: {rate_0(order)}\" for order in self.orders]\n        text_of_the_report = \"\\n\".join(lines)\n        return text_of_the_report + self.owner\n"
const answer = "text_of_the_report = \"\\n\".join(lines)"

beforeAll(() => {
  folder = temporaryFolder()
  repository = makeRepository("rates")
  repository.write("lib/__init__.py", "")
  repository.write(
    "lib/orders.py",
    "class Order:\n    def __init__(self, amount, currency='EUR'):\n        self.amount = amount\n        self.currency = currency\n\n    def label(self):\n        return f'{self.amount} {self.currency}'\n"
  )
  repository.write("lib/rates.py", `${helper("rate", 6)}\n`)
  repository.write("shop.py", shop("    def count(self):\n        return len(self.orders)\n"))
  commits.push(repository.commit("start"))
  // The commit under test adds a method here and a helper elsewhere: neither may be in its own context.
  repository.write("shop.py", shop(`    def count(self):\n        return len(self.orders)\n\n${report}`))
  repository.write("lib/same_commit.py", `${helper("same_commit_helper", 3)}\n`)
  commits.push(repository.commit("report"))
  // Later: the answer stands elsewhere, in a copy of the target and in a file of its own.
  repository.write("shop_copy.py", shop(`    def count(self):\n        return len(self.orders)\n\n${report}`))
  repository.write("later/answer.py", `${helper("later_helper", 3)}\n\nclass Report:\n${report}`)
  commits.push(repository.commit("later"))
  repository.write("lib/rates.py", `${helper("rate", 8)}\n`)
  commits.push(repository.commit("more rates"))
})
afterAll(() => {
  repository.dispose()
  rmSync(folder, { recursive: true, force: true })
})

const generate = async (output: string, ...flags: ReadonlyArray<string>) => {
  const args = [
    "generate",
    "--repo",
    repository.path,
    "--output",
    join(folder, output),
    "--quiet",
    "--split",
    "0.5",
    ...flags
  ]
  const ended = await runTask(args)
  assert.strictEqual(ended.stderr, "")
  assert.strictEqual(ended.code, 0)
  const contents = folderContents(join(folder, output))
  return {
    contents,
    rows: Object.entries(contents).filter(([name]) => name.endsWith(".jsonl")).flatMap(([, text]) => rowsIn(text)),
    metadata: JSON.parse(contents["metadata.json"] ?? "")
  }
}

const both = ["--cross-file-context", "--bm25-context"]

describe("context in rows", () => {
  it("training and serving give the same bytes for the same place", async () => {
    const { rows } = await generate("tree", "--source", "tree", "--no-context-share", "0", ...both)
    const server = startServer(["--no-watch"])
    await server.ask("initialize", { project_root: repository.path, bm25: true })
    let asked = 0
    let told = 0
    for (const { context, metadata } of rows) {
      const bytes = Buffer.from(repository.git("show", `HEAD:${metadata.filepath}`))
      const [start, end] = metadata.span
      const prefix = bytes.subarray(0, start)
      const served = await server.ask("getContext", {
        filepath: join(repository.path, metadata.filepath),
        content: Buffer.concat([prefix, bytes.subarray(end)]).toString(),
        cursor_offset: prefix.length,
        format: "qwen2.5-coder"
      })
      assert.strictEqual(served.result.context, context, metadata.filepath)
      assert.strictEqual(metadata.context_chars, context.length)
      asked++
      if (context !== "") told++
    }
    assert.isAtLeast(asked, 5)
    assert.isAbove(told, asked / 2)
    server.child.stdin.end()
    assert.strictEqual((await server.ended).code, 0)
  })

  it("and so they do in a file that no prompt holds, whose other parts are outlined", async () => {
    const long = makeRepository("long")
    const step = (at: number) =>
      `    def step_${at}(self, order, value_${at}):\n        total_of_step_${at} = rate_${
        at % 6
      }(order) + value_${at} * ${
        at + 2
      }\n        self.steps.append(total_of_step_${at})\n        return round(total_of_step_${at}, 2)\n\n`
    const steps = Array.from({ length: 90 }, (_, at) => step(at)).join("")
    const text = `from lib.rates import rate_0, rate_1\n\n\nclass Till:\n    steps = []\n\n${steps}`
    long.write("lib/rates.py", `${helper("rate", 6)}\n`)
    long.write("till.py", text)
    long.commit("start")
    const output = join(folder, "long")
    const flags = ["--source", "tree", "--no-context-share", "0", ...both]
    const ended = await runTask([
      "generate",
      "--repo",
      long.path,
      "--output",
      output,
      "--quiet",
      "--split",
      "0.5",
      ...flags
    ])
    assert.strictEqual(ended.code, 0, ended.stderr)
    const rows = Object.entries(folderContents(output)).filter(([name]) => name.endsWith(".jsonl"))
      .flatMap(([, text]) => rowsIn(text)).filter(({ metadata }) => metadata.filepath === "till.py")
    const server = startServer(["--no-watch"])
    await server.ask("initialize", { project_root: long.path, bm25: true })
    let outlined = 0
    for (const { context, metadata, prefix, suffix } of rows) {
      const [start, end] = metadata.span
      const served = await server.ask("getContext", {
        filepath: join(long.path, "till.py"),
        content: text.slice(0, start) + text.slice(end),
        cursor_offset: start,
        format: "qwen2.5-coder"
      })
      assert.strictEqual(served.result.context, context)
      // Nothing is outlined that the prompt shows.
      const names = [...context.matchAll(/^ {2}def (step_\d+)\(/gm)].map((match) => match[1])
      if (names.length > 0) outlined++
      for (const name of names) assert.notInclude(prefix.split("till.py").at(-1) + suffix, `def ${name}(`)
    }
    assert.isAbove(rows.length, 2)
    assert.isAbove(outlined, rows.length / 2)
    server.child.stdin.end()
    assert.strictEqual((await server.ended).code, 0)
    long.dispose()
  })

  it("no row of history sees its own commit or a later one", async () => {
    for (const format of ["ZED", "PSM"]) {
      const { rows } = await generate(
        `history-${format}`,
        "--dataset-type",
        "kto",
        "--format",
        format,
        "--no-context-share",
        "0",
        ...both
      )
      const own = rows.filter(({ metadata }) => metadata.commit === commits[1] && metadata.filepath === "shop.py")
      assert.isAbove(own.length, 0)
      let told = 0
      for (const row of own) {
        const before = row.prompt.slice(0, row.metadata.context_chars + 400)
        assert.notInclude(before, "same_commit_helper")
        assert.notInclude(before, "later_helper")
        assert.notInclude(before, answer)
        assert.isFalse(row.metadata.answer_in_context)
        if (before.includes("def rate_0(order, discount_0=0.1)")) told++
      }
      assert.isAbove(told, 0)
      // The commit after next does see what came in between.
      const later = rows.filter(({ metadata }) => metadata.commit === commits[3])
      assert.isTrue(
        later.some(({ prompt }) => prompt.includes("same_commit_helper") || prompt.includes("later_helper"))
      )
      for (const { metadata } of rows.filter((row) => row.metadata.parent === "")) {
        assert.strictEqual(metadata.context_chars, 0)
      }
    }
  })

  it("rows parse back, the share without context is kept, and workers change nothing", async () => {
    const flags = ["--dataset-type", "fim,kto", "--format", "MIXED", ...both]
    const one = await generate("one", ...flags, "--concurrency", "1")
    const two = await generate("two", ...flags, "--concurrency", "2")
    assert.deepStrictEqual(two.contents, one.contents)
    const preset = presetNamed("qwen2.5-coder")
    for (const line of one.rows) {
      const row = readRow(line, preset)
      const completion = row?.wanted ?? row?.unwanted
      if (row === undefined || completion === undefined) return assert.fail(JSON.stringify(line))
      assert.isDefined(parseRow(row, completion, preset), JSON.stringify(line))
      if (typeof line.context === "string") assert.include(line.text, line.context)
    }
    const parented = one.rows.filter(({ metadata }) => metadata.parent !== "")
    const none = parented.filter(({ metadata }) => metadata.context_chars === 0).length / parented.length
    assert.isAbove(none, 0)
    assert.isBelow(none, 0.6)
    assert.deepStrictEqual(one.metadata.formatting.context, { budget: 4096, sources: ["signatures", "chunks"] })
    assert.notInclude(JSON.stringify(one.metadata), repository.path)
  })

  it("folders beside the repository lend context, and their content is part of what the run is", async () => {
    const library = join(folder, "vendorlib")
    mkdirSync(library)
    writeFileSync(
      join(library, "orders_kit.py"),
      "class Basket:\n    def append_order(self, order, amount):\n        return order\n\n    def orders(self):\n        return []\n"
    )
    const flags = ["--source", "tree", "--no-context-share", "0", ...both, "--include-path", library]
    const { metadata, rows } = await generate("include", ...flags)
    assert.isTrue(rows.some(({ context }) => context.includes("orders_kit.py")))
    assert.notInclude(JSON.stringify(metadata), library)
    const server = startServer(["--no-watch"])
    await server.ask("initialize", { project_root: repository.path, include_paths: [library], bm25: true })
    const row = rows.find(({ context }) => context.includes("orders_kit.py"))
    const bytes = Buffer.from(repository.git("show", `HEAD:${row.metadata.filepath}`))
    const [start, end] = row.metadata.span
    const served = await server.ask("getContext", {
      filepath: join(repository.path, row.metadata.filepath),
      content: Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]).toString(),
      cursor_offset: start,
      format: "qwen2.5-coder"
    })
    assert.strictEqual(served.result.context, row.context)
    server.child.stdin.end()
    assert.strictEqual((await server.ended).code, 0)
    writeFileSync(join(library, "orders_kit.py"), "class Other:\n    pass\n")
    const again = await runTask([
      "generate",
      "--repo",
      repository.path,
      "--output",
      join(folder, "include"),
      "--split",
      "0.5",
      "--resume",
      ...flags
    ])
    assert.strictEqual(again.code, 73)
  })

  it("flags that would do nothing are refused", async () => {
    for (
      const flags of [["--include-path", "."], ["--context-chars", "9"], ["--no-context-share", "0.1"], [
        ...both,
        "--no-context-share",
        "1"
      ], [...both, "--context-chars", "3"]]
    ) {
      const ended = await runTask([
        "generate",
        "--repo",
        repository.path,
        "--output",
        join(folder, "none"),
        ...flags
      ])
      assert.strictEqual(ended.code, 64)
      assert.match(ended.stderr, /^Cannot [^\n]*\n$/)
    }
  })
})
