/** Nothing of a repository runs: every setting that names a program is planted, and every task looks at the place. */
import { appendFileSync, chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { runProgram } from "../support/program.ts"
import { makeRepository, pythonModule, runGit, temporaryFolder, type TestRepository } from "../support/repository.ts"
import { startServer } from "../support/server.ts"
import { startSession } from "../support/session.ts"
import { runTask } from "../support/task.ts"
import { withTools } from "../support/with-tools.ts"
import { makeTraps, plantHooks, type Traps } from "./traps.ts"

let traps: Traps
let repository: TestRepository
let root = ""
const home = process.env["HOME"]
const at = (name: string) => join(root, name)
const git = (folder: string, ...args: ReadonlyArray<string>) => runGit(folder, args)

/** Copies of one repository, each armed in its own way; they give the folder to point at. */
const places: Readonly<Record<string, (folder: string, name: string) => string>> = {
  "the configuration of a clone": (folder, name) => {
    appendFileSync(join(folder, ".git/config"), traps.config(name))
    return folder
  },
  "hooks of a clone": (folder, name) => {
    plantHooks(traps, join(folder, ".git/hooks"), name)
    appendFileSync(join(folder, ".git/config"), `[core]\n\tfsmonitor = .git/hooks/fsmonitor-watchman\n`)
    return folder
  },
  "a configuration that includes a file of the tree": (folder, name) => {
    writeFileSync(join(folder, "setup.cfg"), traps.config(name))
    appendFileSync(join(folder, ".git/config"), `[include]\n\tpath = ../setup.cfg\n`)
    return folder
  },
  "a configuration that includes a file on a condition": (folder, name) => {
    writeFileSync(join(folder, "setup.cfg"), traps.config(name))
    appendFileSync(join(folder, ".git/config"), `[includeIf "gitdir:**"]\n\tpath = ../setup.cfg\n`)
    return folder
  },
  "the configuration of a work tree": (folder, name) => {
    git(folder, "config", "extensions.worktreeConfig", "true")
    writeFileSync(join(folder, ".git/config.worktree"), traps.config(name))
    return folder
  },
  "another work tree of a clone": (folder, name) => {
    git(folder, "worktree", "add", "--quiet", `${folder}-linked`)
    appendFileSync(join(folder, ".git/config"), traps.config(name))
    return `${folder}-linked`
  },
  "a bare repository in a folder of a clone": (folder, name) => {
    git(folder, "clone", "--quiet", "--bare", ".git", "data")
    writeFileSync(join(folder, "data/code.py"), pythonModule(2, "lib"))
    appendFileSync(join(folder, "data/config"), traps.config(name))
    return join(folder, "data")
  },
  "a bare repository with a work tree and an index": (folder, name) => {
    cpSync(join(folder, ".git"), join(folder, "data"), { recursive: true })
    cpSync(join(folder, "a.py"), join(folder, "data/a.py"))
    appendFileSync(join(folder, "data/config"), `[core]\n\tbare = false\n\tworktree = .\n${traps.config(name)}`)
    return join(folder, "data")
  },
  "a .git file that points into the tree": (folder, name) => {
    cpSync(join(folder, ".git"), join(folder, "data"), { recursive: true })
    rmSync(join(folder, ".git"), { recursive: true })
    writeFileSync(join(folder, ".git"), "gitdir: data\n")
    appendFileSync(join(folder, "data/config"), traps.config(name))
    return folder
  },
  "a submodule": (folder, name) => {
    git(folder, "-c", "protocol.file.allow=always", "clone", "--quiet", repository.path, "sub")
    mkdirSync(join(folder, ".git/modules"))
    cpSync(join(folder, "sub/.git"), join(folder, ".git/modules/sub"), { recursive: true })
    rmSync(join(folder, "sub/.git"), { recursive: true })
    writeFileSync(join(folder, "sub/.git"), "gitdir: ../.git/modules/sub\n")
    git(folder, "config", "--file", ".git/modules/sub/config", "core.worktree", "../../../sub")
    writeFileSync(join(folder, ".gitmodules"), `[submodule "sub"]\n\tpath = sub\n\turl = ./x\n\tupdate = !false\n`)
    git(folder, "add", "-A")
    for (const config of [".git/config", ".git/modules/sub/config"]) {
      appendFileSync(join(folder, config), traps.config(name))
    }
    return join(folder, "sub")
  },
  "a partial clone that lacks an object": (folder, name) => {
    const blob = git(folder, "rev-parse", "HEAD:lib/b.js").trim()
    rmSync(join(folder, ".git/objects", blob.slice(0, 2), blob.slice(2)), { force: true })
    git(folder, "config", "core.repositoryFormatVersion", "1")
    git(folder, "config", "extensions.partialClone", "origin")
    appendFileSync(join(folder, ".git/config"), traps.config(name))
    return folder
  },
  "the user's own configuration, by attributes of a clone": (folder, name) => {
    writeFileSync(join(folder, ".gitattributes"), "* filter=evil diff=evil merge=evil\n")
    mkdirSync(`${folder}-home`)
    writeFileSync(`${folder}-home/.gitconfig`, traps.config(name))
    process.env["HOME"] = `${folder}-home`
    return folder
  },
  "the user's own configuration, by attributes of a plain folder": (folder, name) => {
    writeFileSync(join(folder, ".gitattributes"), "* filter=evil diff=evil merge=evil\n")
    rmSync(join(folder, ".git"), { recursive: true })
    mkdirSync(`${folder}-home`)
    writeFileSync(`${folder}-home/.gitconfig`, traps.config(name))
    process.env["HOME"] = `${folder}-home`
    return folder
  },
  "the settings of the environment": (folder, name) => {
    writeFileSync(join(folder, ".gitattributes"), "* filter=evil diff=evil merge=evil\n")
    writeFileSync(`${folder}-settings`, traps.config(name))
    const listed = git(folder, "config", "--file", `${folder}-settings`, "--list", "-z").split("\0")
    const settings = listed.filter((setting) => setting !== "")
    process.env["GIT_CONFIG_COUNT"] = String(settings.length)
    for (const [place, setting] of settings.entries()) {
      const end = setting.indexOf("\n")
      process.env[`GIT_CONFIG_KEY_${place}`] = setting.slice(0, end)
      process.env[`GIT_CONFIG_VALUE_${place}`] = setting.slice(end + 1)
    }
    return folder
  },
  "the parameters of a git that started us": (folder, name) => {
    const settings = ["core.fsmonitor", "core.hooksPath", "core.pager", "diff.external", "alias.log", "core.askPass"]
    process.env["GIT_CONFIG_PARAMETERS"] = settings.map((key) => `'${key}'='${traps.program(`${name}--${key}`)}'`).join(
      " "
    )
    return folder
  },
  "a repository in a plain folder": (folder, name) => {
    cpSync(repository.path, join(folder, "inner"), { recursive: true })
    rmSync(join(folder, ".git"), { recursive: true })
    appendFileSync(join(folder, "inner/.git/config"), traps.config(name))
    return folder
  }
}

/** Where there is no history to open. */
const isPlain = (place: string) => place.includes("plain folder")

/** Every task that opens a repository or a folder; they say how much they found there. */
const tasks: Readonly<Record<string, (folder: string, output: string) => Promise<number>>> = {
  "generate": (folder, output) => rows("generate", "--repo", folder, "-o", output, "-q"),
  "generate --cross-file-context --include-path": (folder, output) =>
    rows("generate", "--repo", folder, "-o", output, "-q", "--cross-file-context", "--include-path", folder),
  "generate --source tree": (folder, output) =>
    rows("generate", "--source", "tree", folder, "-o", output, "-q", "--dataset-type", "fim", "--cross-file-context"),
  "lintseq --repo": (folder, output) => rows("lintseq", "--repo", folder, "-o", `${output}.jsonl`, "-q"),
  "lintseq --from-history": (folder, output) =>
    rows("lintseq", "--repo", folder, "--from-history", "-o", `${output}.jsonl`, "-q"),
  "lintseq --directory": (folder, output) => rows("lintseq", "--directory", folder, "-o", `${output}.jsonl`, "-q"),
  "vim-loop --repo": async (folder) => {
    const { code, stdout } = await runTask(["vim-loop", "--repo", folder, "--list-edits", "-q"])
    return code === 0 ? stdout.split("\n").length - 1 : 0
  },
  "serve-context": async (folder) => {
    const session = startSession({ isWatched: false })
    const { result } = await session.ask("initialize", { project_root: folder, include_paths: [folder] })
    await session.close()
    return result.file_count
  },
  "serve-context --mcp": async (folder) => {
    const server = startServer(["--mcp", "--root", folder, "--include-path", folder, "--no-watch"])
    await server.ask("initialize", {})
    const place = { filepath: "new.py", content: "from a import compute_a0\n\ncompute_a0(\n" }
    const { result } = await server.ask("tools/call", { name: "get_context", arguments: place })
    server.child.stdin.end()
    await server.ended
    return result.isError === true ? 0 : result.content[0].text.length
  }
}

const rows = async (...args: ReadonlyArray<string>): Promise<number> => {
  const { code, stderr } = await runTask(args)
  assert.strictEqual(code, 0, stderr)
  return 1
}

/** Further places of a kind; there the tasks are tried that ask most of git. */
const further: ReadonlySet<string> = new Set([
  "hooks of a clone",
  "a configuration that includes a file on a condition",
  "the configuration of a work tree",
  "another work tree of a clone",
  "a bare repository with a work tree and an index",
  "a partial clone that lacks an object",
  "the settings of the environment",
  "the parameters of a git that started us",
  "the user's own configuration, by attributes of a clone"
])
const askingMost = ["generate --cross-file-context --include-path", "lintseq --directory", "serve-context"]

const tasksAt = (place: string): ReadonlyArray<string> =>
  (further.has(place) ? askingMost : Object.keys(tasks)).filter((task) => !(isPlain(place) && needsHistory(task)))

const needsHistory = (task: string) => /^generate(?! --source)|--repo|--from-history/.test(task)

beforeAll(() => {
  traps = makeTraps()
  root = temporaryFolder()
  repository = makeRepository("project")
  for (const step of [1, 2, 3]) {
    repository.write("a.py", pythonModule(1 + step, "a"))
    repository.write("lib/b.js", `export function f(x) {\n  if (x > ${step}) {\n    return x\n  }\n}\n`)
    repository.commit(`step ${step}`)
  }
})
afterAll(() => {
  repository.dispose()
  traps.dispose()
  rmSync(root, { recursive: true, force: true })
})

it("springs when git is asked without care", () => {
  const folder = at("careless")
  cpSync(repository.path, folder, { recursive: true })
  writeFileSync(join(folder, ".gitattributes"), "* filter=evil diff=evil merge=evil\n")
  writeFileSync(join(folder, "a.py"), "x = 1\n")
  appendFileSync(join(folder, ".git/config"), traps.config("careless"))
  const unfiltered = ["-c", "filter.evil.process=", "-c", "filter.evil.clean="]
  const careless: ReadonlyArray<ReadonlyArray<string>> = [
    ["ls-files"],
    [...unfiltered, "diff"],
    ["add", "-A"],
    [...unfiltered, "commit", "-am", "x"],
    [...unfiltered, "commit", "--amend", "--no-verify"],
    [...unfiltered, "log", "-p"],
    ["fetch", "ssh://example.org/x"],
    ["archive", "--format=evil", "HEAD"],
    ["config", "--edit"]
  ]
  for (const args of careless) {
    try {
      git(folder, ...args)
    } catch {
      // What was run in place of something useful ends with an error.
    }
  }
  const sprung = traps.sprung().map((mark) => mark.replace("careless--", ""))
  const expected = [
    "core.editor",
    "core.fsmonitor",
    "diff.evil.command",
    "diff.evil.textconv",
    "filter.evil.process",
    "hook-pre-commit",
    "insteadOf"
  ]
  assert.deepStrictEqual(expected.filter((name) => !sprung.includes(name)), [], sprung.join(" "))
})

describe.each(Object.keys(places))("nothing runs of %s", (place) => {
  let folder = ""
  beforeAll(() => {
    const name = place.replace(/\W+/g, "-")
    cpSync(repository.path, at(name), { recursive: true })
    folder = places[place]?.(at(name), name) ?? ""
    traps.sprung()
  })
  afterAll(() => {
    process.env["HOME"] = home
    for (const variable of Object.keys(process.env)) {
      if (variable.startsWith("GIT_CONFIG_")) delete process.env[variable]
    }
  })
  it.each(tasksAt(place))("by %s", async (task) => {
    const found = await tasks[task]?.(folder, at(`${place}-${task}`.replace(/\W+/g, "-")))
    assert.isAbove(found ?? 0, 0)
    assert.deepStrictEqual(traps.sprung(), [])
  })
})

describe("clones", () => {
  const cache = () => at("cache")
  const generate = (url: string, output: string) =>
    runProgram(["generate", "--repo", url, "-o", at(output), "-q"], {
      env: { ...process.env, XDG_CACHE_HOME: cache() }
    })

  it("run nothing of where they come from, nor of what was put into them since", async () => {
    const source = at("source")
    cpSync(repository.path, source, { recursive: true })
    appendFileSync(join(source, ".git/config"), traps.config("source"))
    traps.sprung()
    const first = await generate(`file://${source}`, "first")
    assert.strictEqual(first.code, 0, first.stderr)
    assert.deepStrictEqual(traps.sprung(), [])
    const [clone = ""] = readdirSync(join(cache(), "retrace/clones"))
    const kept = join(cache(), "retrace/clones", clone)
    const plain = readFileSync(join(kept, "config"), "utf8")
    plantHooks(traps, join(kept, "hooks"), "kept")
    for (const planted of ["", traps.config("kept"), `[include]\n\tpath = ${source}/.git/config\n`]) {
      writeFileSync(join(kept, "config"), plain + planted)
      traps.sprung()
      const again = await generate(`file://${source}`, `again-${planted.length}`)
      assert.strictEqual(again.code, 0, again.stderr)
      assert.deepStrictEqual(traps.sprung(), [])
    }
  })

  it.each([
    "fd::0",
    "fd::3,4/x",
    "ext::TRAP",
    "ext::sh -c TRAP",
    "EXT::TRAP",
    "http::ext::TRAP",
    "https::TRAP",
    "file::TRAP",
    "ext://TRAP",
    "unknown://example.org/x",
    "ftp://127.0.0.1:1/x",
    "rsync://127.0.0.1:1/x",
    "--upload-pack=TRAP",
    "-uTRAP",
    "-oProxyCommand=TRAP:x",
    "git@-oProxyCommand=TRAP:x",
    "ssh://-oProxyCommand=TRAP/x"
  ])("are not made of %s", async (url) => {
    const started = Date.now()
    const { code, stderr } = await runTask([
      "generate",
      `--repo=${url.replace("TRAP", traps.program("clone"))}`,
      "-o",
      at("none"),
      "-q"
    ])
    assert.strictEqual(code, 66, stderr)
    assert.strictEqual(stderr.trim().split("\n").length, 1, stderr)
    assert.deepStrictEqual(traps.sprung(), [])
    assert.isBelow(Date.now() - started, 10_000)
  })
})

describe("programs of the folder that Retrace is started in", () => {
  const hostile = (name: string, files: ReadonlyArray<string>): string => {
    const folder = at(name)
    cpSync(repository.path, folder, { recursive: true })
    for (const file of files) {
      const python = `open(${JSON.stringify(join(traps.folder, "marks", name))}, "w")\nraise SystemExit(1)\n`
      writeFileSync(join(folder, file), file.endsWith(".py") ? python : `#!/bin/sh\nexec '${traps.program(name)}'\n`)
      chmodSync(join(folder, file), 0o755)
    }
    traps.sprung()
    return folder
  }

  it.each([":", ".:"])("are no git, with %s at the start of PATH", async (start) => {
    const folder = hostile(`git${start.length}`, ["git", "git-upload-pack", "sh"])
    const ended = await runProgram(["lintseq", "--repo", folder, "-o", at(`git${start.length}.jsonl`), "-q"], {
      cwd: folder,
      env: { ...process.env, PATH: start + (process.env["PATH"] ?? "") }
    })
    assert.strictEqual(ended.code, 0, ended.stderr)
    assert.deepStrictEqual(traps.sprung(), [])
  })

  withTools("pylint").it("are no modules of pylint", async () => {
    const folder = hostile("pylint", ["json.py", "astroid.py", "pylint.py", "sitecustomize.py"])
    writeFileSync(join(folder, "pylintrc"), "[MAIN]\ninit-hook=raise SystemExit(1)\n")
    const args = ["lintseq", "--directory", repository.path, "--language", "python", "--linter", "pylint"]
    const ended = await runProgram([...args, "-o", at("pylint.jsonl"), "-q"], { cwd: folder })
    assert.strictEqual(ended.code, 0, ended.stderr)
    assert.deepStrictEqual(traps.sprung(), [])
  })
})
