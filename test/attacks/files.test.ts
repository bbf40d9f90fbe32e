/** Files outside a project stay outside: nothing that lies elsewhere is indexed, served as context, or written into rows. */
import { execFileSync } from "node:child_process"
import { createHash } from "node:crypto"
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync
} from "node:fs"
import { createServer } from "node:net"
import { join, relative } from "node:path"
import { Worker } from "node:worker_threads"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { lookInside } from "../../layers/git/inside.ts"
import { openLabels } from "../../tasks/view/labels.ts"
import { makePipes } from "../support/pipe.ts"
import { makeRepository, pythonModule, temporaryFolder, type TestRepository } from "../support/repository.ts"
import type { Client } from "../support/server.ts"
import { startSession } from "../support/session.ts"
import { runTask } from "../support/task.ts"

/** What no row and no answer may hold. */
const secret = "outsiders_only"
const outsideCode =
  `def ${secret}(values):\n    total = 0\n    for value in values:\n        total += value\n    return total\n`

let root = ""
let outside = ""
const repositories: Array<TestRepository> = []
const at = (name: string) => join(root, name)

beforeAll(() => {
  root = temporaryFolder()
  outside = at("elsewhere")
  mkdirSync(outside)
  writeFileSync(join(outside, "x.py"), outsideCode)
})
afterAll(() => {
  for (const { dispose } of repositories) dispose()
  rmSync(root, { recursive: true, force: true })
})

/** A tiny index of version 2 with these names, as no git would write it. */
const indexWith = (repository: TestRepository, names: ReadonlyArray<string>): void => {
  const id = Buffer.from(repository.git("rev-parse", "HEAD:a.py").trim(), "hex")
  const entries = [...names].sort().map((name) => {
    const path = Buffer.from(name)
    const head = Buffer.alloc(62)
    head.writeUInt32BE(0o100644, 24)
    id.copy(head, 40)
    head.writeUInt16BE(path.length, 60)
    return Buffer.concat([head, path, Buffer.alloc(8 - (62 + path.length) % 8)])
  })
  const header = Buffer.alloc(12)
  header.write("DIRC")
  header.writeUInt32BE(2, 4)
  header.writeUInt32BE(entries.length, 8)
  const body = Buffer.concat([header, ...entries])
  const sum = createHash("sha1").update(body).digest("hex")
  writeFileSync(join(repository.path, ".git/index"), Buffer.concat([body, Buffer.from(sum, "hex")]))
}

/** Ways out of a project, each made in one of its own. */
const waysOut: Readonly<Record<string, (repository: TestRepository) => void>> = {
  "a link to a file": ({ path }) => symlinkSync(join(outside, "x.py"), join(path, "out.py")),
  "a link by dots": ({ path }) => symlinkSync(relative(path, join(outside, "x.py")), join(path, "out.py")),
  "a link to a link": ({ path }) => {
    symlinkSync(join(outside, "x.py"), join(path, "first"))
    symlinkSync("first", join(path, "out.py"))
  },
  "a link to a folder": (repository) => {
    symlinkSync(outside, join(repository.path, "away"))
    indexWith(repository, ["a.py", "away/x.py"])
  },
  "a tracked link": (repository) => {
    symlinkSync(join(outside, "x.py"), join(repository.path, "out.py"))
    repository.git("add", "-A")
  },
  "a folder that became a link": (repository) => {
    repository.write("lib/x.py", "x = 1\n")
    repository.commit("lib")
    rmSync(join(repository.path, "lib"), { recursive: true })
    symlinkSync(outside, join(repository.path, "lib"))
  },
  "dots in the index": (repository) => {
    const out = relative(repository.path, join(outside, "x.py"))
    indexWith(repository, [out, "a.py", `lib/../${out}`, `./${out}`, `${out.slice(0, -4)}/../elsewhere/x.py`])
  },
  "an absolute path in the index": (repository) => indexWith(repository, [join(outside, "x.py"), "a.py"]),
  "git's own folder in the index": (repository) => {
    writeFileSync(join(repository.path, ".git/x.py"), outsideCode)
    indexWith(repository, [".git/x.py", ".GIT/x.py", "./.git/x.py", "a.py", "lib/.git/x.py"])
  },
  "a link into git's own folder": (repository) => {
    writeFileSync(join(repository.path, ".git/x.py"), outsideCode)
    symlinkSync(".git/x.py", join(repository.path, "out.py"))
    symlinkSync(".git", join(repository.path, "meta"))
    symlinkSync("meta/x.py", join(repository.path, "again.py"))
    repository.git("add", "-A")
    repository.commit("links")
    indexWith(repository, ["a.py", "again.py", "meta/x.py", "out.py"])
  },
  "a device": ({ path }) => {
    symlinkSync("/dev/zero", join(path, "zero.py"))
    symlinkSync("/dev/stdin", join(path, "in.py"))
    symlinkSync("/dev/fd/0", join(path, "zero.js"))
    symlinkSync("/proc/self/environ", join(path, "environ.py"))
  },
  "a pipe that nobody writes to": (repository) => {
    const linked = join(root, `pipe-${repositories.length}`)
    makePipes(join(repository.path, "pipe.py"), linked)
    symlinkSync(linked, join(repository.path, "linked.py"))
    indexWith(repository, ["a.py", "linked.py", "pipe.py"])
  },
  "a socket": ({ path }) => {
    const server = createServer().listen(join(path, "s.py"))
    server.unref()
  },
  "a folder with the name of a file": ({ path }) => mkdirSync(join(path, "folder.py")),
  "links in a circle": ({ path }) => {
    symlinkSync("b.py", join(path, "c.py"))
    symlinkSync("c.py", join(path, "b.py"))
    symlinkSync(".", join(path, "again"))
  },
  "a link to nothing": ({ path }) => symlinkSync("nothing", join(path, "gone.py")),
  "a file of a terabyte": ({ path }) => {
    writeFileSync(join(path, "large.py"), "x = 1\n")
    truncateSync(join(path, "large.py"), 2 ** 40)
  },
  "a repository whose git folder is elsewhere": ({ path }) => {
    const other = makeRepository("private")
    repositories.push(other)
    other.write("x.py", outsideCode)
    other.commit("private")
    mkdirSync(join(path, "inner"))
    writeFileSync(join(path, "inner/.git"), `gitdir: ${other.path}/.git\n`)
  }
}

const projectWith = (name: string): string => {
  const repository = makeRepository("project")
  repositories.push(repository)
  repository.write("a.py", pythonModule(2, "a"))
  repository.write("b.js", "export function b(x) {\n  if (x > 1) {\n    return x\n  }\n}\n")
  repository.commit("all")
  waysOut[name]?.(repository)
  return repository.path
}

/** Everything that a task wrote or said, in one text. */
const written = (folder: string): string =>
  existsSync(folder) && statSync(folder).isDirectory()
    ? readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => statSync(join(folder, file)).isFile())
      .map((file) => readFileSync(join(folder, file), "latin1")).join("\n")
    : existsSync(folder)
    ? readFileSync(folder, "latin1")
    : ""

const ask = { filepath: "new.py", content: `import a\n\nfor value in values:\n    total += value\n${secret}(` }

const contextOf = async (client: Client): Promise<string> =>
  JSON.stringify(await client.ask("getContext", { ...ask, budget: 50_000, explain: true }))

/** Tasks over the folder of a project; they give all that they show of it. */
const tasks: Readonly<Record<string, (folder: string, output: string) => Promise<string>>> = {
  "lintseq --directory": async (folder, output) => {
    const { code, stderr, stdout } = await runTask(["lintseq", "--directory", folder, "-o", `${output}.jsonl`])
    assert.strictEqual(code, 0, stderr)
    return stdout + written(`${output}.jsonl`)
  },
  "generate --source tree of a plain folder": async (folder, output) => {
    rmSync(join(folder, ".git"), { recursive: true, force: true })
    const args = ["generate", "--source", "tree", folder, "-o", output, "--cross-file-context", "--dataset-type", "fim"]
    const { code, stderr, stdout } = await runTask(args)
    assert.strictEqual(code, 0, stderr)
    return stdout + written(output)
  },
  "generate --include-path": async (folder, output) => {
    const args = ["generate", "--repo", main.path, "-o", output, "--cross-file-context", "--include-path", folder]
    const { code, stderr, stdout } = await runTask(args)
    assert.strictEqual(code, 0, stderr)
    return stdout + written(output)
  },
  "serve-context": async (folder) => {
    const session = startSession({ isWatched: false })
    const { result } = await session.ask("initialize", { project_root: folder, bm25: true })
    assert.isAbove(result.file_count, 0)
    const context = await contextOf(session)
    await session.close()
    return context
  },
  "serve-context with an include path": async (folder) => {
    const session = startSession({ isWatched: false })
    await session.ask("initialize", { project_root: main.path, include_paths: [folder], bm25: true })
    const context = await contextOf(session)
    await session.close()
    return context
  }
}

let main: TestRepository
beforeAll(() => {
  main = makeRepository("main")
  for (const step of [1, 2]) {
    main.write("m.py", pythonModule(step + 1, "m"))
    main.commit(`step ${step}`)
  }
})
afterAll(() => main.dispose())

describe.each(Object.keys(waysOut))("%s leads nowhere", (way) => {
  let folder = ""
  beforeAll(() => {
    folder = projectWith(way)
  })
  // The one that makes it a plain folder comes last.
  const names = Object.keys(tasks).sort((a, b) => Number(a.includes("plain")) - Number(b.includes("plain")))
  it.each(names)("in %s", async (task) => {
    const shown = (await tasks[task]?.(folder, at(`${way}-${task}`.replace(/\W+/g, "-")))) ?? ""
    assert.isAbove(shown.length, 0)
    assert.notInclude(shown, `def ${secret}`)
    assert.notInclude(shown, "PATH=")
  }, 20_000)
})

describe("names that clients send", () => {
  const names = () => [
    "../elsewhere/x.py",
    "./../elsewhere/x.py",
    "lib/../../elsewhere/x.py",
    "lib//..//../elsewhere/x.py",
    "../project/../elsewhere/x.py",
    join(outside, "x.py"),
    `file://${outside}/x.py`,
    `file://localhost${outside}/x.py`,
    `file://${at("client/project")}/../../elsewhere/x.py`,
    `file://${at("client/project")}/%2e%2e/%2E%2E/elsewhere/x.py`,
    `file://${at("client/project")}/lib%2F..%2F..%2F..%2Felsewhere%2Fx.py`,
    "linked.py",
    "away/x.py",
    "ignored.py"
  ]

  it("are not read where they lead out, by opening, closing, watching or asking", async () => {
    const repository = makeRepository("project")
    repositories.push(repository)
    repository.write("a.py", pythonModule(2, "a"))
    repository.write(".gitignore", "ignored.py\n")
    repository.write("ignored.py", outsideCode)
    repository.commit("all")
    mkdirSync(join(repository.path, "../elsewhere"))
    writeFileSync(join(repository.path, "../elsewhere/x.py"), outsideCode)
    symlinkSync(join(outside, "x.py"), join(repository.path, "linked.py"))
    symlinkSync(outside, join(repository.path, "away"))
    const session = startSession({ isWatched: false })
    await session.ask("initialize", { project_root: repository.path, bm25: true })
    for (const uri of names()) {
      session.tell("textDocument/didOpen", { textDocument: { uri, text: "opened = 1\n" } })
      await contextOf(session)
      session.tell("textDocument/didClose", { textDocument: { uri } })
      session.tell("workspace/didChangeWatchedFiles", { changes: [{ uri, type: 2 }] })
      assert.notInclude(await contextOf(session), `def ${secret}`, uri)
      const { result } = await session.ask("getContext", { filepath: uri, content: `${secret}(`, budget: 50_000 })
      assert.notInclude(result.context, `def ${secret}`, uri)
    }
    await session.close()
  })
})

describe("what is read", () => {
  it("is every regular file whose real path is inside, once it is small enough", async () => {
    const folder = at("inside")
    mkdirSync(join(folder, "lib"), { recursive: true })
    writeFileSync(join(folder, "lib/a.py"), "x = 1\n")
    writeFileSync(join(folder, "empty.py"), "")
    symlinkSync("lib/a.py", join(folder, "linked.py"))
    symlinkSync("lib", join(folder, "same"))
    linkSync(join(folder, "lib/a.py"), join(folder, "hard.py"))
    symlinkSync(folder, at("by-a-link"))
    for (const inside of [lookInside(folder), lookInside(at("by-a-link")), lookInside(`${folder}/lib/..`)]) {
      for (const path of ["lib/a.py", "linked.py", "same/a.py", "hard.py", "./lib/a.py"]) {
        assert.deepStrictEqual(await inside.read(path, 6), new TextEncoder().encode("x = 1\n"), path)
        assert.strictEqual(await inside.size(path), 6, path)
      }
      assert.deepStrictEqual(await inside.read("empty.py", 0), new Uint8Array())
      assert.strictEqual(await inside.read("lib/a.py", 5), "too large")
      assert.strictEqual(await inside.read("lib", 5), "no regular file")
      assert.strictEqual(await inside.read("none.py", 5), "gone")
      assert.strictEqual(await inside.read("lib/a.py/x", 5), "gone")
      assert.strictEqual(await inside.read("", 5), "outside the folder")
    }
    mkdirSync(join(folder, "lib/.git"))
    writeFileSync(join(folder, "lib/.git/config"), "[remote]\n")
    symlinkSync("lib/.git/config", join(folder, "config.py"))
    symlinkSync("lib/.git", join(folder, "kept"))
    for (const path of ["config.py", "kept/config", "same/.git/config"]) {
      assert.strictEqual(await lookInside(folder).read(path, 100), "outside the folder", path)
      assert.strictEqual(await lookInside(folder).size(path), "outside the folder", path)
    }
    const nowhere = lookInside(at("no-such-folder"))
    assert.strictEqual(await nowhere.read("a.py", 5), "gone")
  })

  const swaps = {
    "a file that is swapped for a link": { swapped: "a.py", by: () => join(outside, "x.py") },
    "a folder that is swapped for a link": { swapped: "lib", by: () => outside }
  }
  it.each(Object.entries(swaps))("is not %s meanwhile", async (name, { by, swapped }) => {
    const folder = at(name.replace(/\W+/g, "-"))
    mkdirSync(join(folder, "lib"), { recursive: true })
    writeFileSync(join(folder, "a.py"), "x = 1\n")
    writeFileSync(join(folder, "lib/x.py"), "x = 1\n")
    symlinkSync(by(), join(folder, "link"))
    const worker = new Worker(
      `const { renameSync } = require("node:fs")
      const [real, link, kept] = require("node:worker_threads").workerData
      require("node:worker_threads").parentPort.postMessage("started")
      for (const until = Date.now() + 3000; Date.now() < until;) {
        renameSync(real, kept)
        renameSync(link, real)
        renameSync(real, link)
        renameSync(kept, real)
      }`,
      { eval: true, workerData: [join(folder, swapped), join(folder, "link"), join(folder, "kept")] }
    )
    const ended = new Promise((resolve) => worker.on("exit", resolve))
    await new Promise((resolve) => worker.on("message", resolve))
    const path = swapped === "lib" ? "lib/x.py" : "a.py"
    const counts: Record<string, number> = {}
    for (const until = Date.now() + 2500; Date.now() < until;) {
      const content = await lookInside(folder).read(path, 1024)
      const found = typeof content === "string" ? content : new TextDecoder().decode(content)
      counts[found] = (counts[found] ?? 0) + 1
    }
    await ended
    assert.notProperty(counts, outsideCode)
    // Both were there to be read.
    assert.isAbove(counts["x = 1\n"] ?? 0, 0)
    assert.isAbove(counts["outside the folder"] ?? 0, 0)
  })
})

describe("links that lie where files are written", () => {
  const planted = (name: string, names: ReadonlyArray<string>): string => {
    const folder = at(name)
    mkdirSync(folder)
    writeFileSync(at(`${name}.kept`), "mine\n")
    for (const one of names) symlinkSync(at(`${name}.kept`), join(folder, one))
    return folder
  }
  const assertKept = (name: string) => assert.strictEqual(readFileSync(at(`${name}.kept`), "utf8"), "mine\n")

  it("are not written through by generate", async () => {
    const tables = ["train_kto.jsonl", "test_kto.jsonl", "kto_stats.json", "metadata.json", "run.json.part"]
    const folder = planted("generated", [
      ...tables.map((name) => (name.endsWith(".part") ? `${name}.new` : `${name}.part`)),
      "pool-kto-train.part",
      "pool-kto-test.part"
    ])
    const { code, stderr } = await runTask(["generate", "--repo", main.path, "-o", folder, "-q"])
    assert.strictEqual(code, 0, stderr)
    assertKept("generated")
    assert.isAbove(statSync(join(folder, "metadata.json")).size, 0)
  })

  it("are not written through by lintseq", async () => {
    const folder = planted("linted", ["rows.jsonl.part", "rows.jsonl.state.part", "rows.metadata.json.part"])
    const { code, stderr } = await runTask(["lintseq", "--repo", main.path, "-o", join(folder, "rows.jsonl"), "-q"])
    assert.strictEqual(code, 0, stderr)
    assertKept("linted")
    assert.isTrue(existsSync(join(folder, "rows.jsonl")))
  })

  it("are not written through by report", async () => {
    const folder = planted("reported", ["README.md.part", "report.html.part"])
    writeFileSync(join(folder, "train.jsonl"), "{\"text\":\"a\"}\n")
    const { code, stderr } = await runTask(["report", folder])
    assert.strictEqual(code, 0, stderr)
    assertKept("reported")
    assert.isTrue(existsSync(join(folder, "README.md")))
  })

  it.effect("are not read or written through by the labels of view", () =>
    Effect.gen(function*() {
      const folder = planted("labelled", ["rows.labels.jsonl"])
      const labels = yield* openLabels(join(folder, "rows.jsonl"))
      const failure = yield* Effect.flip(labels.set(0, { _tag: "row", text: "", value: { text: "a" } }, "keep"))
      assert.strictEqual(failure._tag, "CannotWrite")
      assertKept("labelled")
    }).pipe(Effect.provide(NodeFileSystem.layer)))
})

describe("a folder that names another repository as its history", () => {
  /** A private repository, and the path of an empty folder beside it. */
  const privateOne = (name: string) => {
    const other = makeRepository(`private-${name}`)
    repositories.push(other)
    other.write("x.py", outsideCode)
    other.commit("private")
    other.write("x.py", outsideCode.replace("total = 0", "total = 1"))
    other.commit("more")
    const folder = at(`unpacked-${name}`)
    mkdirSync(folder)
    return { other, folder, git: join(other.path, ".git") }
  }

  const ways: Readonly<Record<string, (folder: string, git: string) => string | void>> = {
    "by a file": (folder, git) => writeFileSync(join(folder, ".git"), `gitdir: ${git}\n`),
    "by a link": (folder, git) => symlinkSync(git, join(folder, ".git")),
    "by a link to the folder above": (folder, git) => {
      mkdirSync(join(folder, "up"))
      symlinkSync(join(git, ".."), join(folder, "up", "down"))
      writeFileSync(join(folder, ".git"), "gitdir: up/down/.git\n")
    },
    "by a common directory": (folder, git) => {
      execFileSync("git", ["init", "-q", folder])
      writeFileSync(join(folder, ".git", "commondir"), `${git}\n`)
    },
    "by a common directory of a bare repository": (folder, git) => {
      execFileSync("git", ["init", "-q", "--bare", folder])
      writeFileSync(join(folder, "commondir"), `${git}\n`)
    },
    "by a work tree that it says it is": (folder, git) => {
      mkdirSync(join(folder, ".git"))
      writeFileSync(join(folder, ".git", "HEAD"), "ref: refs/heads/main\n")
      writeFileSync(join(folder, ".git", "commondir"), `${git}\n`)
      writeFileSync(join(folder, ".git", "gitdir"), `${join(folder, ".git")}\n`)
    },
    "from a folder inside": (folder, git) => {
      writeFileSync(join(folder, ".git"), `gitdir: ${git}\n`)
      mkdirSync(join(folder, "a", "b"), { recursive: true })
      return join(folder, "a", "b")
    }
  }

  it.each(Object.entries(ways))("gives nothing of it: %s", async (name, plant) => {
    const { folder, git } = privateOne(name.replaceAll(" ", "-"))
    const named = plant(folder, git) ?? folder
    for (const source of ["history", "tree"]) {
      const output = at(`rows-${name.replaceAll(" ", "-")}-${source}`)
      const { code, stderr } = await runTask(["generate", "--repo", named, "--source", source, "-o", output, "-q"])
      assert.strictEqual(code, 66, stderr)
      assert.include(stderr, git)
      assert.isFalse(existsSync(output))
    }
  })

  it("is a repository like any other where the other one names it too", async () => {
    const { other } = privateOne("worktree")
    const tree = at("second-tree")
    other.git("worktree", "add", "-q", "--detach", tree)
    mkdirSync(join(tree, "inner"))
    writeFileSync(join(tree, "inner", "y.py"), outsideCode)
    const parent = makeRepository("parent")
    repositories.push(parent)
    parent.write("a.py", pythonModule(3))
    parent.commit("first")
    // Of git's commands this one is a script, which needs what every system has.
    execFileSync(
      "git",
      ["-C", parent.path, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", other.path, "inside"],
      { env: { ...process.env, PATH: `${process.env["PATH"] ?? ""}:/usr/bin:/bin` } }
    )
    for (const folder of [tree, join(tree, "inner"), join(parent.path, "inside"), join(other.path, ".git")]) {
      const { code, stderr } = await runTask(["generate", "--repo", folder, "--preview", "1"])
      assert.notStrictEqual(code, 66, stderr)
    }
  })
})
