/**
 * Disks that take no more: every task that writes, on a disk that is full, in a folder that is gone, read-only or below a
 * file, and into an output that takes nothing. Each ends with one line and its exit code, and goes on when the disk is back.
 */
import { spawn, spawnSync } from "node:child_process"
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { inject } from "vitest"
import { folderContents } from "../support/program.ts"
import { makeRepository, pythonModule, temporaryFolder, type TestRepository } from "../support/repository.ts"
import { makePipes } from "../support/pipe.ts"
import { runTask } from "../support/task.ts"
import { withTools } from "../support/with-tools.ts"

let root = ""
let repository: TestRepository
let pairs = ""
let used = 0
const fresh = () => {
  const folder = join(root, `folder-${used++}`)
  mkdirSync(folder)
  return folder
}
const main = () => join(inject("bundleFolder"), "main.mjs")

beforeAll(() => {
  root = temporaryFolder()
  repository = makeRepository("shop")
  for (let step = 0; step < 6; step++) {
    for (let file = 0; file < 3; file++) {
      repository.write(`src/part_${file}.py`, pythonModule(8 + (step + file) % 5, `v${step}_`))
    }
    repository.commit(`step ${step}`)
  }
  pairs = join(root, "pairs.jsonl")
  const row = (number: number) => JSON.stringify({ source: `line ${number}\n`, target: `row ${number}\n` })
  writeFileSync(pairs, Array.from({ length: 40 }, (_, number) => `${row(number)}\n`).join(""))
})
afterAll(() => {
  repository.dispose()
  rmSync(root, { recursive: true, force: true })
})

/** A call: what it is called with, and paths, which may hold spaces. */
const call = (flags: string, ...paths: ReadonlyArray<string>): ReadonlyArray<string> => [...flags.split(" "), ...paths]

/** Calls that write below a folder. */
const calls: ReadonlyArray<[string, (folder: string) => ReadonlyArray<string>]> = [
  ["generate", (folder) => call("generate -q --repo", repository.path, "-o", join(folder, "rows"))],
  ["generate, Parquet shards", (folder) =>
    call(
      "generate -q --dataset-type both --output-format parquet --shard-rows 20 --repo",
      repository.path,
      "-o",
      join(folder, "rows")
    )],
  ["generate, rejected", (folder) =>
    call(
      "generate -q --repo",
      repository.path,
      "-o",
      join(folder, "rows"),
      "--rejected",
      join(folder, "below", "rejected.jsonl")
    )],
  ["lintseq", (folder) => call("lintseq -q -s 9 --repo", repository.path, "-o", join(folder, "edits.jsonl"))],
  ["lintseq, Parquet", (folder) =>
    call(
      "lintseq -q -s 9 --output-format parquet --repo",
      repository.path,
      "-o",
      join(folder, "below", "edits.jsonl")
    )],
  ["lintseq, history and rejected", (folder) =>
    call(
      "lintseq -q --from-history --repo",
      repository.path,
      "-o",
      join(folder, "edits.jsonl"),
      "--rejected",
      join(folder, "below", "rejected.jsonl")
    )]
]

const expectedLine = /^Cannot write (?:to )?"[^"\n]+": [^\n]+\n$/

/** Says that a call ended because it could not write, and in one line. */
const assertCannotWrite = (
  { code, stderr }: { readonly code: number | null; readonly stderr: string },
  why: RegExp
) => {
  assert.strictEqual(code, 73, stderr)
  assert.match(stderr, expectedLine)
  assert.match(stderr, why)
}

const run = (args: ReadonlyArray<string>, before = "", environment: NodeJS.ProcessEnv = {}) => {
  const { status, stderr, stdout } = spawnSync(
    "/bin/sh",
    ["-c", `${before} exec "$0" "$@"`, process.execPath, main(), ...args],
    { encoding: "utf8", env: { ...process.env, ...environment }, timeout: 60_000 }
  )
  return { code: status, stderr, stdout }
}

describe("a disk that is full", () => {
  // No file may grow beyond so many blocks of 512 bytes: what is written then is cut off, as on a disk that is full.
  it.each(calls)("ends %s with one line, and it goes on later", { timeout: 120_000 }, async (_, argumentsIn) => {
    const calm = fresh()
    assert.strictEqual((await runTask(argumentsIn(calm))).code, 0)
    const folder = fresh()
    for (const blocks of [0, 40]) {
      const limited = run([...argumentsIn(folder), "--resume"], `ulimit -f ${blocks};`)
      assertCannotWrite(limited, /a file of this size is not allowed/)
    }
    const resumed = await runTask([...argumentsIn(folder), "--resume"])
    assert.strictEqual(resumed.code, 0, resumed.stderr)
    assert.deepStrictEqual(everythingIn(folder), everythingIn(calm))
  })

  it("ends report with one line, and leaves no draft", async () => {
    const folder = fresh()
    const rows = join(folder, "rows")
    assert.strictEqual((await runTask(["generate", "--repo", repository.path, "-o", rows, "-q"])).code, 0)
    const before = folderContents(rows)
    assertCannotWrite(run(["report", rows], "ulimit -f 1;"), /a file of this size is not allowed/)
    assert.deepStrictEqual(Object.keys(folderContents(rows)), Object.keys(before))
  })
})

/** All files below a folder. */
const everythingIn = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name, parentPath }): [string, string] => {
        const path = join(parentPath, name)
        return [path.slice(folder.length), readFileSync(path, "latin1")]
      })
      .sort(([a], [b]) => (a < b ? -1 : 1))
  )

describe("a place where nothing can be", () => {
  it("is told by demo: below a file", async () => {
    const file = join(fresh(), "file")
    writeFileSync(file, "")
    const { code, stderr } = await runTask(["demo", "-o", join(file, "demo")])
    assert.strictEqual(code, 73, stderr)
    assert.match(stderr, /^── .*\nCannot write ".*": a part of the path is a file\n$/)
  })

  it.each(calls)("is told by %s in one line: below a file", async (_, argumentsIn) => {
    const file = join(fresh(), "file")
    writeFileSync(file, "")
    assertCannotWrite(await runTask(argumentsIn(file)), /a part of the path is a file/)
    assert.strictEqual(readFileSync(file, "utf8"), "")
  })

  it.each(calls)("is told by %s in one line: where the system keeps the folders", async (_, argumentsIn) => {
    assertCannotWrite(await runTask(argumentsIn("/dev/null")), /a part of the path is a file/)
  })
})

describe("an output that is a device or a pipe", () => {
  it.each<[string, (pipe: string) => ReadonlyArray<string>]>([
    ["lintseq", (pipe) => ["lintseq", "--input", pairs, "--overwrite", "-o", pipe]],
    ["lintseq --rejected", (pipe) => ["lintseq", "--input", pairs, "-o", join(fresh(), "r.jsonl"), "--rejected", pipe]],
    ["generate --rejected", (pipe) => ["generate", "--repo", repository.path, "-o", fresh(), "--rejected", pipe]]
  ])("is not replaced by %s, which says so in one line", async (_, argumentsOf) => {
    const pipe = join(fresh(), "pipe")
    makePipes(pipe)
    const ended = await runTask([...argumentsOf(pipe), "-q"])
    assert.strictEqual(ended.code, 73, ended.stderr)
    assert.match(ended.stderr, /^Cannot write.*pipe": it is a device or a pipe, and a file would replace it\n$/)
    assert.isTrue(lstatSync(pipe).isFIFO())
  })
})

describe("a folder that is gone", () => {
  it.each(calls)("ends %s with one line", { timeout: 60_000 }, async (_, argumentsIn) => {
    const folder = join(fresh(), "gone")
    mkdirSync(folder)
    const child = spawn(process.execPath, [main(), ...argumentsIn(folder)], { stdio: ["ignore", "ignore", "pipe"] })
    let stderr = ""
    child.stderr.on("data", (data) => stderr += data)
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve))
    // It goes when the run has begun to write.
    const watcher = watch(folder, () => rmSync(folder, { recursive: true, force: true }))
    const code = await ended
    watcher.close()
    assertCannotWrite({ code, stderr }, /there is no such file or folder/)
    assert.isFalse(existsSync(join(folder, "rows", "metadata.json")))
  })
})

// Linux has both.
withTools("/proc").describe("an output that takes nothing", () => {
  it.each<[string, () => ReadonlyArray<string>]>([
    ["--help", () => ["--help"]],
    ["generate --help", () => ["generate", "--help"]],
    ["generate --preview", () => ["generate", "--repo", repository.path, "--preview", "2"]],
    ["lintseq", () => ["lintseq", "--repo", repository.path, "-o", "-", "-q"]],
    ["lintseq --preview", () => ["lintseq", "--repo", repository.path, "--preview", "1"]],
    ["vim-loop --list-edits", () => ["vim-loop", "--repo", repository.path, "--list-edits"]],
    ["view", () => ["view", pairs, "--plain"]],
    ["view --stats", () => ["view", pairs, "--stats"]],
    ["view --row", () => ["view", pairs, "--row", "3", "--json"]],
    ["report --score", () => ["report", pairs, "--score"]],
    ["report --json", () => ["report", pairs, "--score", "--json"]],
    ["completions", () => ["--completions", "bash"]]
  ])("ends %s with one line", (_, args) => {
    const { code, stderr } = run(args(), "exec >/dev/full;")
    assert.strictEqual(code, 73, stderr)
    assert.match(stderr, /(?:^|\n)Cannot write "standard output": no space is left on the device\n$/)
  })
})

describe("a reader that stops reading", () => {
  it.each<[string, () => ReadonlyArray<string>]>([
    ["view", () => ["view", pairs, "--plain"]],
    ["lintseq", () => ["lintseq", "--repo", repository.path, "-o", "-", "-q"]]
  ])("ends %s quietly", (_, args) => {
    const { status, stderr } = spawnSync(
      "/bin/sh",
      ["-c", "{ \"$0\" \"$@\"; echo $? >&2; } | true", process.execPath, main(), ...args()],
      { encoding: "utf8" }
    )
    assert.strictEqual(status, 0)
    assert.strictEqual(stderr, "0\n")
  })
})
