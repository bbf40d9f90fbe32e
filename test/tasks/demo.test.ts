import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { execFileSync } from "node:child_process"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { runProgram } from "../support/program.ts"
import { temporaryFolder } from "../support/repository.ts"
import { runTask } from "../support/task.ts"
import { startInTerminal } from "../support/terminal-program.ts"
import { withSandbox } from "../support/with-tools.ts"

let root = ""
const at = (name: string) => join(root, name)
beforeAll(() => {
  root = temporaryFolder()
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

describe("demo", () => {
  withSandbox.it(
    "runs the tasks on a repository of its own, and says where everything lies",
    { timeout: 120_000 },
    async () => {
      const ended = await runProgram(["demo", "-o", at("one"), "--no-view"])
      assert.strictEqual(ended.code, 0, ended.stderr)
      for (
        const file of [
          "kto/train_kto.jsonl",
          "edits.jsonl",
          "hello.cast",
          "vim/transforms.jsonl",
          "vim/report.html",
          "evaluation/evaluate.html"
        ]
      ) {
        assert.isTrue(existsSync(at(`one/${file}`)), file)
      }
      assert.include(ended.stdout, "hello there")
      assert.include(ended.stdout, "prices.py")
      const shown = /rank +(\d+)/.exec(ended.stdout)
      assert.strictEqual(shown?.[1], "1")
      assert.match(ended.stderr, /Round 1: (\d+) of \1 solved/)
    }
  )

  it("leaves a folder alone that has something in it", { timeout: 30_000 }, async () => {
    mkdirSync(at("mine"))
    writeFileSync(at("mine/work.txt"), "dear")
    const ended = await runTask(["demo", "-o", at("mine")])
    assert.strictEqual(ended.code, 73)
    assert.match(ended.stderr, /it is not empty/)
    assert.deepStrictEqual(readdirSync(at("mine")), ["work.txt"])
  })

  withSandbox.it("ends in the viewer, and makes the same once more", { timeout: 120_000 }, async () => {
    const program = startInTerminal(["demo", "-o", at("seen")], { columns: 100, rows: 30 })
    await new Promise<void>((resolve, reject) => {
      const timer = setInterval(() => {
        if (/file 1 of \d+\)/.test(program.sent())) {
          clearInterval(timer)
          resolve()
        }
      }, 100)
      program.ended.then((code) => reject(new Error(`ended with ${code}: ${program.sent().slice(-2000)}`)), reject)
    })
    await program.screenWhen((screen) => screen.join("\n").includes("file 1 of"))
    program.type("q")
    assert.strictEqual(await program.ended, 0)
    const head = (folder: string) =>
      execFileSync("git", ["-C", at(`${folder}/shop`), "rev-parse", "HEAD"], { encoding: "utf8" })
    assert.strictEqual(head("one"), head("seen"))
    assert.deepStrictEqual(readdirSync(at("one")).sort(), readdirSync(at("seen")).sort())
  })
})
