import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { spawn } from "node:child_process"
import { basename, join } from "node:path"
import { pathToFileURL } from "node:url"
import { afterAll, assert, beforeAll, describe, inject, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { replayPath } from "../../../services/edits/edit-format.ts"
import { isIllFormedJson } from "../../../services/rows/well-formed.ts"
import { splitLines } from "../../../services/text/lines.ts"
import { randomOf } from "../../../services/text/random.ts"
import type * as Library from "../../../tasks/library.ts"
import { rowsIn, runProgram, startProgram } from "../../support/program.ts"
import { pythonProgram } from "../../support/python-programs.ts"
import { makeRepository, pythonModule, temporaryFolder, type TestRepository } from "../../support/repository.ts"
import { runTask } from "../../support/task.ts"
import { withTools } from "../../support/with-tools.ts"

const seed = Number(process.env["RETRACE_KILL_SEED"] ?? 20_244)
const moments = 10

let root = ""
let input = ""
let repository: TestRepository
const at = (name: string) => join(root, name)
const read = (name: string) => readFileSync(at(name), "utf8")
const rowsOf = (name: string) => rowsIn(read(name))
const sleep = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis))
const row = (response: unknown, instruction: unknown = "do") => `${JSON.stringify({ instruction, response })}\n`

beforeAll(() => {
  root = temporaryFolder()
  input = at("programs.jsonl")
  // Eight batches: enough for two threads to get in each other's way, and short: a path costs as its program is long.
  const programs = FastCheck.sample(pythonProgram, { numRuns: 200, seed: 3 }).filter(({ length }) => length < 1500)
  writeFileSync(input, programs.slice(0, 64).map((code, index) => row(code, `task ${index}`)).join(""))
  repository = makeRepository("project")
  for (let step = 0; step < 6; step++) {
    repository.write("a.py", `import os\n\n\n${pythonModule(2 + step, "a")}\n\nprint(os)\n`)
    if (step > 2) repository.write("lib/b.js", `let x = ${step}\n\nfunction f() {\n  return x\n}\n`)
    if (step === 4) repository.write("a.py", "def broken(:\n")
    repository.commit(`step ${step}`)
  }
})
afterAll(() => {
  repository.dispose()
  rmSync(root, { recursive: true, force: true })
})

describe("lintseq", () => {
  it("gives the same bytes for any number of threads, one path or five", { timeout: 120_000 }, async () => {
    for (const paths of ["1", "5"]) {
      const outputs = await Promise.all(["1", "2"].map(async (threads) => {
        const name = `p${paths}-j${threads}.jsonl`
        const ended = await runTask(["lintseq", "--input", input, "-o", at(name), "-s", paths, "-j", threads, "-q"])
        assert.strictEqual(ended.code, 0, ended.stderr)
        return read(name)
      }))
      assert.strictEqual(outputs[0], outputs[1])
      assert.isAbove(rowsIn(outputs[0]).length, 50)
    }
  })

  it(
    `killed at ${moments} moments of seed ${seed} and resumed, gives the same bytes`,
    { timeout: 300_000 },
    async () => {
      const args = (name: string, ...rest: ReadonlyArray<string>) => [
        "lintseq",
        "--input",
        input,
        "-o",
        at(name),
        "--rejected",
        at(`${name}.rejected`),
        "-s",
        "5",
        "-q",
        ...rest
      ]
      // The first run may be slow for other reasons, and kills that come too late are none.
      let duration = Number.POSITIVE_INFINITY
      for (const name of ["first.jsonl", "whole.jsonl"]) {
        const started = performance.now()
        assert.strictEqual((await runProgram(args(name))).code, 0)
        duration = Math.min(duration, performance.now() - started)
      }
      let killed = 0
      for (let moment = 0; moment < moments; moment++) {
        const name = `killed-${moment}.jsonl`
        const { child, ended } = startProgram(args(name))
        const timer = setTimeout(
          () => child.kill("SIGKILL"),
          duration * (0.2 + 0.75 * randomOf("kill", seed, moment).next())
        )
        if ((await ended).signal === "SIGKILL") killed++
        clearTimeout(timer)
        if (existsSync(at(name))) assert.strictEqual(read(name), read("whole.jsonl"))
        const resumed = await runTask(args(name, "--resume", "-j", String(1 + moment % 2)))
        assert.strictEqual(resumed.code, 0, resumed.stderr)
        assert.strictEqual(read(name), read("whole.jsonl"))
        assert.strictEqual(read(`${name}.rejected`), read("whole.jsonl.rejected"))
        assert.deepStrictEqual(readdirSync(root).filter((file) => file.includes(".part") || file.endsWith(".lock")), [])
      }
      assert.isAtLeast(killed, moments / 2)
    }
  )

  it("stops in the middle of a program when it is told to", async () => {
    // Small enough to stay on the main thread, long enough to take many seconds.
    const code = Array.from({ length: 9000 }, (_, line) => `x${line} = ${line}\n`).join("")
    writeFileSync(at("long.jsonl"), row(code))
    const { child, ended } = startProgram(["lintseq", "-p", at("long.jsonl"), "-o", at("stopped.jsonl")])
    // It has begun when its lock is there, and is in the middle a moment later.
    while (!readdirSync(root).some((name) => /^stopped\.jsonl.*lock$/.test(name))) await sleep(5)
    await sleep(500)
    const told = performance.now()
    child.kill("SIGINT")
    assert.strictEqual((await ended).code, 130)
    assert.isBelow(performance.now() - told, 2000)
    assert.isFalse(existsSync(at("stopped.jsonl")))
  })

  it("takes the flags of the paper's package, and names its file so", async () => {
    mkdirSync(at("out"))
    const ended = await runTask(
      ["lintseq", "--name_or_path", input, "--dest_dir", at("out"), "--prompt_data_field", "None"].concat(
        [
          "--code_data_field=response",
          "--num_edit_paths_per_sample",
          "2",
          "-c",
          "1",
          "--num_samples",
          "20",
          "--seed",
          "4"
        ]
      )
    )
    assert.strictEqual(ended.code, 0, ended.stderr)
    const name = readdirSync(at("out")).find((file) => file.endsWith(".jsonl"))
    assert.strictEqual(name, "programs_20_2_4_vec.jsonl")
    const rows = rowsOf("out/programs_20_2_4_vec.jsonl")
    assert.deepStrictEqual(Object.keys(rows[0]), ["edit_path", "index", "source_file", "source_response"])
    assert.isTrue(rows.every(({ source_file }) => source_file === "programs.jsonl"))
    assert.isAtMost(new Set(rows.map(({ index }) => index)).size, 20)
    writeFileSync(at("two.jsonl"), row("x = 1\nprint(x)\n") + row("y = 2\nprint(y)\n"))
    const unnamed = await runProgram(["lintseq", "-p", at("two.jsonl"), "-q"], { cwd: at("out") })
    assert.strictEqual(unnamed.code, 0, unnamed.stderr)
    assert.isTrue(existsSync(at("out/two_2_1_1_vec.jsonl")))
  })

  it("counts what it leaves out by reason, and writes what awkward programs are, exactly", async () => {
    const good = "def f(x):\n    y = x + 1\n    return y\n"
    const exact = [
      good.replaceAll("\n", "\r\n"),
      `\ufeff${good}`,
      "def f(x):\n\ty = x\n\treturn y\n",
      "import os\n\f\ndef f():\n    return os\n",
      good.trimEnd(),
      "a = 1\rb = 2\rprint(a)\r",
      `x = 1\n# ${"y".repeat(1_100_000)}\nz = 2\n`
    ]
    const rejects: ReadonlyArray<readonly [reason: string, line: string | Uint8Array]> = [
      ["not JSON", "no json\n"],
      ["not JSON", `${"[".repeat(100_000)}\n`],
      ["not an object", "[1]\n"],
      ["not UTF-8", Uint8Array.of(0x7b, 0xff, 0x7d, 10)],
      ["no field \"response\"", "{\"instruction\":\"x\"}\n"],
      ["no field \"instruction\"", "{\"response\":\"x = 1\"}\n"],
      ["code is null", row(null)],
      ["code is no text", row(1)],
      ["prompt is no text", row(good, 7)],
      ["empty", row("")],
      ["empty", row(" \n\t\n")],
      ["comments only", row("# a\n# b\n")],
      ["does not parse", row("def f(:\n    pass\n")],
      ["does not parse", row("print 'x'\n")],
      ["does not parse", row(`x = ${"(".repeat(20_000)}\n`)],
      ["NUL characters", row("x = 1\0\n")],
      ["lone surrogate", row("s = '\ud800'\nprint(s)\n")]
    ]
    writeFileSync(
      at("hostile.jsonl"),
      Buffer.concat([
        ...rejects.map(([, line]) => Buffer.from(line)),
        Buffer.from(exact.map((code) => row(code)).join("\n"))
      ])
    )
    const ended = await runTask(
      ["lintseq", "-p", at("hostile.jsonl"), "-o", at("h.jsonl"), "--rejected", at("hr.jsonl")]
    )
    assert.strictEqual(ended.code, 0, ended.stderr)
    assert.deepStrictEqual(rowsOf("hr.jsonl").map(({ reason }) => reason), rejects.map(([reason]) => reason))
    const rows = rowsOf("h.jsonl")
    assert.deepStrictEqual(rows.map(({ source_response }) => source_response), exact)
    for (const { edit_path, source_response } of rows) {
      assert.deepStrictEqual(replayPath("udiff", edit_path), splitLines(source_response).lines)
    }
    const { ledger } = JSON.parse(read("h.metadata.json"))
    assert.strictEqual(ledger.programs.came, rejects.length + exact.length)
    assert.strictEqual(ledger.programs.kept, exact.length)
    assert.include(ended.stderr, "left out:")
  })

  it("reads standard input and writes rows, and nothing else, to standard output", async () => {
    const child = spawn(process.execPath, [join(inject("bundleFolder"), "main.mjs"), "lintseq", "--input", "-"], {
      stdio: ["pipe", "pipe", "pipe"]
    })
    let stdout = ""
    child.stdout.on("data", (data) => stdout += data)
    child.stdin.end(row("x = 1\ny = 2\n") + row("z = 3\n").trimEnd())
    assert.strictEqual(await new Promise((resolve) => child.on("close", resolve)), 0)
    assert.deepStrictEqual(rowsIn(stdout).map(({ source_file, source_response }) => [source_file, source_response]), [
      ["stdin", "x = 1\ny = 2\n"],
      ["stdin", "z = 3\n"]
    ])
  })

  it("reads the files of a revision and of a folder", async () => {
    for (const args of [["--repo", repository.path], ["--directory", repository.path]]) {
      const ended = await runTask(["lintseq", ...args, "-o", at("files.jsonl"), "--overwrite", "-q"])
      assert.strictEqual(ended.code, 0, ended.stderr)
      const rows = rowsOf("files.jsonl")
      assert.deepStrictEqual(rows.map(({ language, source_file }) => [source_file, language]), [
        ["a.py", "python"],
        ["lib/b.js", "javascript"]
      ])
      for (const { edit_path, source_file, source_response } of rows) {
        assert.strictEqual(source_response, readFileSync(join(repository.path, source_file), "utf8"))
        assert.deepStrictEqual(replayPath("udiff", edit_path), splitLines(source_response).lines)
      }
    }
  })

  it("takes the commits of a file as coarse edits, and names them", async () => {
    const ended = await runTask(["lintseq", "--repo", repository.path, "--from-history", "-o", at("history.jsonl")])
    assert.strictEqual(ended.code, 0, ended.stderr)
    const [python, script] = rowsOf("history.jsonl")
    assert.deepStrictEqual(python.commits.map(({ subject }: { readonly subject: string }) => subject), [
      "step 0",
      "step 1",
      "step 2",
      "step 3",
      // Step 4 does not parse: what it changed comes with the next one.
      "step 5"
    ])
    for (const { commits, edit_path, source_response } of [python, script]) {
      const edits = commits.reduce((sum: number, commit: { readonly edits: number }) => sum + commit.edits, 0)
      assert.strictEqual(edits, edit_path.length)
      assert.deepStrictEqual(replayPath("udiff", edit_path), splitLines(source_response).lines)
    }
    // After the edits of a commit the text is that of the commit.
    const first = python.commits[0]
    const blob = repository.git("show", `${first.commit}:a.py`)
    assert.deepStrictEqual(replayPath("udiff", python.edit_path.slice(0, first.edits)), splitLines(blob).lines)
    // What a commit changes without adding a part is one edit, with what it deletes.
    assert.deepStrictEqual(script.commits.slice(1).map(({ edits }: { readonly edits: number }) => edits), [1, 1])
    assert.include(script.edit_path.at(-1), "-let x = 4\n+let x = 5")
    assert.include(ended.stderr, "1 does not parse")
  })

  it("takes the commits of each function, too", async () => {
    repository.write("c.py", "def one():\n    return 1\n\n\n# about two\ndef two(x):\n    return x\n")
    repository.commit("begin")
    repository.write(
      "c.py",
      "def one():\n    return 1\n\n\n# about two\ndef two(x):\n    if x:\n        return 3\n    return x\n"
    )
    repository.commit("grow")
    const ended = await runTask(
      [
        "lintseq",
        "--repo",
        repository.path,
        "--from-history",
        "--history-unit",
        "function",
        "-o",
        at("functions.jsonl")
      ]
    )
    assert.strictEqual(ended.code, 0, ended.stderr)
    const two = rowsOf("functions.jsonl").find((row) => row.function === "two")
    assert.strictEqual(two.source_response, "# about two\ndef two(x):\n    if x:\n        return 3\n    return x\n")
    assert.deepStrictEqual(two.commits.map(({ subject }: { readonly subject: string }) => subject), ["begin", "grow"])
    assert.deepStrictEqual(replayPath("udiff", two.edit_path), splitLines(two.source_response).lines)
    assert.isUndefined(rowsOf("functions.jsonl").find((row) => row.function === "one"))
    assert.include(ended.stderr, "function of one version")
  })

  it("shows a program growing", async () => {
    writeFileSync(at("one.jsonl"), row("def f(x):\n    return x\n\n\nprint(2)\n"))
    const ended = await runTask(["lintseq", "-p", at("one.jsonl"), "--preview", "1", "--seed", "2"])
    assert.strictEqual(ended.code, 0, ended.stderr)
    assert.strictEqual(
      ended.stdout,
      "— one.jsonl, program 0: edit 1 of 2 —\n+ print(2)\n\n" +
        "— one.jsonl, program 0: edit 2 of 2 —\n+ def f(x):\n+     return x\n+ \n+ \n  print(2)\n\n"
    )
    const coloured = await runTask(["lintseq", "-p", at("one.jsonl"), "--preview", "1"], { hasColour: true })
    assert.include(coloured.stdout, "\u001b[32m+ ")
  })

  it.each<readonly [code: number, message: string, args: ReadonlyArray<string>]>([
    [64, "pass --input", []],
    [64, "only one of", ["--input", "a", "--repo", "b"]],
    [64, "--from-history without --repo", ["--input", "a", "--from-history"]],
    [64, "--paths-per-program 0", ["--input", "a", "-s", "0"]],
    [64, "--language cobol: it takes python", ["--input", "a", "--language", "cobol"]],
    [64, "it knows Python only", ["--input", "a", "--language", "go", "--algorithm", "pylintseq"]],
    [64, "Cannot resume from standard input", ["--input", "-", "-o", "x", "--resume"]],
    [66, "there is no such file", ["--input", "/no/such.jsonl"]],
    [66, "there is no such folder", ["--directory", "/no/such"]],
    [73, "it is a folder", ["--directory", ".", "-o", "."]],
    [66, "Cannot open", ["--repo", "/no/such"]]
  ])("ends with %i and says: %s", async (code, message, args) => {
    const ended = await runTask(["lintseq", ...args])
    assert.strictEqual(ended.code, code, ended.stderr)
    assert.include(ended.stderr, message)
    assert.strictEqual(ended.stderr.trim().split("\n").length, 1)
    assert.strictEqual(ended.stdout, "")
  })

  it("ends with 65 where there is no program, and leaves nothing behind", async () => {
    writeFileSync(at("none.jsonl"), "{\"prompt\":\"x\",\"code\":\"y = 1\"}\n")
    const ended = await runTask(["lintseq", "-p", at("none.jsonl"), "-o", at("none-out.jsonl")])
    assert.strictEqual(ended.code, 65)
    assert.include(ended.stderr, "1 no field \"response\"")
    assert.include(ended.stderr, "--code-field")
    assert.deepStrictEqual(readdirSync(root).filter((name) => name.startsWith("none-out")), [])
  })

  it("leaves out rows with half a surrogate pair, or writes U+FFFD for it where that is asked", async () => {
    const code = (text: string) => `a = "${text}"\nprint(a)\n`
    const rows = [
      row(code("fine \ud83d\ude00")),
      row(code("\ud83d")),
      row(code("ok"), "do \ude00"),
      // Whole pairs may come as two escapes.
      row(code("pair")).replace("pair", "\\ud83d\\ude00"),
      row(code("escaped \\\\ud800"))
    ]
    writeFileSync(at("halves.jsonl"), rows.join(""))
    const args = [
      "lintseq",
      "-p",
      at("halves.jsonl"),
      "--rejected",
      at("halves-no.jsonl"),
      "-o",
      at("halves-out.jsonl")
    ]
    const left = await runTask(args)
    assert.strictEqual(left.code, 0, left.stderr)
    assert.include(left.stderr, "2 lone surrogate")
    assert.deepStrictEqual(rowsOf("halves-out.jsonl").map(({ index }) => index), [0, 3, 4])
    for (const name of ["halves-out.jsonl", "halves-no.jsonl"]) {
      assert.isFalse(rowsOf(name).some((one) => isIllFormedJson(JSON.stringify(one))), name)
    }
    const replaced = await runTask([...args, "--replace-surrogates", "--overwrite"])
    assert.strictEqual(replaced.code, 0, replaced.stderr)
    const written = rowsOf("halves-out.jsonl")
    assert.deepStrictEqual(written.map(({ index }) => index), [0, 1, 2, 3, 4])
    assert.strictEqual(written[1].source_response, code("\ufffd"))
    assert.strictEqual(written[2].source_instruction, "do \ufffd")
    assert.strictEqual(replayPath("udiff", written[1].edit_path).join("\n"), code("\ufffd").trimEnd())
    const shown = await runTask(["lintseq", "-p", at("halves.jsonl"), "-o", "-"])
    assert.strictEqual(rowsIn(shown.stdout).length, 3)
  })

  it("leaves a finished file alone unless it may replace it", async () => {
    const args = ["lintseq", "-p", at("one.jsonl"), "-o", at("kept.jsonl")]
    assert.strictEqual((await runTask(args)).code, 0)
    const taken = await runTask(args)
    assert.strictEqual(taken.code, 73)
    assert.include(taken.stderr, "--overwrite")
    const whole = await runTask([...args, "--resume"])
    assert.strictEqual(whole.code, 0)
    assert.include(whole.stderr, "Nothing to do")
  })

  it("says in one line that pylint is missing", async () => {
    const ended = await runTask(["lintseq", "-p", at("one.jsonl"), "--linter", "pylint", "-o", at("no.jsonl")], {
      searchPath: "/nowhere"
    })
    assert.strictEqual(ended.code, 69)
    assert.strictEqual(ended.stderr.trim().split("\n").length, 1)
    assert.include(ended.stderr, "apt-get install pylint")
  })

  const leavesOut = async (linter: string) => {
    const folder = at(`read-by-${linter}`)
    mkdirSync(folder)
    writeFileSync(join(folder, "a.go"), "package main\n\nfunc main() {\n\tprintln(1)\n}\n")
    writeFileSync(at("go.jsonl"), `${JSON.stringify({ instruction: "", response: "package main", language: "go" })}\n`)
    const other = makeRepository("go")
    other.write("a.go", "package main\n\nfunc main() {\n\tprintln(1)\n}\n")
    other.commit("begin")
    const output = ["--linter", linter, "-o", at(`read-by-${linter}.jsonl`)]
    for (
      const from of [
        ["--directory", folder],
        ["--input", at("go.jsonl")],
        ["--repo", other.path],
        ["--repo", other.path, "--from-history"]
      ]
    ) {
      const ended = await runTask(["lintseq", ...from, ...output])
      assert.strictEqual(ended.code, 65, ended.stderr)
      assert.match(ended.stderr, new RegExp(`^Cannot .*: left out were 1 ${linter} does not read go\\n$`))
    }
    other.dispose()
    writeFileSync(join(folder, "b.py"), "import os\n\nprint(os.name)\n")
    writeFileSync(join(folder, "c.js"), "const a = 1\nf(a)\n")
    const mixed = await runTask(["lintseq", "--directory", folder, ...output])
    assert.strictEqual(mixed.code, 0, mixed.stderr)
    assert.include(mixed.stderr, `${linter} does not read go`)
    assert.lengthOf(rowsOf(`read-by-${linter}.jsonl`), 1)
    const wrong = await runTask(["lintseq", "--directory", folder, "--language", "go", ...output])
    assert.strictEqual(wrong.code, 64)
    assert.match(wrong.stderr, /^Cannot use --linter \w+ with --language go: .*\n$/)
  }
  it.each(["ruff", "oxc"])("leaves out by reason what %s does not read", leavesOut)
  withTools("pylint").it("leaves out by reason what pylint does not read", () => leavesOut("pylint"))

  it("is a library too", async () => {
    const library: typeof Library = await import(pathToFileURL(join(inject("bundleFolder"), "library.mjs")).href)
    const rows: Array<unknown> = []
    for await (const one of library.editPaths({ input: at("one.jsonl"), seed: 2, concurrency: 1 })) rows.push(one)
    assert.strictEqual(rows.length, 1)
    const outcome = await library.lintseq({
      input: at("one.jsonl"),
      seed: 2,
      output: at("library.jsonl"),
      concurrency: 1
    })
    assert.strictEqual(basename(outcome.path), "library.jsonl")
    assert.deepStrictEqual(rowsOf("library.jsonl"), rows)
  })
})
