/** A cache folder that cannot be written is told in one line, and the server goes on without it. */
import { spawn } from "node:child_process"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import { inject } from "vitest"
import { makeRepository, pythonModule } from "../../support/repository.ts"
import { eventually } from "../../support/server.ts"

it.each(["/dev/null", "/dev/null/cache"])("an index that cannot be kept in %s", async (cache) => {
  const repository = makeRepository("project")
  repository.write("a.py", pythonModule(2))
  repository.commit("first")
  const child = spawn(process.execPath, [join(inject("bundleFolder"), "main.mjs"), "serve-context", "--no-watch"], {
    env: { ...process.env, XDG_CACHE_HOME: cache }
  })
  const said = { stdout: "", stderr: "" }
  child.stdout.on("data", (text) => said.stdout += text)
  child.stderr.on("data", (text) => said.stderr += text)
  const ended = new Promise((resolve) => child.on("close", resolve))
  const request = { jsonrpc: "2.0", id: 1, method: "initialize", params: { project_root: repository.path } }
  child.stdin.write(`${JSON.stringify(request)}\n`)
  await eventually(() => said.stdout.includes("\"file_count\":1"), "an answer")
  await eventually(() => said.stderr.includes("\n"), "a line")
  child.stdin.end()
  assert.strictEqual(await ended, 0)
  assert.match(
    said.stderr,
    /^[^\n]*cannot keep the index for the next start: [^\n]*; set XDG_CACHE_HOME, or pass --no-cache"\n$/
  )
  repository.dispose()
})
