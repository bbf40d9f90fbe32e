/** The package, as it is packed, installed into an empty folder by a user with an empty home, and used. */
import { execFile, execFileSync, spawnSync } from "node:child_process"
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { afterAll, assert, beforeAll, it } from "@effect/vitest"
import { makePageRepository, pageExamples, runExample } from "../support/library-page.ts"
import { rowsIn } from "../support/program.ts"
import { temporaryFolder, type TestRepository } from "../support/repository.ts"
import { withTools } from "../support/with-tools.ts"

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const exec = promisify(execFile)

withTools("npm").describe("the package", () => {
  let repository: TestRepository
  let home = ""
  let folder = ""
  let environment: NodeJS.ProcessEnv = {}
  const at = (...path: ReadonlyArray<string>) => join(folder, ...path)
  const installed = (...path: ReadonlyArray<string>) => at("node_modules", "retrace", ...path)
  const retrace = (...args: ReadonlyArray<string>) =>
    spawnSync(at("node_modules", ".bin", "retrace"), args, { cwd: folder, env: environment, encoding: "utf8" })

  beforeAll(async () => {
    repository = makePageRepository()
    home = temporaryFolder()
    folder = join(dirname(repository.path), "program")
    mkdirSync(folder)
    // How this machine reaches the registry is all that the empty home is told.
    const settings = execFileSync("npm", ["config", "get", "userconfig"], { encoding: "utf8" }).trim()
    const reaching = Object.entries(process.env).filter(([name]) => /proxy|^NODE_EXTRA_CA_CERTS$/i.test(name))
    environment = {
      PATH: process.env["PATH"],
      HOME: home,
      npm_config_userconfig: settings,
      ...Object.fromEntries(reaching)
    }
    await exec("npm", ["pack", "--silent", "--pack-destination", home], { cwd: root, env: environment })
    const tarball = readdirSync(home).find((name) => name.endsWith(".tgz")) ?? ""
    await exec("npm", ["install", "--no-audit", "--no-fund", join(home, tarball)], { cwd: folder, env: environment })
  }, 300_000)
  afterAll(() => {
    repository.dispose()
    rmSync(home, { recursive: true, force: true })
  })

  it("holds what is needed and no more", () => {
    const files = readdirSync(installed(), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(installed(), join(entry.parentPath, entry.name)))
    const [inside, outside] = [true, false].map((isInside) =>
      files.filter((file) => file.startsWith("dist/") === isInside)
    )
    assert.sameMembers(outside ?? [], [
      "LICENSE",
      "README.md",
      "package.json",
      "tasks/bundle/locate.mjs",
      "tasks/launch.mjs",
      "tasks/library.mjs"
    ])
    assert.includeMembers(inside ?? [], [
      "dist/LICENSES.txt",
      "dist/grammars/tree-sitter-python.wasm",
      "dist/page/app.js"
    ])
    assert.isFalse((inside ?? []).some((file) => /\.(?:map|ts|user)$/.test(file) && !file.endsWith(".d.ts")))
  })

  it("is installed without a script, with few packages", () => {
    const { packages } = JSON.parse(readFileSync(at("package-lock.json"), "utf8"))
    const names = Object.keys(packages).filter((name) => name !== "")
    assert.deepStrictEqual(names.filter((name) => packages[name].hasInstallScript === true), [])
    assert.isBelow(readdirSync(at("node_modules")).length, 20)
  })

  it("goes by the name of its command", () => {
    assert.include(retrace("--help").stdout, "retrace <TASK> --help")
    assert.include(retrace("generate", "--help").stdout, "Usage: retrace generate")
    assert.notInclude(retrace("--completions", "bash").stdout, "pnpm")
    const { status, stderr } = retrace("generate", "--nonsense")
    assert.strictEqual(status, 64)
    assert.notInclude(stderr, "pnpm")
  })

  it("generates rows and shows them", () => {
    const generated = retrace("generate", "--repo", repository.path, "--output", "rows", "--split", "0.5")
    assert.strictEqual(generated.status, 0, generated.stderr)
    assert.isAbove(rowsIn(readFileSync(at("rows", "train_kto.jsonl"), "utf8")).length, 0)
    const shown = retrace("view", "rows/train_kto.jsonl", "--row", "1")
    assert.strictEqual(shown.status, 0, shown.stderr)
    assert.include(shown.stdout, "src/flask/")
  })

  it("finds its grammars, and the packages that are not inside it", () => {
    assert.match(retrace("doctor").stdout, /^grammars +\d+ load$/m)
    writeFileSync(at("program.py"), "def add(a, b):\n    total = a + b\n    return total\n\n\nprint(add(1, 2))\n")
    writeFileSync(at("program.js"), "function add(a, b) {\n  const total = a + b\n  return total\n}\nadd(1, 2)\n")
    const { status, stderr } = retrace("lintseq", "--directory", ".", "--output", "paths.jsonl")
    assert.strictEqual(status, 0, stderr)
    const languages = rowsIn(readFileSync(at("paths.jsonl"), "utf8")).map(({ language }) => language)
    assert.includeMembers(languages, ["python", "javascript"])
  })

  it.each(["Generate a dataset", "With Effect"])("is imported as on the library's page: %s", async (title) => {
    const example = pageExamples.find((each) => each.title === title)
    assert.isDefined(example)
    if (example !== undefined) await runExample(folder, example)
  })

  it.each([["nodenext", "nodenext"], ["preserve", "bundler"]])(
    "brings its types for module %s",
    (module, resolution) => {
      for (const [index, { code }] of pageExamples.entries()) writeFileSync(at(`example-${index}.mts`), code)
      writeFileSync(
        at("wrong.mts"),
        `import { DatasetBuilder, generate, type GenerateOptions } from "retrace"
const options: GenerateOptions = { repositories: ["../flask"] }
// @ts-expect-error There is no such option.
await generate({ ...options, fromat: "PSM" })
// @ts-expect-error There is no such format.
await new DatasetBuilder("../flask").buildKTODataset({ fimFormat: "nonsense" })
`
      )
      writeFileSync(
        at("tsconfig.json"),
        JSON.stringify({
          compilerOptions: {
            target: "es2023",
            module,
            moduleResolution: resolution,
            strict: true,
            noEmit: true,
            skipLibCheck: false,
            types: ["node"],
            typeRoots: [join(root, "node_modules", "@types")]
          },
          include: ["*.mts"]
        })
      )
      const compiler = join(root, "node_modules", "typescript", "bin", "tsc")
      const { stdout } = spawnSync(process.execPath, [compiler, "--project", folder], { encoding: "utf8" })
      assert.strictEqual(stdout, "")
    }
  )
})
