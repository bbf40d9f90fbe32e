/** Repositories as they are found in the wild: what is read of them does not depend on how they were made or are set up. */
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync
} from "node:fs"
import { isAbsolute, join } from "node:path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { homeOfUser } from "../../layers/git/home-of-user.ts"
import * as SimpleGit from "../../layers/git/SimpleGit.ts"
import { type Commit, Git, type Repository } from "../../services/Git.ts"
import { makeRepository, pythonModule, runGit, temporaryFolder, type TestRepository } from "../support/repository.ts"

const layer = SimpleGit.layer.pipe(Layer.provide(Layer.merge(NodeFileSystem.layer, NodePath.layer)))
const range = { rev: "HEAD", maxCommits: 100, startDate: null, endDate: null }

let base: TestRepository
let root = ""
const at = (...names: ReadonlyArray<string>) => join(root, ...names)
const git = (folder: string, ...args: ReadonlyArray<string>) =>
  runGit(folder, ["-c", "protocol.file.allow=always", "-c", "uploadpack.allowFilter=true", ...args])
const url = () => `file://${base.path}`

/** Opens a place and asks something of it. */
const within = <A, E>(location: string, ask: (repository: Repository) => Effect.Effect<A, E>) =>
  Effect.runPromise(
    Effect.flatMap(Git, (git) => git.open(location, { orFolder: true })).pipe(
      Effect.flatMap(ask),
      Effect.scoped,
      Effect.provide(layer)
    )
  )
const commitsOf = (location: string): Promise<ReadonlyArray<Commit>> =>
  within(location, (repository) => Effect.map(Stream.runCollect(repository.commits(range)), (all) => [...all]))
const warningsOf = () => Effect.runPromise(Effect.provide(Effect.flatMap(Git, ({ warnings }) => warnings), layer))

beforeAll(() => {
  root = temporaryFolder()
  base = makeRepository("base")
  base.git("config", "uploadpack.allowFilter", "true")
  for (const step of [1, 2, 3, 4]) {
    base.write("a.py", pythonModule(step, "a"))
    base.write("lib/b.py", pythonModule(step, "b"))
    base.commit(`step ${step}`)
  }
  base.remove("lib/b.py")
  base.write("lib/c.py", `${pythonModule(4, "b")}\nlast = 1\n`)
  base.commit("move with an edit")
})
afterAll(() => {
  base.dispose()
  rmSync(root, { recursive: true, force: true })
})

describe("commits that were cut off from their parents", () => {
  const ways: Readonly<Record<string, (folder: string) => string>> = {
    "by a shallow clone": (folder) => {
      git(root, "clone", "-q", "--depth", "2", url(), folder)
      return folder
    },
    "by a shallow clone, seen from a second work tree": (folder) => {
      git(root, "clone", "-q", "--depth", "2", url(), folder)
      git(folder, "worktree", "add", "-q", `${folder}-tree`)
      return `${folder}-tree`
    },
    "by a shallow clone that is partial too": (folder) => {
      git(root, "clone", "-q", "--depth", "2", "--filter=blob:none", url(), folder)
      return folder
    },
    "by a graft": (folder) => {
      git(root, "clone", "-q", url(), folder)
      writeFileSync(join(folder, ".git/info/grafts"), git(folder, "rev-parse", "HEAD~1"))
      return folder
    },
    "by a replacement": (folder) => {
      git(root, "clone", "-q", url(), folder)
      git(folder, "replace", "--graft", "HEAD~1")
      return folder
    },
    "by a replacement, seen from a second work tree of a partial clone": (folder) => {
      git(root, "clone", "-q", "--filter=blob:none", url(), folder)
      git(folder, "replace", "--graft", "HEAD~1")
      git(folder, "worktree", "add", "-q", `${folder}-tree`)
      return `${folder}-tree`
    }
  }
  it.each(Object.keys(ways))("are told: %s", async (way) => {
    const folder = ways[way]?.(at(way.replace(/\W+/g, "-"))) ?? ""
    const commits = await commitsOf(folder)
    assert.deepStrictEqual(commits.map(({ isCutOff, subject }) => [subject, isCutOff]), [
      ["move with an edit", false],
      ["step 4", true]
    ])
  })

  it("are no others: the first commit, and one that a replacement gave a parent", async () => {
    const folder = at("joined")
    git(root, "clone", "-q", url(), folder)
    const first = git(folder, "rev-list", "--max-parents=0", "HEAD").trim()
    git(folder, "checkout", "-q", "--orphan", "older")
    git(folder, "commit", "-q", "--allow-empty", "-m", "older")
    git(folder, "replace", "--graft", first, "HEAD")
    git(folder, "checkout", "-q", "-f", "main")
    const commits = await commitsOf(folder)
    assert.deepStrictEqual(commits.map(({ isCutOff }) => isCutOff), [false, false, false, false, false, false])
  })
})

describe("a history", () => {
  const places: Readonly<Record<string, (folder: string) => string>> = {
    "of a clone whose git directory lies elsewhere": (folder) => {
      git(root, "clone", "-q", "--separate-git-dir", `${folder}.git`, url(), folder)
      return folder
    },
    "whose git directory is named by a link": (folder) => {
      git(root, "clone", "-q", url(), folder)
      renameSync(join(folder, ".git"), `${folder}-git`)
      writeFileSync(join(folder, ".git"), `gitdir: ${folder}-git\n`)
      return folder
    },
    "of a work tree that was moved": (folder) => {
      git(root, "clone", "-q", url(), folder)
      git(folder, "worktree", "add", "-q", `${folder}-tree`)
      renameSync(`${folder}-tree`, `${folder}-moved`)
      return `${folder}-moved`
    },
    "of a work tree of a submodule": (folder) => {
      git(root, "init", "-q", folder)
      git(folder, "clone", "-q", url(), "sub")
      mkdirSync(join(folder, ".git/modules"))
      renameSync(join(folder, "sub/.git"), join(folder, ".git/modules/sub"))
      writeFileSync(join(folder, "sub/.git"), "gitdir: ../.git/modules/sub\n")
      git(folder, "config", "--file", ".git/modules/sub/config", "core.worktree", "../../../sub")
      git(join(folder, "sub"), "worktree", "add", "-q", `${folder}-tree`)
      return `${folder}-tree`
    },
    "of a clone that borrows objects": (folder) => {
      git(root, "clone", "-q", "--shared", base.path, folder)
      return folder
    },
    "of a mirror": (folder) => {
      git(root, "clone", "-q", "--mirror", url(), folder)
      return folder
    },
    "in a folder with a space at its start": (folder) => plainClone(join(folder, "..", " start")),
    "in a folder with a space at its end": (folder) => plainClone(join(folder, "..", "end ")),
    "in a folder with a line end in its name": (folder) => plainClone(join(folder, "..", "new\nline\n")),
    "in a folder with quotes in its name": (folder) => plainClone(join(folder, "..", `a"b'c\\d`)),
    "in a folder that is named like an option": (folder) => plainClone(join(folder, "..", "--bare")),
    "of a partial clone in a folder with a line end and quotes in its name": (folder) => {
      const place = join(folder, "..", `part"i\\al\nclone`)
      git(root, "clone", "-q", "--no-checkout", "--filter=blob:limit=1m", url(), place)
      return place
    }
  }
  const plainClone = (folder: string) => {
    git(root, "clone", "-q", "--", url(), folder)
    return folder
  }

  it.each(Object.keys(places))("is read: %s", async (place) => {
    const folder = places[place]?.(at(place.replace(/\W+/g, "-"))) ?? ""
    assert.deepStrictEqual(await commitsOf(folder), await commitsOf(base.path))
    const blobs = await within(
      folder,
      (repository) =>
        Effect.flatMap(repository.files("HEAD"), ({ files }) => repository.sizes(files.map(({ blob }) => blob)))
    )
    assert.deepStrictEqual(blobs, [readFileSync(join(base.path, "a.py")).length, pythonModule(4, "b").length + 10])
  })

  it("is not that of a folder that only holds copies of its files", async () => {
    const folder = at("copied")
    git(root, "clone", "-q", "--separate-git-dir", at("copied-from.git"), url(), at("copied-from"))
    cpSync(at("copied-from"), folder, { recursive: true, preserveTimestamps: true })
    await assertRejects(commitsOf(folder), /does not name it as a work tree; .*git worktree repair/)
    // Nor of one whose folders are links to them.
    const linked = at("linked")
    mkdirSync(linked)
    writeFileSync(join(linked, ".git"), `gitdir: ${at("copied-from.git")}\n`)
    symlinkSync(at("copied-from", "lib"), join(linked, "lib"))
    symlinkSync(at("copied-from", "a.py"), join(linked, "a.py"))
    await assertRejects(commitsOf(linked), /does not name it as a work tree/)
  })

  it.each([
    ["log.follow", "true"],
    ["diff.relative", "true"],
    ["diff.ignoreSubmodules", "all"],
    ["submodule.lib/sub.ignore", "all"],
    ["diff.renames", "copies"],
    ["diff.renameLimit", "1"],
    ["log.diffMerges", "first-parent"],
    ["log.decorate", "full"],
    ["log.date", "relative"],
    ["log.mailmap", "true"],
    ["log.showRoot", "false"],
    ["log.excludeDecoration", "refs/*"],
    ["format.pretty", "oneline"],
    ["format.notes", "true"],
    ["core.abbrev", "5"],
    ["core.quotePath", "true"],
    ["diff.noPrefix", "true"],
    ["diff.submodule", "log"],
    ["diff.orderFile", "order"],
    ["i18n.logOutputEncoding", "latin1"],
    ["color.ui", "always"],
    ["core.logAllRefUpdates", "true"]
  ])("does not depend on the setting %s", async (name, value) => {
    const folder = at("settings")
    if (!existsSync(folder)) {
      git(root, "clone", "-q", url(), folder)
      git(folder, "clone", "-q", url(), "lib/sub")
      git(folder, "add", "lib/sub")
      writeFileSync(join(folder, ".gitmodules"), "[submodule \"lib/sub\"]\n\tpath = lib/sub\n\turl = ./x\n")
      git(folder, "add", ".gitmodules")
      git(folder, "commit", "-qm", "grüße")
      writeFileSync(join(folder, ".gitmodules"), "[submodule \"lib/sub\"]\n\tpath = lib/sub\n\tignore = all\n")
      writeFileSync(join(folder, "order"), "lib/c.py\n")
    }
    for (const location of [folder, join(folder, "lib")]) {
      const before = await commitsOf(location)
      git(folder, "config", name, value)
      const after = await commitsOf(location)
      git(folder, "config", "--unset", name)
      assert.deepStrictEqual(after, before)
      assert.include((before[0]?.changes ?? []).map(({ kind, path }) => `${kind} ${path}`), "submodule lib/sub")
    }
  })

  it("is read in a repository of longer ids", async () => {
    const folder = at("long-ids")
    git(root, "init", "-q", "--object-format=sha256", folder)
    for (const step of [1, 2]) {
      writeFileSync(join(folder, "a.py"), pythonModule(step))
      git(folder, "add", "-A")
      git(folder, "commit", "-qm", `step ${step}`)
    }
    for (const location of [folder, at("long-ids-partial")]) {
      if (!existsSync(location)) {
        git(folder, "config", "uploadpack.allowFilter", "true")
        git(root, "clone", "-q", "--filter=blob:none", `file://${folder}`, location)
      }
      const commits = await commitsOf(location)
      assert.deepStrictEqual(commits.map(({ changes, sha }) => [sha.length, changes.length]), [[64, 1], [64, 1]])
    }
  })

  it.each([":x", ":(glob)*", ":!x", "[a]", "*", " x", "x ", "x\n", "é", "-x"])(
    "is read of a folder named %j only",
    async (name) => {
      const folder = at(`magic-${Buffer.from(name).toString("hex")}`)
      git(root, "init", "-q", folder)
      for (const inside of [name, "other", "a"]) {
        mkdirSync(join(folder, inside))
        writeFileSync(join(folder, inside, "a.py"), "x = 1\n")
      }
      git(folder, "add", "-A")
      git(folder, "commit", "-qm", "all")
      const [commit] = await commitsOf(join(folder, name))
      assert.deepStrictEqual(commit?.changes.map(({ path }) => path), [`${name}/a.py`])
      const { files } = await within(join(folder, name), (repository) => repository.files("HEAD"))
      assert.deepStrictEqual(files.map(({ path }) => path), [`${name}/a.py`])
    }
  )
})

/** Fails unless the work is refused with a message of this kind. */
const assertRejects = async (work: Promise<unknown>, message: RegExp) => {
  const said = await work.then(() => "nothing", (cause: Error) => cause.message)
  assert.match(said, message)
}

describe("a partial clone", () => {
  const clone = (filter: string) => {
    const folder = at(`partial-${filter.replace(/\W/g, "-")}`)
    if (!existsSync(folder)) git(root, "clone", "-q", `--filter=${filter}`, url(), folder)
    return folder
  }

  it("says which blobs are missing, and runs nothing to get them", async () => {
    const folder = clone("blob:none")
    await warningsOf()
    const [whole, partial] = [await commitsOf(base.path), await commitsOf(folder)]
    // Without their content, a file that was moved and edited is one that was added, and another that was deleted.
    assert.deepStrictEqual(partial.slice(1), whole.slice(1))
    const ids = whole.flatMap(({ changes }) => changes.flatMap(({ newBlob }) => newBlob ?? []))
    const [sizes, blobs] = await within(
      folder,
      (repository) => Effect.all([repository.sizes(ids), repository.blobs(ids)])
    )
    const there = new Set(git(folder, "ls-tree", "-r", "HEAD").match(/\b[0-9a-f]{40}\b/g))
    assert.deepStrictEqual(sizes.map((size) => size !== null), ids.map((id) => there.has(id)))
    assert.deepStrictEqual(blobs.map((blob) => blob !== null), ids.map((id) => there.has(id)))
    assert.isTrue(sizes.includes(null) && sizes.some((size) => size !== null))
    const warning = (await warningsOf()).find(({ text }) => text.startsWith("an object is missing"))
    assert.include(warning?.text, `type "git -C ${folder} fetch --refetch --no-filter"`)
    assert.strictEqual(warning?.count, sizes.filter((size) => size === null).length)
  })

  it("says what to type where trees are missing, and what it says helps", async () => {
    const folder = clone("tree:0")
    const said = await commitsOf(folder).then(() => "", (cause: Error) => cause.message)
    const [, typed = ""] = /type "git -C \S+ ([^"]*)" to fetch what this partial clone left out$/.exec(said) ?? []
    assert.strictEqual(typed, "fetch --refetch --no-filter", said)
    assert.strictEqual(said.split("\n").length, 1)
    assert.strictEqual((await within(folder, (repository) => repository.files("HEAD"))).files.length, 2)
    git(folder, ...typed.split(" "), "--quiet")
    assert.deepStrictEqual(await commitsOf(folder), await commitsOf(base.path))
  })

  it("with a sparse work tree and index gives the files that are there", async () => {
    const folder = at("sparse")
    git(root, "clone", "-q", "--filter=blob:none", "--sparse", url(), folder)
    git(folder, "sparse-checkout", "set", "--cone", "--sparse-index", "none")
    const files = await Effect.runPromise(Effect.provide(Effect.flatMap(Git, (git) => git.workingFiles(folder)), layer))
    assert.deepStrictEqual(files, ["a.py", "lib/c.py"])
  })
})

describe("what cannot be cloned for want of a folder", () => {
  it.each(["/dev/null", "/proc/none", "/proc/none/deeper"])("is told in one line: the cache is %s", async (place) => {
    const before = process.env["XDG_CACHE_HOME"]
    process.env["XDG_CACHE_HOME"] = place
    try {
      await assertRejects(
        commitsOf(url()),
        /^Cannot open ".*" as a git repository: its clone cannot be kept in ".*" \([^()]*\); set XDG_CACHE_HOME [^\n]*$/
      )
    } finally {
      if (before === undefined) delete process.env["XDG_CACHE_HOME"]
      else process.env["XDG_CACHE_HOME"] = before
    }
  })
})

/** Runs something with variables of the environment set, and puts them back. */
const withEnvironment = async (environment: Readonly<Record<string, string>>, work: () => Promise<void>) => {
  const before = Object.keys(environment).map((name) => [name, process.env[name]] as const)
  Object.assign(process.env, environment)
  try {
    await work()
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
}

describe("a home", () => {
  it.each(["", "relative", "."])(
    "is no place in the folder that a command is typed in: HOME=%j",
    (HOME) =>
      withEnvironment({ HOME }, async () => {
        const home = homeOfUser()
        assert.isTrue(home === undefined || isAbsolute(home), home)
      })
  )
})

describe("a folder for temporary files that cannot be made", () => {
  const places: Readonly<Record<string, () => string>> = {
    "for a plain folder": () => {
      mkdirSync(at("plain"), { recursive: true })
      writeFileSync(at("plain", "a.py"), pythonModule(1))
      return at("plain")
    },
    "for a partial clone": () => {
      git(root, "clone", "-q", "--filter=blob:none", url(), at("borrowed"))
      return at("borrowed")
    }
  }
  it.each(Object.keys(places))("is told in words, with what helps: %s", async (what) => {
    const folder = places[what]?.() ?? ""
    await withEnvironment({ TMPDIR: "/nowhere/x" }, () =>
      assertRejects(
        within(folder, () => Effect.void),
        /^Cannot run "git init": no temporary folder can be made in \/nowhere\/x: there is no such file or folder; set TMPDIR [^\n]*$/
      ))
  })
})

describe("a branch whose commit cannot be read", () => {
  const ways: Readonly<Record<string, (folder: string) => void>> = {
    "for want of the clone that it borrows from": (folder) => {
      const lender = `${folder}-lender`
      git(root, "clone", "-q", url(), lender)
      git(root, "clone", "-q", "--shared", lender, folder)
      rmSync(lender, { recursive: true })
    },
    "in a pack that was cut short": (folder) => {
      git(root, "clone", "-q", url(), folder)
      const packs = join(folder, ".git/objects/pack")
      for (const name of readdirSync(packs)) {
        chmodSync(join(packs, name), 0o644)
        if (name.endsWith(".pack")) truncateSync(join(packs, name), 100)
      }
    },
    "that was removed": (folder) => {
      git(root, "clone", "-q", "--no-local", url(), folder)
      writeFileSync(join(folder, ".git/refs/heads/main"), `${"1".repeat(40)}\n`)
    }
  }
  it.each(Object.keys(ways))("is told as git tells it, not as missing: %s", async (way) => {
    const folder = at(way.replace(/\W+/g, "-"))
    ways[way]?.(folder)
    await assertRejects(commitsOf(folder), /^Cannot run "git cat-file -t": (?:error|fatal): [^\n]*$/)
  })
})

it.each([
  [":/step 3", ["step 3", "step 2", "step 1"]],
  ["HEAD^{/step 2}", ["step 2", "step 1"]],
  ["main~4", ["step 1"]]
])("a revision is what git takes it for: %s", async (rev, subjects) => {
  const commits = await within(base.path, (repository) => Stream.runCollect(repository.commits({ ...range, rev })))
  assert.deepStrictEqual([...commits].map(({ subject }) => subject), subjects)
})

it.each([":/nothing", "HEAD:a.py", "HEAD^{tree}", "1".repeat(40), "nowhere"])(
  "a revision that is no commit is told as such: %s",
  (rev) =>
    assertRejects(
      within(base.path, (repository) => Stream.runCollect(repository.commits({ ...range, rev }))),
      /^Cannot find revision ".*" in ".*": /
    )
)
