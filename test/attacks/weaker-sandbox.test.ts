/** Where bubblewrap is missing, broken or slow: keys that others chose are not typed in a Vim that nothing confines. */
import { chmodSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, describe, it } from "vitest"
import { findProgram } from "../../layers/sandbox/vim-program.ts"
import { startProgram } from "../support/program.ts"
import { runTask } from "../support/task.ts"
import { withTools } from "../support/with-tools.ts"

const folder = mkdtempSync(join(tmpdir(), "retrace-weaker-"))
chmodSync(folder, 0o755)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const host = process.env["PATH"] ?? ""

/** A PATH with a Vim, and with a bubblewrap that does what a script says; without one when there is none. */
const pathWith = (script?: string): string => {
  const programs = mkdtempSync(join(folder, "bin-"))
  chmodSync(programs, 0o755)
  symlinkSync(findProgram("vim", host) ?? "", join(programs, "vim"))
  if (script !== undefined) {
    writeFileSync(join(programs, "bwrap"), `#!/bin/sh\n${script}\n`)
    chmodSync(join(programs, "bwrap"), 0o755)
  }
  return programs
}

const write = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const batch = write("batch.jsonl", "{\"source\": \"ab\", \"keys\": \"x\"}\n")
const pairs = write("pairs.jsonl", "{\"source\": \"ab\\n\", \"target\": \"b\\n\", \"keys\": \"x\"}\n")

/** Tasks that type keys which somebody else chose. */
const foreign: Readonly<Record<string, ReadonlyArray<string>>> = {
  "keys of a file": ["keys", "--batch", batch],
  "answers that are replayed": [
    "vim-loop",
    "--pairs",
    pairs,
    "--predictor",
    "replay",
    "-o",
    join(folder, "loop"),
    "-q"
  ],
  "keys that are found for a target": ["keys", "--text", "ab\n", "--target-text", "b\n"],
  "keys that are found for edits": ["vim-loop", "--pairs", pairs, "-o", join(folder, "found"), "-q"],
  "completions": ["serve-reward", "--port", "0"]
}
const own = ["keys", "--text", "ab", "--keys", "x"]

const broken: Readonly<Record<string, string>> = {
  "refuses": "echo 'bwrap: setting up uid map: Permission denied' >&2; exit 1",
  "dies": "kill -9 $$",
  "ends without a word": "exit 0"
}

withTools("vim", "node-pty").describe("without a bubblewrap that works", () => {
  describe.each(Object.entries(foreign))("%s", (_, args) => {
    it("are not typed where it is not installed", async () => {
      const { code, stderr, stdout } = await runTask(args, { searchPath: pathWith() })
      assert.deepStrictEqual([code, stdout], [69, ""], stderr)
      assert.strictEqual(stderr.trim().split("\n").length, 1, stderr)
      assert.include(stderr, "bubblewrap is not installed")
    })

    it.each(Object.entries(broken))("are not typed where it %s", async (_, script) => {
      const { code, stderr, stdout } = await runTask(args, { searchPath: pathWith(script) })
      assert.deepStrictEqual([code, stdout], [69, ""], stderr)
      assert.include(stderr, "bubblewrap does not start")
    }, 30_000)
  })

  it("are not typed where it takes too long to start", async () => {
    const slow = pathWith("exec /bin/sleep 60")
    const { code, stderr } = await runTask(["serve-reward", "--port", "0"], { searchPath: slow })
    assert.strictEqual(code, 69)
    assert.include(stderr, "it did not start in 10 s")
  }, 30_000)

  it("are typed for the user, once it is said that it is not installed", async () => {
    const { code, stderr, stdout } = await runTask(own, { searchPath: pathWith() })
    assert.deepStrictEqual([code, stdout], [0, "b"], stderr)
    assert.strictEqual(stderr.trim().split("\n").length, 1)
    assert.include(stderr, "bubblewrap is not installed")
  })

  it("are not typed for the user either where it is there and does not work", async () => {
    const { code, stderr, stdout } = await runTask(own, { searchPath: pathWith(broken["refuses"]) })
    assert.deepStrictEqual([code, stdout], [69, ""])
    assert.include(stderr, "Permission denied")
  })

  it("are typed where the user asks for the restricted mode, but never for serve-reward", async () => {
    const asked = ["--sandbox", "pty"]
    const typed = await runTask(["keys", "--batch", batch, ...asked], { searchPath: pathWith() })
    assert.deepStrictEqual([typed.code, typed.stderr], [0, ""])
    const refused = await runTask(["serve-reward", "--port", "0", ...asked], { searchPath: pathWith() })
    assert.strictEqual(refused.code, 64)
    assert.include(refused.stderr, "bubblewrap")
  })

  const written = join(folder, "written")
  const command = `X\u001b:w! ${written}\rY`
  const words = ["alpha", "beta", "gamma", "delta"]
  const linesOf = (render: (word: string) => string) => words.map((word) => `${render(word)}\n`).join("")
  it.each<readonly [string, string, string]>([
    ["behind all lines", linesOf((word) => word), linesOf((word) => word + command)],
    ["before all lines", linesOf((word) => word), linesOf((word) => command + word)],
    ["within all lines", linesOf((word) => `${word} ${word}`), linesOf((word) => `${word}${command} ${word}`)],
    ["in place of a word", linesOf((word) => `${word} one`), linesOf((word) => `${word} ${command}`)],
    ["in place of a part of a word", linesOf((word) => `${word}.one`), linesOf((word) => `${word}.${command}ne`)],
    ["as lines", "a\nb\n", `a\n:w! ${written}\n${command}\nb\n`],
    ["where nothing can be changed", "a\nvim: set noma:\n", `a\n:w! ${written}\n:w! ${written}\nvim: set noma:\n`]
  ])("are typed as a text where a target has commands %s", async (_, source, target) => {
    rmSync(written, { force: true })
    const [from, to] = [write("source", source), write("target", target)]
    await runTask(["keys", "--source", from, "--target", to, "--sandbox", "pty"], { searchPath: pathWith() })
    assert.isFalse(existsSync(written))
  }, 60_000)

  it("are not typed on a page in the restricted mode", async () => {
    const rows = write(
      "rows.jsonl",
      "{\"source\": \"ab\\n\", \"target\": \"b\\n\", \"transform\": \"x\", \"keys\": \"x\"}\n"
    )
    const { child, ended } = startProgram(["view", rows, "--web", "--port", "0", "--sandbox", "pty"])
    const url = await new Promise<string>((resolve) => {
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        const [found] = /http:\S+/.exec(text) ?? []
        if (found !== undefined) resolve(found)
      })
    })
    const answer = await fetch(new URL("/api/recording", url), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ file: 0, row: 0 })
    })
    child.kill("SIGTERM")
    await ended
    assert.strictEqual(answer.status, 403)
  })
})

withTools("vim", "bwrap", "node-pty").describe("without a folder for temporary files", () => {
  const calls = [
    ["keys", "--batch", batch],
    ["keys", "--batch", batch, "--sandbox", "pty"],
    ["record", "--keys", "x"],
    ["record", "--keys", "x", "--sandbox", "pty"]
  ]
  const places = ["/nowhere/at/all", "/dev/null", "/proc/1/fd"]
  const cases = places.flatMap((place) =>
    calls.map((args) => [place, args.join(" ").replace(batch, "FILE"), args] as const)
  )

  it.each(cases)("in %s, nothing is typed, and one line says so: %s", async (place, _, args) => {
    const before = process.env["TMPDIR"]
    process.env["TMPDIR"] = place
    const { code, stderr, stdout } = await runTask(args).finally(() => {
      if (before === undefined) delete process.env["TMPDIR"]
      else process.env["TMPDIR"] = before
    })
    assert.deepStrictEqual([code, stdout], [69, ""], stderr)
    assert.include(stderr, place)
    assert.strictEqual(stderr.trim().split("\n").length, 1, stderr)
  })
})
