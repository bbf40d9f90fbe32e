/** The program as a member of a cluster: the bytes of a run of one process, and what it says where it cannot be one. */
import { readdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { piecesFolder } from "../../../support/pieces-folder.ts"
import { makePostgres, type PostgresServer } from "../../../support/postgres.ts"
import { folderContents, runProgram, startProgram } from "../../../support/program.ts"
import { makeRepository, pythonModule, temporaryFolder, type TestRepository } from "../../../support/repository.ts"
import { withTools } from "../../../support/with-tools.ts"

let repositories: ReadonlyArray<TestRepository> = []
let folder = ""

beforeAll(() => {
  folder = temporaryFolder()
  repositories = ["first", "second"].map((name) => {
    const repository = makeRepository(name)
    for (let change = 0; change < 8; change++) {
      repository.write(`src/part_${change % 3}.py`, pythonModule(3 + change, `${name}${change}_`))
      repository.commit(`Change ${change}`)
    }
    return repository
  })
})
afterAll(() => {
  for (const repository of repositories) repository.dispose()
  rmSync(folder, { recursive: true, force: true })
})

const generate = (out: string, ...more: ReadonlyArray<string>) => [
  "generate",
  ...repositories.flatMap(({ path }) => ["--repo", path]),
  "--dataset-type",
  "dpo",
  "-q",
  "-j",
  "1",
  "-o",
  out,
  ...more
]

withTools("postgres").describe("members of a cluster", () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await makePostgres()
    await server.start()
  })
  afterAll(() => server.remove())

  it("write together what one process writes, when one of them is ended on the way", async () => {
    const alone = join(folder, "alone")
    assert.strictEqual((await runProgram(generate(alone))).code, 0)
    const out = join(folder, "together")
    const args = generate(out, "--cluster", server.url, "--part-size", "5")
    const first = startProgram(args)
    await isBegun(() => join(piecesFolder(join(out, ".run")), "try"), "mine.")
    const others = [startProgram(args), startProgram(args)]
    first.child.kill("SIGTERM")
    assert.strictEqual((await first.ended).code, 143)
    for (const { ended } of others) assert.deepInclude(await ended, { code: 0, stderr: "" })
    assert.deepStrictEqual(readdirSync(join(out, ".run")), ["request.json", "sealed"])
    rmSync(join(out, ".run"), { recursive: true })
    assert.deepStrictEqual(folderContents(out), folderContents(alone))
  })
})

describe("a program that cannot be a member of a cluster", () => {
  it("says so in one line, without the password", async () => {
    const url = "postgres://ada:pass-word@127.0.0.1:1/rows"
    const { code, stderr } = await runProgram(generate(join(folder, "nobody"), "--cluster", url))
    assert.strictEqual(code, 69)
    assert.strictEqual(
      stderr,
      "Cannot share the run through \"postgres://ada:***@127.0.0.1:1/rows\": nobody is listening there\n"
    )
  })

  it("refuses what is no address, and does not repeat it", async () => {
    const url = "postgres://ada:pass/word@db/rows"
    const { code, stderr } = await runProgram(generate(join(folder, "wrong"), "--cluster", url))
    assert.strictEqual(code, 64)
    assert.match(stderr, /^Cannot use --cluster …@db\/rows: it takes an address of a PostgreSQL database/)
    assert.notInclude(stderr, "word@")
  })
})

/** Waits until something of a name that begins so is in a folder, which may not be there yet. */
const isBegun = async (insideNow: () => string, beginning: string): Promise<void> => {
  const isThere = () => {
    try {
      return readdirSync(insideNow()).some((name) => name.startsWith(beginning))
    } catch {
      return false
    }
  }
  for (const until = Date.now() + 60_000; !isThere();) {
    if (Date.now() > until) throw new Error(`nothing called ${beginning}… came to be in ${insideNow()}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
