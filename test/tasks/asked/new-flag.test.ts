/** Adds a flag to a copy of the project, in one place, and looks for it wherever a user may meet it. */
import { execFileSync, spawnSync } from "node:child_process"
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { temporaryFolder } from "../../support/repository.ts"

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))))
let copy = ""

const question = `    sparkle: {
      kind: whole({ from: 1 }),
      heading: "Rows",
      help: "How much a row sparkles",
      default: 3
    },
    source: {`

beforeAll(() => {
  copy = temporaryFolder()
  for (const name of ["services", "layers", "tasks", "test", "package.json", "tsconfig.json", "pnpm-lock.yaml"]) {
    cpSync(join(root, name), join(copy, name), { recursive: true })
  }
  // Packages are shared, but not the cache beside them, which holds the bundle.
  mkdirSync(join(copy, "node_modules"))
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (name !== ".cache") symlinkSync(join(root, "node_modules", name), join(copy, "node_modules", name))
  }
  const asked = join(copy, "tasks", "generate", "asked.ts")
  const text = readFileSync(asked, "utf8")
  assert.include(text, "    source: {")
  writeFileSync(asked, text.replace("    source: {", question))
})
afterAll(() => rmSync(copy, { recursive: true, force: true }))

const run = (...args: ReadonlyArray<string>) =>
  execFileSync(process.execPath, [join(copy, "tasks", "launch.mjs"), ...args], { encoding: "utf8" })

describe("a flag that is added to asked.ts", () => {
  it("stands in the help and in the completions of every shell", () => {
    assert.match(run("generate", "--help"), /--sparkle <N> +How much a row sparkles \[default: 3\]/)
    for (const shell of ["bash", "zsh", "fish"]) assert.include(run("--completions", shell), "sparkle")
  })

  it("is checked", () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(copy, "tasks", "launch.mjs"), "generate", ".", "--sparkle", "0"],
      { encoding: "utf8" }
    )
    assert.strictEqual(status, 64)
    assert.strictEqual(stderr, "Cannot use --sparkle 0: it takes a whole number of at least 1\n")
  })

  it("stands in the table of the task's README", () => {
    const page = join(copy, "tasks", "generate", "README.md")
    execFileSync(process.execPath, ["test/docs/run.mjs", "tasks/generate/README.md"], { cwd: copy })
    assert.include(
      readFileSync(page, "utf8"),
      "| `--sparkle <N>` | How much a row sparkles. | `3` | `sparkle` |"
    )
  })

  it("is an option of the library, with its type", () => {
    writeFileSync(
      join(copy, "tasks", "probe.ts"),
      `import type { GenerateOptions } from "./library.ts"
export const right: GenerateOptions = { repositories: ["."], sparkle: 3 }
// @ts-expect-error a text is no number
export const wrong: GenerateOptions = { repositories: ["."], sparkle: "much" }
`
    )
    writeFileSync(
      join(copy, "tsconfig.probe.json"),
      JSON.stringify({ extends: "./tsconfig.json", include: ["tasks/probe.ts"], exclude: [] })
    )
    const { status, stdout } = spawnSync(join(root, "node_modules", ".bin", "tsc"), ["-p", "tsconfig.probe.json"], {
      cwd: copy,
      encoding: "utf8"
    })
    assert.strictEqual(status, 0, stdout)
  })
})
