/** What git warns of while it goes on is told once a kind, with its count, as a text that is safe to show. */
import { symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, beforeEach, describe, it } from "@effect/vitest"
import { hear, listenForWarnings, takeWarnings } from "../../layers/git/git-warnings.ts"
import { makeRepository, pythonModule } from "../support/repository.ts"
import { startServer } from "../support/server.ts"
import { runTask } from "../support/task.ts"

beforeEach(() => void takeWarnings())

describe("warnings", () => {
  it("of one kind are one, whatever they name, and are forgotten when they are taken", () => {
    for (const name of ["a.py", "lib/b.py", "x y"]) hear(`unable to access '${name}': Permission denied`)
    hear("object 0123456789abcdef0123456789abcdef01234567 is bad at 12")
    hear("object fedcba9876543210fedcba9876543210fedcba98 is bad at 7")
    assert.deepStrictEqual(takeWarnings(), [
      { text: "unable to access 'a.py': Permission denied", count: 3 },
      { text: "object 0123456789abcdef0123456789abcdef01234567 is bad at 12", count: 2 }
    ])
    assert.deepStrictEqual(takeWarnings(), [])
  })

  it("are bounded in length and in number, and all are counted", () => {
    hear("x".repeat(5000))
    for (let kind = 0; kind < 100; kind++) hear(`kind ${"abcdefghij"[kind % 10]}${"klmnopqrst"[Math.floor(kind / 10)]}`)
    const warnings = takeWarnings()
    assert.isAtMost(warnings.length, 21)
    assert.isTrue(warnings.every(({ text }) => text.length <= 301))
    assert.strictEqual(warnings.reduce((sum, { count }) => sum + count, 0), 101)
  })

  it.each([
    ["a colour\u001b[31m red\u0007", "a colour␛[31m red␇"],
    ["one\r\n  two\u2028three", "one two three"],
    ["from https://ada:hunter2@host/x", "from https://ada:***@host/x"],
    [`token ghp_${"aB3dE5gH7jK9mN1pQ3sT5vX7zA9cE1gH3jK5"}`, "git warned of something that holds a secret"]
  ])("are safe to show: %j", (said, expected) => {
    hear(said)
    assert.deepStrictEqual(takeWarnings(), [{ text: expected, count: 1 }])
  })

  it.each([
    ["warning: a\nwarn", ["ing: b\n", "hint: c\n"], ["git says: a", "git says: b"]],
    ["error: half a", [" line"], ["git says: error: half a line"]],
    ["warning: exhaustive rename detection was skipped due to too many files.\n", ["\n"], []]
  ])("are the lines of a process that did what it was asked: %j", (first, rest, expected) => {
    const listener = listenForWarnings()
    for (const text of [first, ...rest]) listener.take(text)
    assert.deepStrictEqual(takeWarnings(), [])
    listener.succeeded()
    assert.deepStrictEqual(takeWarnings().map(({ text }) => text), expected)
    listener.succeeded()
    assert.deepStrictEqual(takeWarnings(), [])
  })

  it("of another machine are its warnings only", () => {
    const listener = listenForWarnings(true)
    listener.take("remote: Counting objects\nremote: warning: almost full\nWarning: a host was added\n")
    listener.succeeded()
    assert.strictEqual(takeWarnings().length, 2)
  })
})

describe("a repository that git warns of", () => {
  const odd = () => {
    const repository = makeRepository("odd")
    for (const step of [1, 2, 3]) {
      repository.write("a.py", pythonModule(step + 3, "a"))
      repository.commit(`step ${step}`)
    }
    writeFileSync(join(repository.path, ".git/objects/info/alternates"), "/nowhere\u001b[31m\n")
    return repository
  }

  it.each([
    ["generate", "--repo"],
    ["generate", "--source", "tree", "--repo"],
    ["lintseq", "--repo"],
    ["lintseq", "--from-history", "--repo"],
    ["vim-loop", "--list-edits", "--repo"]
  ])("is read, and the warning is told once: %s %s %s", async (...args) => {
    const repository = odd()
    const output = args[0] === "vim-loop" ? [] : ["-o", join(repository.path, "../rows.jsonl")]
    const { code, stderr } = await runTask([...args, repository.path, ...output])
    assert.strictEqual(code, 0, stderr)
    const told = stderr.split("\n").filter((line) => line.includes("nowhere"))
    assert.strictEqual(told.length, 1, stderr)
    assert.match(told[0] ?? "", /^Warning: git says: .*nowhere\?\[31m.*alternates.* \(\d+ times\)$/)
    repository.dispose()
  })

  it("is served, and the warning is on standard error", async () => {
    const repository = makeRepository("linked")
    repository.write("a.py", pythonModule(2))
    repository.commit("first")
    // Rules are not read through a link.
    symlinkSync("rules", join(repository.path, ".gitignore"))
    const server = startServer(["--no-watch"])
    const { result } = await server.ask("initialize", { project_root: repository.path })
    assert.strictEqual(result.file_count, 1)
    server.child.stdin.end()
    await server.ended
    assert.match(server.stderr(), /level=WARN .*git says: unable to access '.gitignore': .*links/)
    assert.strictEqual(server.stderr().match(/gitignore/g)?.length, 1)
    repository.dispose()
  })
})

describe("merges in a history", () => {
  it("are counted by lintseq, and so are the steps that hold more than one commit did", async () => {
    const repository = makeRepository("merged")
    repository.write("a.py", pythonModule(4))
    repository.commit("first")
    repository.git("checkout", "-q", "-b", "side")
    repository.write("a.py", `${pythonModule(4)}\nside = 1\n`)
    repository.commit("side")
    repository.git("checkout", "-q", "main")
    repository.write("a.py", `import os\n\n${pythonModule(4)}`)
    repository.commit("main")
    repository.git("merge", "-q", "--no-edit", "side")
    repository.write("a.py", `import os\n\n${pythonModule(4)}\nside = 1\nlast = 2\n`)
    repository.commit("last")
    const output = join(repository.path, "../rows.jsonl")
    const { code, stderr } = await runTask(["lintseq", "--from-history", "--repo", repository.path, "-o", output])
    assert.strictEqual(code, 0, stderr)
    assert.include(stderr, "commits: 4 of 5 (left out: 1 merge)")
    assert.include(stderr, "steps of one commit: 1 of 3 (left out: 2 over a merge or another branch)")
    repository.dispose()
  })
})
