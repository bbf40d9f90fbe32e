import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { dirname, join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { tools } from "../../tasks/doctor/tools.ts"
import { runProgram } from "../support/program.ts"
import { temporaryFolder } from "../support/repository.ts"
import { runTask } from "../support/task.ts"

let folder = ""
beforeAll(() => {
  folder = temporaryFolder()
  // The sandbox is tried as nobody.
  chmodSync(folder, 0o755)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A folder of programs in which only these are found. */
const only = (name: string, programs: Readonly<Record<string, string>>) => {
  const path = join(folder, name)
  mkdirSync(path)
  symlinkSync(process.execPath, join(path, "node"))
  for (const [program, script] of Object.entries(programs)) {
    writeFileSync(join(path, program), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  }
  return path
}

describe("doctor", () => {
  it("names each tool with its version, and what does not work without those that are missing", async () => {
    const { code, stderr, stdout } = await runProgram(["doctor"], {
      env: { ...process.env, PATH: only("some", { git: "echo git version 9.9" }) }
    })
    assert.strictEqual(code, 0)
    assert.strictEqual(stderr, "")
    assert.include(stdout, `node          ${process.version}\n`)
    assert.include(stdout, "git           git version 9.9\n")
    assert.match(stdout, /^nvim +missing: needed for the Neovim recipe/m)
    assert.match(stdout, /^grammars +\d+ load$/m)
    assert.notInclude(stdout, "endpoint")
  })

  it("tells a tool that does not do its work from one that is not there", async () => {
    const { code, stdout } = await runTask(["doctor"], {
      searchPath: only("broken", {
        git: "echo git version 9.9",
        vim: "echo VIM - Vi IMproved 9.0, tiny version without GUI",
        bwrap: "echo 'bwrap: No permissions to create new namespace' >&2; exit 1"
      })
    })
    assert.strictEqual(code, 0)
    assert.match(stdout, /^vim +does not work \(it lacks \+channel\): needed for keys/m)
    assert.match(stdout, /^bwrap +does not work \(bwrap: No permissions to create new namespace\): needed for/m)
  })

  it("knows every tool that a test needs", () => {
    const folder = dirname(import.meta.dirname)
    const needed = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"))
      .flatMap((file) => [...readFileSync(join(folder, file), "utf8").matchAll(/withTools\(([^)]*)\)/g)])
      .flatMap(([, names = ""]) => [...names.matchAll(/"([^"]+)"/g)].map(([, name]) => name))
    assert.isAbove(new Set(needed).size, 8)
    assert.includeMembers(tools.map(({ name }): string => name), needed)
  })

  it("fails where a tool is missing that every task needs", async () => {
    const { code, stderr, stdout } = await runTask(["doctor"], { searchPath: only("none", {}) })
    assert.strictEqual(code, 69)
    assert.match(stdout, /^git +missing: needed for everything; install git/m)
    assert.strictEqual(stderr, "Cannot do without git: install what is missing\n")
  })

  it("asks a model server when one is named", async () => {
    const server = createServer((request, response) => {
      response.writeHead(request.url === "/v1/models" ? 200 : 404)
      response.end("{}")
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    const address = server.address()
    const port = typeof address === "object" && address !== null ? address.port : 0
    const searchPath = only("asking", { git: "echo git version 9.9" })
    const asked = async (endpoint: string) => (await runTask(["doctor", "--endpoint", endpoint], { searchPath })).stdout
    assert.match(await asked(`http://127.0.0.1:${port}`), /^endpoint +answers$/m)
    assert.match(await asked(`http://127.0.0.1:${port}/other/v1`), /^endpoint +answers 404/m)
    server.close()
    assert.match(await asked("http://127.0.0.1:9/v1"), /^endpoint +missing/m)
  })
})
