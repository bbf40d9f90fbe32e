/** Folders that no repository is around: clones in them are files like others, and what cannot be read is counted. */
import { spawnSync } from "node:child_process"
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { inject } from "vitest"
import * as SimpleGit from "../../layers/git/SimpleGit.ts"
import { Git } from "../../services/Git.ts"
import { rowsIn } from "../support/program.ts"
import { makeRepository, pythonModule, runGit, temporaryFolder, type TestRepository } from "../support/repository.ts"
import { startSession } from "../support/session.ts"
import { runTask } from "../support/task.ts"

const layer = SimpleGit.layer.pipe(Layer.provide(Layer.merge(NodeFileSystem.layer, NodePath.layer)))
const ask = <A, E>(question: Effect.Effect<A, E, Git>) => Effect.runPromise(Effect.provide(question, layer))

let inner: TestRepository
let root = ""
const at = (...names: ReadonlyArray<string>) => join(root, ...names)
const write = (path: string, text = pythonModule(2)) => {
  mkdirSync(at(path, ".."), { recursive: true })
  writeFileSync(at(path), text)
}

beforeAll(() => {
  root = temporaryFolder()
  inner = makeRepository("inner")
  inner.write("b.py", pythonModule(2, "b"))
  inner.write("kept.log.py", pythonModule(2, "kept"))
  inner.commit("inner")
  inner.write(".gitignore", "*.log.py\nbuilt/\n")
  inner.write("built/x.py", pythonModule(2, "built"))
  inner.write("new.py", pythonModule(2, "new"))
})
afterAll(() => {
  inner.dispose()
  rmSync(root, { recursive: true, force: true })
})

describe("clones inside a plain folder", () => {
  const expected = [
    ".gitignore",
    "deep/one/.gitignore",
    "deep/one/b.py",
    "deep/one/kept.log.py",
    "deep/one/new.py",
    "deep/one/sub/b.py",
    "foreign/own.py",
    "linked.py",
    "one/.gitignore",
    "one/b.py",
    "one/kept.log.py",
    "one/new.py",
    "top.py",
    "unborn/u.py"
  ]

  beforeAll(() => {
    write("top.py")
    write(".gitignore", "ignored/\n")
    write("ignored/x.py")
    symlinkSync("top.py", at("linked.py"))
    cpSync(inner.path, at("one"), { recursive: true })
    // What is tracked and was deleted is not there.
    cpSync(inner.path, at("deep/one"), { recursive: true })
    runGit(at("deep/one"), ["-c", "protocol.file.allow=always", "clone", "-q", `file://${inner.path}`, "sub"])
    rmSync(at("deep/one/sub/kept.log.py"))
    runGit(at("deep/one"), ["add", "sub"])
    // A clone without a commit, and one without anything.
    write("unborn/u.py")
    runGit(at("unborn"), ["init", "-q"])
    mkdirSync(at("empty"))
    runGit(at("empty"), ["init", "-q"])
    // A folder that names the history of another repository lists what lies in it, and none of that one's files.
    write("foreign/own.py")
    write("foreign/.git", `gitdir: ${inner.path}/.git\n`)
    mkdirSync(at("broken"))
    write("broken/.git", "gitdir: /nowhere\n")
  })

  it("are read as files, by their own rules", async () => {
    assert.deepStrictEqual(await ask(Effect.flatMap(Git, (git) => git.workingFiles(root))), expected)
    const { files } = await ask(Effect.scoped(
      Effect.flatMap(Git, (git) => git.open(root, { orFolder: true })).pipe(
        Effect.flatMap(({ files }) => files("HEAD"))
      )
    ))
    assert.deepStrictEqual(files.map(({ path }) => path).sort(), expected)
    assert.deepStrictEqual(files.filter(({ kind }) => kind !== "file").map(({ kind, path }) => [kind, path]), [[
      "symlink",
      "linked.py"
    ]])
    assert.isTrue(files.every(({ unread }) => unread === undefined))
  })

  it("give rows, and context", async () => {
    const output = at("..", "rows.jsonl")
    const { code, stderr } = await runTask(["lintseq", "--directory", root, "-o", output, "--overwrite"])
    assert.strictEqual(code, 0, stderr)
    const sources = new Set(rowsIn(readFileSync(output, "utf8")).map(({ source_file }) => source_file))
    rmSync(output)
    rmSync(`${output}.metadata.json`, { force: true })
    assert.includeMembers([...sources], ["one/b.py", "deep/one/sub/b.py", "unborn/u.py", "foreign/own.py"])
    const session = startSession({ isWatched: false })
    const { result } = await session.ask("initialize", { project_root: root })
    await session.close()
    assert.strictEqual(
      result.file_count,
      expected.filter((path) => path.endsWith(".py") && path !== "linked.py").length + 1
    )
  })

  it("inside a repository are none of its files, and counted as what they are", async () => {
    const outer = makeRepository("outer")
    outer.write("a.py", pythonModule(2))
    outer.commit("outer")
    cpSync(inner.path, join(outer.path, "one"), { recursive: true })
    runGit(outer.path, ["init", "-q", "unborn"])
    const { code, stderr } = await runTask(["lintseq", "--directory", outer.path, "-o", join(outer.path, "../o.jsonl")])
    assert.strictEqual(code, 0, stderr)
    assert.include(stderr, "2 another repository")
    outer.dispose()
  })
})

describe("names that are not UTF-8", () => {
  it.each([
    ["lintseq", "--repo"],
    ["lintseq", "--from-history", "--repo"],
    ["lintseq", "--directory"],
    ["generate", "--repo"],
    ["generate", "--source", "tree", "--repo"]
  ])("are counted, each: %s %s %s", async (...args) => {
    const repository = makeRepository("bytes")
    repository.write("plain.py", pythonModule(5))
    for (const byte of [0xfe, 0xff]) {
      const path = Buffer.concat([Buffer.from(`${repository.path}/a`), Buffer.from([byte]), Buffer.from(".py")])
      writeFileSync(path, pythonModule(2))
    }
    repository.commit("all")
    const { code, stderr } = await runTask([...args, repository.path, "-o", join(repository.path, "../o.jsonl")])
    assert.strictEqual(code, 0, stderr)
    assert.include(stderr, "2 path is not UTF-8")
    repository.dispose()
  })
})

describe("what an ordinary user may not read", () => {
  /** Root may read everything, so it gives that right up; another user could not read this program everywhere. */
  const withoutRight = process.getuid?.() === 0
    ? [
      "/usr/bin/setpriv",
      "--bounding-set",
      "-dac_override,-dac_read_search",
      "--inh-caps",
      "-dac_override,-dac_read_search"
    ]
    : []
  let folder = ""
  let home = ""
  const asUser = (...args: ReadonlyArray<string>) => {
    const [program = "", ...rest] = [
      ...withoutRight,
      process.execPath,
      join(inject("bundleFolder"), "main.mjs"),
      ...args
    ]
    return spawnSync(program, rest, { cwd: home, env: { PATH: process.env["PATH"], HOME: home }, encoding: "utf8" })
  }

  beforeAll(() => {
    home = temporaryFolder()
    chmodSync(home, 0o777)
    folder = join(home, "folder")
    for (const path of ["a.py", "closed.py", "closed/b.py", "lib/c.py"]) {
      mkdirSync(join(folder, path, ".."), { recursive: true })
      writeFileSync(join(folder, path), pythonModule(6, path.replace(/\W/g, "")))
    }
    for (const path of ["", "lib"]) chmodSync(join(folder, path), 0o755)
    for (const path of ["closed.py", "closed"]) chmodSync(join(folder, path), 0)
  })
  afterAll(() => {
    chmodSync(join(folder, "closed"), 0o755)
    rmSync(home, { recursive: true, force: true })
  })

  const warned = "Warning: git says: could not open directory 'closed/': Permission denied"
  it.each([
    ["generate", "--source", "tree", "--repo"],
    ["lintseq", "--directory"]
  ])("is counted and told, and the run goes on: %s", (...args) => {
    const { status, stderr } = asUser(...args, folder, "-o", join(home, `rows-of-${args[0]}`))
    assert.strictEqual(status, 0, stderr)
    assert.include(stderr, "1 unreadable")
    assert.include(stderr, warned)
  })

  it("is counted in a work tree too", () => {
    runGit(folder, ["init", "-q"])
    const { status, stderr } = asUser("lintseq", "--directory", folder, "-o", join(home, "tree.jsonl"), "--overwrite")
    assert.strictEqual(status, 0, stderr)
    assert.include(stderr, "1 unreadable")
    assert.include(stderr, warned)
  })
})
