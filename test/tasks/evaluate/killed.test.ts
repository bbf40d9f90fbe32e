/** Runs that are killed at the moment when a question comes, again and again, until one may end. */
import { readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import { gapRows, writeLines } from "../../support/evaluated.ts"
import { llamaCpp } from "../../support/model-protocols.ts"
import { type Mishap, startModelServer } from "../../support/model-server.ts"
import { runProgram, startProgram } from "../../support/program.ts"
import { temporaryFolder } from "../../support/repository.ts"

const kills = 20
const rows = gapRows(100)

it("killed at twenty moments, evaluate asks no row again that was answered, and gives the same table", async () => {
  const root = temporaryFolder()
  let mishap: () => Mishap | undefined = () => undefined
  const server = await startModelServer(
    llamaCpp({
      window: 4000,
      says: (prompt) => (prompt.length % 2 === 0 ? `x + ${Number(/def f_(\d+)/.exec(prompt)?.[1])}` : "wrong")
    }),
    () => mishap()
  )
  try {
    writeLines(join(root, "rows.jsonl"), rows)
    const call = [
      "evaluate",
      join(root, "rows.jsonl"),
      "--model",
      `llama.cpp=${server.endpoint}`,
      "--against",
      "baseline:similar-line",
      "--requests",
      "1"
    ]
    const tableIn = (folder: string) => {
      const { models, ...table } = JSON.parse(readFileSync(join(root, folder, "results.json"), "utf8"))
      // What an answer took is measured, and never twice the same.
      return { ...table, models: models.map((model: any) => ({ ...model, first: null, total: null })) }
    }
    const calm = await runProgram([...call, "-o", join(root, "calm")])
    assert.strictEqual(calm.code, 0, calm.stderr)
    for (let kill = 0; kill < kills; kill++) {
      // A question is left without an answer, and the run that asks it ends there.
      let left = 1 + kill % 4
      const asked = new Promise<void>((resolve) => {
        mishap = () => {
          left--
          if (left > 0) return undefined
          resolve()
          return { _tag: "silence", frames: 0 }
        }
      })
      const run = startProgram([...call, "-o", join(root, "killed")])
      await asked
      run.child.kill("SIGKILL")
      await run.ended
    }
    mishap = () => undefined
    const last = await runProgram([...call, "-o", join(root, "killed")])
    assert.strictEqual(last.code, 0, last.stderr)
    assert.deepStrictEqual(tableIn("killed"), tableIn("calm"))
    assert.strictEqual(server.questions().length, 2 * rows.length + kills)
  } finally {
    await server.close()
    rmSync(root, { recursive: true, force: true })
  }
}, 240_000)
