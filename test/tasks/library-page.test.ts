/** The library's page, tried in a clone: each example is type-checked against the sources and run. */
import { spawnSync } from "node:child_process"
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { makePageRepository, needsVim, pageExamples, runExample } from "../support/library-page.ts"
import type { TestRepository } from "../support/repository.ts"
import { withSandbox } from "../support/with-tools.ts"

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
let repository: TestRepository
let folder = ""

beforeAll(() => {
  repository = makePageRepository()
  folder = join(dirname(repository.path), "program")
  mkdirSync(join(folder, "node_modules"), { recursive: true })
  symlinkSync(root, join(folder, "node_modules", "retrace"))
  symlinkSync(join(root, "node_modules", "effect"), join(folder, "node_modules", "effect"))
})
afterAll(() => {
  repository.dispose()
  rmSync(folder, { recursive: true, force: true })
})

describe("the library's page", () => {
  it("has examples", () => {
    assert.isAtLeast(pageExamples.length, 4)
  })

  it("has examples of the library's types", () => {
    for (const [index, { code }] of pageExamples.entries()) writeFileSync(join(folder, `example-${index}.mts`), code)
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        extends: join(root, "tsconfig.json"),
        compilerOptions: {
          paths: { retrace: [join(root, "tasks", "library.ts")] },
          typeRoots: [join(root, "node_modules", "@types")]
        },
        include: ["*.mts", join(root, "layers", "**", "*.d.ts")]
      })
    )
    const compiler = join(root, "node_modules", "typescript", "bin", "tsc")
    const { stdout } = spawnSync(process.execPath, [compiler, "--project", folder], { encoding: "utf8" })
    assert.strictEqual(stdout, "")
  })

  for (const example of pageExamples) {
    const test = needsVim(example) ? withSandbox.it : it
    test(`runs: ${example.title}`, () => runExample(folder, example))
  }
})
