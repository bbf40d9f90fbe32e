/** Ruff as V8 compiled it once: made when it is worth it, taken when it is whole, and never seen in the rows. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { spawnSync } from "node:child_process"
import { dirname, join } from "node:path"
import { afterAll, assert, beforeAll, describe, inject, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { runProgram } from "../../support/program.ts"
import { pythonProgram } from "../../support/python-programs.ts"
import { temporaryFolder } from "../../support/repository.ts"

let root = ""
const at = (name: string) => join(root, name)
const write = (name: string, seed: number, count: number) =>
  writeFileSync(
    at(name),
    FastCheck.sample(pythonProgram, { numRuns: count, seed })
      .map((response) => `${JSON.stringify({ instruction: "do", response })}\n`).join("")
  )

const draw = async (input: string, cache: string, ...more: ReadonlyArray<string>) => {
  const output = at("out.jsonl")
  const env = { ...process.env, XDG_CACHE_HOME: at(cache) }
  const args = ["lintseq", "-p", at(input), "-o", output, "--overwrite", "-q", ...more]
  const { code, stderr } = await runProgram(args, { env })
  assert.strictEqual(code, 0, stderr)
  return readFileSync(output, "utf8")
}

const codeIn = (cache: string): string | undefined =>
  readdirSync(at(cache), { recursive: true, encoding: "utf8" }).find((path) => path.endsWith(".code"))

const until = async (isTrue: () => boolean) => {
  for (let tries = 0; !isTrue() && tries < 600; tries++) await new Promise((resolve) => setTimeout(resolve, 100))
  assert.isTrue(isTrue())
}

beforeAll(() => {
  root = temporaryFolder()
  for (const cache of ["kept", "none", "few"]) mkdirSync(at(cache))
  write("programs.jsonl", 3, 160)
  write("few.jsonl", 4, 2)
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

describe("ruff, compiled once", { timeout: 120_000 }, () => {
  it("is not kept for a few programs", async () => {
    await draw("few.jsonl", "few")
    assert.deepStrictEqual(readdirSync(at("few")), [])
  })

  it("is kept after many, and gives the same rows, on any number of threads", async () => {
    const first = await draw("programs.jsonl", "kept")
    await until(() => codeIn("kept") !== undefined)
    const { ino, size } = statSync(at(join("kept", codeIn("kept") ?? "")))
    assert.isAbove(size, 1_000_000)
    assert.strictEqual(await draw("programs.jsonl", "kept"), first)
    assert.strictEqual(await draw("programs.jsonl", "kept", "-j", "2"), first)
    // It was taken: nobody made another, and nothing is left of how this one was made.
    const kept = at(dirname(join("kept", codeIn("kept") ?? "")))
    assert.strictEqual(readdirSync(kept).length, 1)
    assert.strictEqual(statSync(at(join("kept", codeIn("kept") ?? ""))).ino, ino)
  })

  it.each([
    ["is cut short", (code: Buffer) => code.subarray(0, code.length >> 1)],
    ["has another byte", (code: Buffer) => Buffer.concat([code.subarray(0, -9), Buffer.from("x"), code.subarray(-8)])],
    ["is empty", () => Buffer.alloc(0)]
  ])("is compiled anew where the file %s", async (_, spoil) => {
    const path = at(join("kept", codeIn("kept") ?? ""))
    const whole = readFileSync(path)
    writeFileSync(path, spoil(whole))
    const rows = await draw("few.jsonl", "kept")
    writeFileSync(path, whole)
    assert.strictEqual(rows, await draw("few.jsonl", "none"))
  })

  it("is not made for another engine, nor where one that is made lies", () => {
    const make = (folder: string) =>
      spawnSync(process.execPath, [join(inject("bundleFolder"), "compile-ruff.mjs"), folder], { encoding: "utf8" })
    assert.strictEqual(make(at("v0-other")).status, 0)
    assert.isFalse(existsSync(at("v0-other")))
    const path = at(join("kept", codeIn("kept") ?? ""))
    const before = statSync(path).mtimeMs
    assert.strictEqual(make(dirname(path)).status, 0)
    assert.strictEqual(statSync(path).mtimeMs, before)
  })
})
