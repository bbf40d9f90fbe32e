/** No file, row or tree ends a run, however deep it nests, however often it repeats, and however long it goes on. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { fingerprintOf } from "../../services/text/random.ts"
import { rowsIn } from "../support/program.ts"
import { makeRepository, pythonModule, temporaryFolder, type TestRepository } from "../support/repository.ts"
import { runTask } from "../support/task.ts"
import { withSandbox } from "../support/with-tools.ts"
import { deepSources, hiddenDepths } from "./deep-sources.ts"

let root = ""
const repositories: Array<TestRepository> = []
const at = (name: string) => join(root, name)

beforeAll(() => {
  root = temporaryFolder()
})
afterAll(() => {
  for (const { dispose } of repositories) dispose()
  rmSync(root, { recursive: true, force: true })
})

const write = (name: string, text: string): string => {
  writeFileSync(at(name), text)
  return at(name)
}

const ordinary = pythonModule(6, "ordinary")

/** The reasons of a run's metadata, all stages together. */
const reasonsIn = (metadata: string): Readonly<Record<string, number>> => {
  const reasons: Record<string, number> = {}
  for (const stage of Object.values<any>(JSON.parse(readFileSync(metadata, "utf8")).ledger)) {
    for (const [reason, count] of Object.entries<number>(stage.leftOut)) {
      reasons[reason] = (reasons[reason] ?? 0) + count
    }
  }
  return reasons
}

describe("files that nest without end", () => {
  const names = Object.keys(deepSources)
  /** What each run gave: the files that rows come from, and why others were left out. */
  const gave = new Map<
    string,
    { readonly files: ReadonlySet<string>; readonly reasons: Readonly<Record<string, number>> }
  >()
  /** Why lintseq left files out, by their names. */
  const refused = new Map<string, string>()

  beforeAll(async () => {
    const repository = makeRepository("deep")
    repositories.push(repository)
    for (const name of names) repository.write(name, "\n")
    repository.write("ordinary.py", pythonModule(2, "ordinary"))
    repository.commit("begin")
    for (const [name, text] of Object.entries(deepSources)) repository.write(name, text)
    repository.write("ordinary.py", ordinary)
    repository.commit("grow")
    const repo = ["--repo", repository.path]
    const run = async (name: string, args: ReadonlyArray<string>, rows: string, metadata: string) => {
      const ended = await runTask([...args, ...repo, "-q"])
      assert.strictEqual(ended.code, 0, `${name}: ${ended.stderr}`)
      const files = rowsIn(readFileSync(at(rows), "utf8")).map((row) => row.metadata?.filepath ?? row.source_file)
      gave.set(name, { files: new Set(files), reasons: reasonsIn(at(metadata)) })
    }
    const generate = ["generate", "--split", "1", "--no-quality-filter"]
    await run("tree", [...generate, "--source", "tree", "-o", at("tree")], "tree/train.jsonl", "tree/metadata.json")
    await run(
      "history",
      [...generate, "--dataset-type", "sft", "-o", at("history")],
      "history/train_sft.jsonl",
      "history/metadata.json"
    )
    await run(
      "lintseq",
      ["lintseq", "-o", at("seq.jsonl"), "--rejected", at("seq.rejected.jsonl")],
      "seq.jsonl",
      "seq.metadata.json"
    )
    for (const row of rowsIn(readFileSync(at("seq.rejected.jsonl"), "utf8"))) refused.set(row.source_file, row.reason)
    await run("histories", ["lintseq", "--from-history", "-o", at("his.jsonl")], "his.jsonl", "his.metadata.json")
  }, 180_000)

  it.each(names)("%s gives no row, and costs no other file its rows", (name) => {
    for (const [run, { files }] of gave) {
      assert.isTrue(files.has("ordinary.py"), run)
      assert.isFalse(files.has(name), `${run}: a row of ${name}`)
    }
    const isUnknown = name.endsWith(".sh")
    if (!isUnknown) {
      assert.match(refused.get(name) ?? "", /^(?:nested too deeply|too long for its linter|minified)$/, name)
    }
  })

  it("are counted by their reason in every run", () => {
    for (const run of ["tree", "history", "lintseq"]) {
      const reasons = gave.get(run)?.reasons ?? {}
      assert.isAtLeast(reasons["nested too deeply"] ?? 0, run === "lintseq" ? names.length / 2 : names.length - 4, run)
    }
  })

  it("are let in as deep as the user says, and no deeper", async () => {
    const folder = at("some")
    mkdirSync(folder, { recursive: true })
    const deep = (levels: number) => `x = ${"[\n".repeat(levels)}1\n${"]\n".repeat(levels)}${ordinary}`
    writeFileSync(join(folder, "a.py"), deep(60))
    writeFileSync(join(folder, "b.py"), deep(150))
    for (const [limit, left] of [[50, 2], [100, 1], [200, 0]] as const) {
      const args = [
        "generate",
        "--source",
        "tree",
        folder,
        "--max-nesting",
        String(limit),
        "-o",
        at(`some${limit}`),
        "-q"
      ]
      const { code, stderr } = await runTask([...args, "--no-quality-filter"])
      assert.strictEqual(code, 0, stderr)
      assert.strictEqual(reasonsIn(at(`some${limit}/metadata.json`))["nested too deeply"] ?? 0, left)
    }
  })

  it("do not end vim-loop", async () => {
    const path = repositories[0]?.path ?? ""
    const { code, stdout } = await runTask(["vim-loop", "--repo", path, "--list-edits", "-q"])
    assert.strictEqual(code, 0)
    assert.deepStrictEqual([...new Set(rowsIn(stdout).map(({ filepath }) => filepath))], ["ordinary.py"])
  })
})

describe("scripts that hide how deep they nest from whoever counts brackets", () => {
  const good = {
    instruction: "",
    response: "const a = 1\n\nfunction f(b) {\n  return a + b\n}\n\nf(2)\n",
    language: "javascript"
  }
  const typed = new Set(["old casts", "comparisons that may be types", "exports of nothing"])

  it.each(Object.entries(hiddenDepths))("%s", async (name, response) => {
    const language = typed.has(name) ? "typescript" : "javascript"
    const input = write(
      "hidden.jsonl",
      [good, { instruction: "", response, language }, good].map((row) => JSON.stringify(row)).join("\n")
    )
    const { code, stderr, stdout } = await runTask(["lintseq", "--input", input, "-o", "-", "-c", "1"])
    assert.strictEqual(code, 0, stderr)
    assert.deepStrictEqual(rowsIn(stdout).map(({ index }) => index), [0, 2])
  })

  it("are never read by this thread, however small the input", async () => {
    const input = write(
      "small.jsonl",
      `${JSON.stringify({ instruction: "", response: "(\n".repeat(30_000), path: "a.js" })}\n${JSON.stringify(good)}\n`
    )
    const { code, stdout } = await runTask(["lintseq", "--input", input, "-o", "-"])
    assert.deepStrictEqual([code, rowsIn(stdout).length], [0, 1])
  })
})

describe("lists without end", () => {
  it("have a fingerprint", () => {
    assert.strictEqual(fingerprintOf(Array.from({ length: 300_000 }, String)).length, 16)
  })

  it("of files are planned", async () => {
    const repository = makeRepository("wide")
    repositories.push(repository)
    repository.write("ordinary.py", ordinary)
    repository.write("x", "x\n")
    repository.git("add", ".")
    const blob = repository.git("hash-object", "x").trim()
    const tree = manyEntries(repository, 60_000, (number) => `100644 blob ${blob}\tf${number}.kt`)
    repository.git("read-tree", "--prefix=wide/", tree)
    repository.git("commit", "--quiet", "-m", "wide")
    for (const args of [["--source", "tree"], []]) {
      const output = at(`wide${args.length}`)
      const { code, stderr } = await runTask(["generate", "--repo", repository.path, ...args, "-o", output, "-q"])
      assert.strictEqual(code, 0, stderr)
    }
  })

  it.each(
    [
      ["lines", { prompt: "a\n".repeat(300_000), completion: "b" }],
      ["messages", { messages: Array.from({ length: 150_000 }, () => ({ role: "user", content: "a" })) }],
      ["states", {
        edit_path: Array.from({ length: 2000 }, () => "@@ -0,0 +1 @@\n+a\n"),
        index: 0,
        source_file: "a.py"
      }],
      ["fields", Object.fromEntries(Array.from({ length: 150_000 }, (_, field) => [`f${field}`, 1]))],
      ["keys", { source: "a", target: "b", keys: "x".repeat(300_000), transform: "x".repeat(300_000) }],
      ["one line", { text: "a".repeat(2_000_000) }]
    ] as const
  )("of %s are viewed", async (_, row) => {
    const path = write("long.jsonl", `${JSON.stringify(row)}\n`)
    for (const args of [["--row", "1"], ["--plain"], ["--stats"]]) {
      const { code, stderr } = await runTask(["view", path, ...args])
      assert.strictEqual(code, 0, stderr.slice(0, 300))
    }
  })
})

/** A tree of many entries, made without files. */
const manyEntries = (repository: TestRepository, count: number, entry: (number: number) => string): string => {
  const list = join(repository.path, ".git", "entries")
  writeFileSync(list, Array.from({ length: count }, (_, number) => `${entry(number)}\n`).join(""))
  return repository.git("-c", `alias.tree=!git mktree < ${list}`, "tree").trim()
}

const depths = 100_000

/** Rows that are JSON, and nest deeper than anything that looks at them can go. */
const deepRows: Readonly<Record<string, string>> = {
  "an array": `${"[".repeat(depths)}${"]".repeat(depths)}`,
  "an object": `${"{\"a\":".repeat(depths)}1${"}".repeat(depths)}`,
  "both": `${"[{\"a\":".repeat(depths)}1${"}]".repeat(depths)}`,
  "a column": `{"prompt":"a","completion":"b","c":${"[".repeat(depths)}${"]".repeat(depths)}}`,
  "the metadata": `{"prompt":"a","completion":"b","metadata":{"kind":${"[".repeat(depths)}${"]".repeat(depths)}}}`,
  "a text": `{"text":${"[".repeat(depths)}"a"${"]".repeat(depths)}}`,
  "messages": `{"messages":[{"role":"user","content":${"[".repeat(depths)}${"]".repeat(depths)}}]}`,
  "an edit path": `{"edit_path":${"[".repeat(depths)}${"]".repeat(depths)},"source_file":"a.py"}`,
  "a program": `{"instruction":"a","response":${"[".repeat(depths)}${"]".repeat(depths)}}`,
  "beside a program": `{"instruction":"a","response":"x = 1\\n","c":${"[".repeat(depths)}${"]".repeat(depths)}}`,
  "a source": `{"source":${"[".repeat(depths)}${"]".repeat(depths)},"target":"b","keys":"x"}`,
  "beside a source": `{"source":"ab\\n","target":"b\\n","keys":"x","c":${"[".repeat(depths)}${"]".repeat(depths)}}`,
  "keys": `{"source":"ab\\n","target":"b\\n","keys":${"[".repeat(depths)}${"]".repeat(depths)}}`
}

describe("rows of JSON that nest without end", () => {
  const row = {
    source: "ab\n",
    target: "b\n",
    keys: "x",
    instruction: "a",
    response: "def f():\n    return 1\n\n\nf()\n"
  }

  describe.each(Object.entries(deepRows))("in %s", (name, line) => {
    const mixed = () => write("rows.jsonl", `${JSON.stringify(row)}\n${line}\n${JSON.stringify(row)}\n`)

    it("are viewed", async () => {
      const path = mixed()
      for (
        const args of [["--row", "2"], ["--row", "2", "--json"], ["--plain"], ["--stats"], [
          "--filter",
          "source=a",
          "--plain"
        ]]
      ) {
        const { code, stderr } = await runTask(["view", path, ...args])
        assert.strictEqual(code, 0, `${args.join(" ")}: ${stderr.slice(0, 300)}`)
      }
      assert.include((await runTask(["view", path, "--row", "2"])).stdout, "nested too deeply")
    })

    it("are left out of lintseq", async () => {
      const { code, stderr, stdout } = await runTask(["lintseq", "--input", mixed(), "-o", "-"])
      assert.strictEqual(code, 0, stderr.slice(0, 300))
      assert.deepStrictEqual(rowsIn(stdout).map(({ index }) => index), [0, 2])
      assert.include(stderr, "1 nested too deeply")
    })

    it("do not end a report or vim-loop", async () => {
      const folder = at(`report-${name.replaceAll(" ", "-")}`)
      mkdirSync(folder)
      writeFileSync(join(folder, "train.jsonl"), `${JSON.stringify(row)}\n${line}\n`)
      for (
        const args of [
          ["report", folder],
          ["vim-loop", "--pairs", mixed(), "--list-edits", "-q"],
          ["vim-loop", "--pairs", mixed(), "--list-edits", "--predictor", "replay", "--replay", mixed(), "-q"]
        ]
      ) {
        const { code, stderr } = await runTask(args)
        assert.strictEqual(code, 0, `${args[0]}: ${stderr.slice(0, 300)}`)
      }
    })
  })

  withSandbox.it("get an outcome each from keys", async () => {
    const rows = Object.values(deepRows)
    const batch = write(
      "batch.jsonl",
      [JSON.stringify(row), ...rows, JSON.stringify(row)].map((line) => `${line}\n`).join("")
    )
    const { code, stderr, stdout } = await runTask(["keys", "--batch", batch])
    assert.strictEqual(code, 0, stderr.slice(0, 300))
    assert.deepStrictEqual(
      rowsIn(stdout).map(({ outcome }) => outcome).filter((outcome) => outcome === "finished").length >= 2,
      true
    )
    assert.strictEqual(rowsIn(stdout).length, rows.length + 2)
  })
})

describe("trees that name more files than there is memory", () => {
  /** A commit of `levels` trees, each of ten entries that are the level below, and of ten files at the bottom. */
  const bombOf = (levels: number, extra: ReadonlyArray<string> = []): TestRepository => {
    const repository = makeRepository("bomb")
    repositories.push(repository)
    repository.write("a.py", ordinary)
    repository.git("add", ".")
    const blob = repository.git("hash-object", "a.py").trim()
    let tree = manyEntries(repository, 10, (number) => `100644 blob ${blob}\tf${number}.py`)
    for (let level = 1; level < levels; level++) {
      const below = tree
      tree = manyEntries(repository, 10, (number) => `040000 tree ${below}\td${number}`)
    }
    const commit = repository.git("commit-tree", "-m", "bomb", ...extra, tree).trim()
    repository.git("update-ref", "refs/heads/main", commit)
    return repository
  }

  it.each(
    [
      ["generate of a tree", ["generate", "--source", "tree"], "-o"],
      ["lintseq", ["lintseq"], "-o"]
    ] as const
  )("end %s with a line", async (_, args, output) => {
    const { path } = bombOf(10)
    const { code, stderr } = await runTask([...args, "--repo", path, output, at("bombed.jsonl"), "-q"])
    assert.strictEqual(code, 65)
    assert.match(
      stderr,
      /^Cannot finish "git ls-tree": it names more than 1000000 files; pass a larger --max-files.*\n$/
    )
  })

  it.each(
    [
      ["generate", ["generate"]],
      ["generate with context", ["generate", "--cross-file-context"]],
      ["generate of tested files", ["generate", "--tested-only"]],
      ["generate of a tree", ["generate", "--source", "tree"]],
      ["lintseq", ["lintseq"]],
      ["lintseq of histories", ["lintseq", "--from-history"]],
      ["vim-loop", ["vim-loop", "--list-edits"]]
    ] as const
  )("end %s as soon as the user says", async (_, args) => {
    const { path } = bombOf(5)
    const { code, stderr } = await runTask([...args, "--repo", path, "-o", at("bombed"), "--max-files", "20000", "-q"])
    assert.strictEqual(code, 65)
    assert.match(stderr, /^Cannot finish "git (?:ls-tree|log)": it names more than 20000 files; .*\n$/)
  })

  it("are read where they have no more", async () => {
    const { path } = bombOf(2)
    const { code, stderr } = await runTask([
      "generate",
      "--source",
      "tree",
      "--repo",
      path,
      "-o",
      at("small"),
      "--max-files",
      "100",
      "-q"
    ])
    assert.strictEqual(code, 0, stderr)
  })

  it("end the reading of a folder", async () => {
    const folder = at("folder")
    mkdirSync(folder)
    for (let file = 0; file < 60; file++) writeFileSync(join(folder, `f${file}.py`), "x = 1\n")
    for (const args of [["lintseq", "--directory", folder], ["generate", "--source", "tree", folder]]) {
      const { code, stderr } = await runTask([...args, "-o", at("foldered"), "--max-files", "50", "-q"])
      assert.strictEqual(code, 65)
      assert.match(stderr, /^Cannot finish "git ls-files": it names more than 50 files; .*\n$/)
    }
  })
})

/** What a pattern that tries every way would try for hours: a file of each, by the language whose rules it goes through. */
const endless: Readonly<Record<string, string>> = {
  "blank.h": `${"\n".repeat(120_000)}int x;\n`,
  "blank.java": `${"\n".repeat(120_000)}class A { int a = 1; }\n`,
  "blank.rs": `${"\n".repeat(120_000)}fn f() {}\n`,
  "blank.rb": `${"\n".repeat(120_000)}x = 1\n`,
  "blank.cs": `${"\n".repeat(120_000)}class A { }\n`,
  "blank.php": `<?php\n${"\n".repeat(120_000)}$x = 1;\n`,
  "word.js": `x = 1\n${"a".repeat(120_000)}\n`,
  "digits.ts": `const x = 1\n${"1".repeat(120_000)}\n`,
  "dots.py": `x = 1\nfrom ${".".repeat(120_000)}\n`,
  "spaces.js": `import a${" ".repeat(120_000)}\nx = 1\n`,
  "spaces.php": `<?php\nuse a${" ".repeat(120_000)}\n$x = 1;\n`,
  "imports.js": "import a\n".repeat(30_000),
  "imports.py": "from a import (\n".repeat(30_000),
  "uses.php": `<?php\n${"use a\n".repeat(30_000)}`,
  "modules.rs": "pub(\n".repeat(60_000),
  "imports.go": `package a\n${"import (\n".repeat(30_000)}`,
  "package.json": `{"name": "a", "b": ${"/*".repeat(60_000)}`,
  "tsconfig.json": `{"a": ${"\"\\".repeat(60_000)}`,
  "text.kt": `val x = "${"a\\".repeat(60_000)}`,
  "conflict.py": "<<<<<<< a\n".repeat(20_000)
}

describe("lines without end", () => {
  it("are read in time", async () => {
    const repository = makeRepository("endless")
    repositories.push(repository)
    for (const [name, text] of Object.entries(endless)) repository.write(name, text)
    repository.write("ordinary.py", pythonModule(2, "ordinary"))
    repository.write("ordinary.js", "import { a } from \"./word\"\nexport const f = (b) => a(b)\n")
    repository.commit("begin")
    repository.write("ordinary.py", ordinary)
    repository.write("ordinary.js", "import { a } from \"./word\"\nexport const f = (b) => a(b) + a(1)\n")
    repository.commit("grow")
    const output = at("endless")
    const args = [
      "generate",
      "--repo",
      repository.path,
      "--cross-file-context",
      "--bm25-context",
      "--no-quality-filter",
      "--split",
      "1",
      "-o",
      output,
      "-q"
    ]
    const { code, stderr } = await runTask([...args, "--dataset-type", "sft"])
    assert.strictEqual(code, 0, stderr)
    const files = rowsIn(readFileSync(join(output, "train_sft.jsonl"), "utf8")).map(({ metadata }) => metadata.filepath)
    assert.include(files, "ordinary.py")
  })
})
