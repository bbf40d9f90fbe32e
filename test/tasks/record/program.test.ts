import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import { afterAll } from "vitest"
import { runProgram } from "../../support/program.ts"
import { runTask } from "../../support/task.ts"
import { withSandbox } from "../../support/with-tools.ts"

const folder = mkdtempSync(join(tmpdir(), "retrace-record-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

withSandbox.describe("record", () => {
  it("writes a recording, the same on standard output", async () => {
    const file = join(folder, "hello.cast")
    const keys = ["--keys", "iHello, Vim!<Esc>"]
    const [written, printed] = await Promise.all([
      runTask(["record", ...keys, "--output", file]),
      runTask(["record", ...keys])
    ])
    assert.deepStrictEqual([written.code, written.stdout, written.stderr], [0, "", ""])
    assert.strictEqual(printed.stdout, readFileSync(file, "utf8"))
    const [header = "", ...events] = printed.stdout.trim().split("\n")
    assert.deepInclude(JSON.parse(header), { version: 2, width: 80, height: 24, title: "iHello, Vim!<Esc>" })
    assert.strictEqual(JSON.parse(events.at(-1) ?? "[]")[0], 13 * 0.12 + 1)
  })

  it("replaces a file only when it is told to, and leaves none behind that is not whole", async () => {
    const file = join(folder, "mine.cast")
    writeFileSync(file, "mine")
    const refused = await runTask(["record", "--keys", "x", "-o", file])
    assert.strictEqual(refused.code, 73)
    assert.include(refused.stderr, "--overwrite")
    assert.strictEqual(readFileSync(file, "utf8"), "mine")
    const replaced = await runTask(["record", "--keys", "x", "-o", file, "--overwrite", "--cast-version", "3"])
    assert.strictEqual(replaced.code, 0)
    assert.include(readFileSync(file, "utf8"), "\"version\":3")
    assert.deepStrictEqual(readdirSync(folder).filter((name) => name.endsWith(".part")), [])
  })

  it("calls the renderer, and says which one is missing", async () => {
    const bin = mkdtempSync(join(folder, "bin-"))
    writeFileSync(join(bin, "agg"), "#!/bin/sh\ncat \"$1\" > \"$2\"\n")
    chmodSync(join(bin, "agg"), 0o755)
    const env = { PATH: `${bin}:${process.env["PATH"]}` }
    const [cast, gif, svg] = ["a.cast", "a.gif", "a.svg"].map((name) => join(folder, name))
    const rendered = await runProgram(["record", "--keys", "x", "-o", cast ?? "", "--gif", gif ?? ""], { env })
    assert.strictEqual(rendered.code, 0, rendered.stderr)
    assert.strictEqual(readFileSync(gif ?? "", "utf8"), readFileSync(cast ?? "", "utf8"))
    const missing = await runProgram(["record", "--keys", "x", "-o", join(folder, "b.cast"), "--svg", svg ?? ""], {
      env
    })
    assert.strictEqual(missing.code, 69)
    assert.include(missing.stderr, "svg-term")
    assert.isTrue(existsSync(join(folder, "b.cast")))
  })

  it.each([
    ["no time", ["--interval", "soon"], 64, "--interval"],
    ["a terminal of one column", ["--columns", "1"], 64, "--columns"],
    ["a picture of nothing", ["--gif", "x.gif"], 64, "--output"],
    ["a folder that is not there", ["--output", "/nowhere/a.cast"], 73, "/nowhere/a.cast"]
  ])("says in one line what is wrong with %s", async (_, args, expected, hint) => {
    const { code, stderr, stdout } = await runTask(["record", "--keys", "x", ...args])
    assert.strictEqual(code, expected, stderr)
    assert.strictEqual(stdout, "")
    assert.strictEqual(stderr.trim().split("\n").length, 1)
    assert.include(stderr, hint)
  })
})
