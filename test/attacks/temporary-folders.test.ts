/** Whatever TMPDIR names: Vim is typed into where that can be done, and else there is one line that says what to do. */
import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, it } from "@effect/vitest"
import { runProgram } from "../support/program.ts"
import { temporaryFolder } from "../support/repository.ts"
import { withSandbox } from "../support/with-tools.ts"

let root = ""
beforeAll(() => {
  root = temporaryFolder()
  chmodSync(root, 0o755)
  writeFileSync(join(root, "pairs.jsonl"), `${JSON.stringify({ source: "ab\n", target: "b\n" })}\n`)
  writeFileSync(join(root, "file"), "")
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const calls = [
  ["keys", "--text", "ab", "--keys", "x"],
  ["keys", "--text", "ab", "--keys", "x", "--sandbox", "pty"],
  ["keys", "--text", "ab", "--target-text", "b"],
  ["record", "--keys", "x"],
  ["vim-loop", "--pairs", "pairs.jsonl", "-q", "--overwrite", "-o", "rows"]
]

const run = (args: ReadonlyArray<string>, TMPDIR: string) =>
  runProgram(args, { cwd: root, env: { ...process.env, TMPDIR } })

withSandbox.describe("a TMPDIR", () => {
  it.each([
    ["that is not there", "nowhere/x", "there is no such file or folder"],
    ["that is a file", "file", "a part of the path is a file"],
    ["with a name that is too long", "x".repeat(300), "the name is too long"]
  ])("%s is told in one line", { timeout: 60_000 }, async (_, name, why) => {
    const all = [...calls, ["serve-reward", "--port", "0"]]
    for (const args of name === "file" ? all : calls.slice(0, 2)) {
      const { code, stderr, stdout } = await run(args, join(root, name))
      const told = `Cannot type into Vim: no folder for it can be made in ${join(root, name)}: ${why}; `
      const advice = "set TMPDIR to a folder that can be written to\n"
      assert.deepStrictEqual([code, stdout, stderr], [69, "", told + advice], args.join(" "))
    }
  })

  it("that only its owner may enter is used by him; root, whose Vim runs as another user, is told", {
    timeout: 60_000
  }, async () => {
    const locked = join(root, "locked")
    mkdirSync(join(locked, "inside"), { recursive: true, mode: 0o700 })
    for (const args of [calls[0] ?? [], calls[3] ?? []]) {
      const { code, stderr } = await run(args, join(locked, "inside"))
      const told = /^Cannot type into Vim: it runs as another user than root, who cannot enter \S+; set .*\n$/
      if (process.getuid?.() === 0) assert.match(stderr, told)
      assert.strictEqual(code, process.getuid?.() === 0 ? 69 : 0, stderr)
    }
    assert.deepStrictEqual(readdirSync(join(locked, "inside")), [])
  })

  it.each([
    ["with spaces, quotes and letters of others", "a folder, \"it's\" żółw 日本"],
    ["that is relative", "relative"],
    ["longer than the address of a socket", `${"x".repeat(200)}/${"y".repeat(200)}`]
  ])("%s is used, and left empty", { timeout: 60_000 }, async (_, name) => {
    const folder = join(root, name)
    mkdirSync(folder, { recursive: true })
    for (const args of name === "relative" ? calls : [...calls.slice(0, 1), ...calls.slice(3, 4)]) {
      const { code, stderr } = await run(args, name === "relative" ? name : folder)
      assert.deepStrictEqual([code, stderr], [0, ""], args.join(" "))
    }
    assert.deepStrictEqual(readdirSync(folder), [])
  })
})
