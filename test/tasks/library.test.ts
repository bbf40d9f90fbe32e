import { rmSync } from "node:fs"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { afterAll, assert, beforeAll, describe, inject, it } from "@effect/vitest"
import type * as Library from "../../tasks/library.ts"
import { folderContents, runProgram } from "../support/program.ts"
import { makeRepository, pythonModule, temporaryFolder, type TestRepository } from "../support/repository.ts"
import { runTask } from "../support/task.ts"
import { withSandbox } from "../support/with-tools.ts"

let repository: TestRepository
let root = ""
let library: typeof Library

beforeAll(async () => {
  root = temporaryFolder()
  repository = makeRepository()
  for (let step = 0; step < 8; step++) {
    for (const name of ["a", "b", "c", "d"]) repository.write(`${name}.py`, pythonModule(4, `${name}${step}_`))
    repository.commit(`step ${step}`)
  }
  library = await import(pathToFileURL(join(inject("bundleFolder"), "library.mjs")).href)
})
afterAll(() => {
  repository.dispose()
  rmSync(root, { recursive: true, force: true })
})

describe("the library", () => {
  it("generates the bytes of the command line", async () => {
    const ours = join(root, "ours")
    const seen: Array<string> = []
    const result = await library.generate({
      repositories: [repository.path],
      output: ours,
      datasetType: ["both"],
      onProgress: ({ _tag }) => seen.push(_tag)
    })
    await runProgram(["generate", repository.path, "-o", join(root, "theirs"), "--dataset-type", "both"])
    assert.deepStrictEqual(folderContents(ours), folderContents(join(root, "theirs")))
    assert.isAbove(result.files["train_kto.jsonl"] ?? 0, 0)
    assert.includeMembers(seen, ["opened", "planned", "worked", "writing"])
  })

  it("takes fimgen's call", async () => {
    const builder = new library.DatasetBuilder(repository.path, join(root, "fimgen"))
    const stats = await builder.buildKTODataset({
      maxCommits: 5,
      fimFormat: library.FIMFormat.PSM,
      trainTestSplit: 0.5,
      fileExtensions: [".py"]
    })
    assert.strictEqual(stats.ledger["commits"]?.came, 5)
    assert.property(stats.files, "train_kto.jsonl")
    assert.property((await builder.buildDPODataset()).files, "train_dpo.jsonl")
  })

  it("gives examples one by one without touching the disk, and stops when told", async () => {
    const rows: Array<any> = []
    for await (const row of library.examples({ repositories: [repository.path], source: "tree" })) rows.push(row)
    assert.isAbove(rows.length, 1)
    assert.property(rows[0], "text")
    const controller = new AbortController()
    controller.abort()
    const failure = await library.generate({
      repositories: [repository.path],
      output: join(root, "aborted"),
      signal: controller.signal
    }).then(() => undefined, (cause) => cause)
    assert.isDefined(failure)
  })

  it("rejects with the failure itself", async () => {
    const failure = await library.generate({ repositories: ["/no/such/place"] }).then(() => undefined, (cause) => cause)
    assert.strictEqual(failure._tag, "NotARepository")
  })

  it("opens a project for an editor in the same process", async () => {
    const project = await library.openContext({ root: repository.path, watch: false, concurrency: 1 })
    assert.strictEqual(project.size().files, 4)
    const [name] = /def (\w+)/.exec(repository.git("show", "HEAD:a.py"))?.slice(1) ?? [""]
    const content = `import a\n\na.${name ?? ""}(`
    const { snippets, text } = await project.context({ filepath: "x.py", content, offset: content.length })
    assert.include(text, `def ${name ?? ""}(`)
    assert.isTrue(snippets.some(({ path }) => path === "a.py"))
    await project.close()
    const failure = await library.openContext({ root: "/does/not/exist" }).catch((cause) => cause)
    assert.include(failure.message, "there is no such folder")
  })

  withSandbox.it("solves edits round by round", async () => {
    const rounds: Array<number> = []
    const outcome = await library.vimLoop({
      repositories: [repository.path],
      output: join(root, "vim"),
      maxEdits: 5,
      onRound: ({ solved }) => rounds.push(solved)
    })
    assert.deepStrictEqual(rounds, [5])
    assert.strictEqual(outcome.stopped, "every edit is solved")
    await runTask(["vim-loop", "--repo", repository.path, "-o", join(root, "vim-cli"), "--max-edits", "5"])
    const [ours, theirs] = ["vim", "vim-cli"].map((name) => folderContents(join(root, name)))
    assert.strictEqual(ours?.["sft.jsonl"], theirs?.["sft.jsonl"])
    const failure = await library.vimLoop({ repositories: [repository.path], predictor: "chat" }).catch((cause) =>
      cause
    )
    assert.strictEqual(failure._tag, "WrongUsage")
  })

  withSandbox.it("types into a sandboxed Vim", async () => {
    const vim = await library.openVim({ concurrency: 2, limits: { wallMillis: 300 } })
    try {
      assert.deepInclude(await vim.type({ source: "hello\n", keys: "x" }), {
        _tag: "finished",
        text: "ello\n",
        mode: "n"
      })
      const outcomes = await vim.typeAll(
        ["x", ":q!<CR>", ":while 1<CR>:endwhile<CR>"].map((keys) => ({ source: "ab", keys }))
      )
      assert.deepStrictEqual(outcomes.map(({ _tag }) => _tag), ["finished", "left", "timed out"])
      assert.include(await vim.record({ source: "", keys: "iHi<Esc>" }), "\"title\":\"iHi<Esc>\"")
      const failure = await vim.type({ source: "", keys: "<esc>" }).catch((cause) => cause)
      assert.match(failure.message, /^Cannot read keys at 0/)
    } finally {
      await vim.close()
    }
  })
})
