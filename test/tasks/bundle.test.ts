import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { spawnSync } from "node:child_process"
import { afterAll, afterEach, assert, beforeEach, describe, it } from "@effect/vitest"
import { ensureBundle } from "../../tasks/bundle.mjs"
import { temporaryFolder } from "../support/repository.ts"

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

const made: Array<string> = []
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true })
  for (const folder of made.slice(0, 1)) rmSync(join(dirname(folder), "probe.json"), { force: true })
})

/** Bundles anew, as after a change of a source. */
const bundle = async () => {
  for (const folder of made.slice(-1)) rmSync(join(dirname(folder), "probe.json"), { force: true })
  const folder = await ensureBundle("probe", { probe: "services/faults/exit-code.ts" })
  made.push(folder)
  return folder
}

it("keeps the bundles that programs run from, and the newest ones; the others go", async () => {
  const ours = await bundle()
  const theirs = await bundle()
  // The mark of a process that has ended.
  const { pid } = spawnSync(process.execPath, ["-e", ""])
  renameSync(join(theirs, `${process.pid}.user`), join(theirs, `${pid}.user`))
  for (let change = 0; change < 5; change++) await bundle()
  assert.isTrue(existsSync(ours))
  assert.isFalse(existsSync(theirs))
  assert.strictEqual(await ensureBundle("probe", { probe: "services/faults/exit-code.ts" }), made.at(-1))
})

/** A clone whose program says where its bundle lies, and what a package that stays outside the bundle gives. */
describe("a clone", () => {
  /** Root may write everywhere, so it launches as a user who may not. */
  const identity = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
  let clone = ""
  let home = ""
  const modules = () => join(clone, "node_modules")
  const write = (path: string, content: string) => {
    mkdirSync(dirname(join(clone, path)), { recursive: true })
    writeFileSync(join(clone, path), content)
  }
  const launch = (cache: string, environment: NodeJS.ProcessEnv = {}) =>
    spawnSync(process.execPath, [join(clone, "tasks", "launch.mjs")], {
      ...identity,
      cwd: clone,
      env: { PATH: process.env["PATH"], HOME: home, XDG_CACHE_HOME: cache, TMPDIR: home, ...environment },
      encoding: "utf8"
    })
  /** Where a user without a home bundles. */
  const ownTemporary = () => join(home, `retrace-of-${"uid" in identity ? identity.uid : process.getuid?.()}`)

  beforeEach(() => {
    clone = temporaryFolder()
    home = temporaryFolder()
    chmodSync(clone, 0o755)
    chmodSync(home, 0o777)
    for (const path of ["bundle", "bundle.mjs", "launch.mjs"]) {
      cpSync(join(root, "tasks", path), join(clone, "tasks", path), { recursive: true })
    }
    // A package that is loaded late is found too, by a script whose code was kept as well as by a new one.
    write(
      "tasks/main.ts",
      "import { name } from \"web-tree-sitter\"\n" +
        "void import(\"web-tree-sitter\").then((late) => console.log(import.meta.url, name, late.name))\n"
    )
    write("tasks/worker.ts", "")
    write("tasks/library.ts", "")
    write("tasks/view/page/app.ts", "")
    const exports = { import: "./index.js", require: "./index.cjs" }
    write("node_modules/web-tree-sitter/package.json", JSON.stringify({ type: "module", exports }))
    write("node_modules/web-tree-sitter/index.js", "export const name = \"from the clone\"\n")
    write("node_modules/web-tree-sitter/index.cjs", "exports.name = \"from the clone\"\n")
    const packages = dirname(realpathSync(join(root, "node_modules", "esbuild")))
    for (const name of ["esbuild", "@esbuild"]) {
      cpSync(join(packages, name), join(modules(), name), { recursive: true, dereference: true })
    }
  })
  afterEach(() => {
    chmodSync(modules(), 0o755)
    for (const folder of [clone, home]) rmSync(folder, { recursive: true, force: true })
  })

  it("bundles into its own folder, and again when a source changed", () => {
    if ("uid" in identity) chmodSync(modules(), 0o777)
    const first = launch(home)
    assert.include(first.stdout, join(modules(), ".cache", "retrace"), first.stderr)
    assert.include(first.stdout, "from the clone from the clone")
    assert.strictEqual(launch(home).stdout, first.stdout)
    write("tasks/main.ts", "console.log(\"changed\")\n")
    assert.strictEqual(launch(home).stdout, "changed\n")
    assert.deepStrictEqual(readdirSync(home), [])
  })

  it("keeps what was compiled of the program beside it, and passes over what is no such code", () => {
    if ("uid" in identity) chmodSync(modules(), 0o777)
    const first = launch(home).stdout
    const files = () =>
      readdirSync(modules(), { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith("-list.code"))
    const [path = ""] = files()
    const whole = readFileSync(join(modules(), path))
    for (const spoilt of ["", "code", whole.subarray(0, whole.length >> 1)]) {
      writeFileSync(join(modules(), path), spoilt)
      assert.strictEqual(launch(home).stdout, first)
    }
    assert.strictEqual(launch(home).stdout, first)
    assert.deepStrictEqual(files(), [path])
    // What V8 compiled by the time it was kept is not the same each time, to the byte.
    assert.isAbove(readFileSync(join(modules(), path)).length, whole.length * 0.8)
  })

  it("keeps what was compiled of a thread that is told its task, and of no other", () => {
    if ("uid" in identity) chmodSync(modules(), 0o777)
    write(
      "tasks/main.ts",
      "import { Worker } from \"node:worker_threads\"\n" +
        "for (const argv of [[\"mine\"], []]) {\n" +
        "  new Worker(new URL(\"./worker.mjs\", import.meta.url), { argv }).on(\"exit\", (code) => console.log(code))\n" +
        "}\n"
    )
    write("tasks/worker.ts", "const twice = (number: number) => 2 * number\nprocess.exit(twice(0))\n")
    const first = launch(home)
    assert.strictEqual(first.stdout, "0\n0\n", first.stderr)
    const files = readdirSync(modules(), { recursive: true, encoding: "utf8" })
      .filter((path) => path.includes("worker-") && path.includes(".code"))
    assert.deepStrictEqual(files.map((path) => /-(\w+)\.code$/.exec(path)?.[1]), ["mine"])
    assert.strictEqual(launch(home).stdout, first.stdout)
  })

  it("bundles into the user's cache folder when it cannot be written", () => {
    chmodSync(modules(), 0o555)
    const first = launch(home)
    assert.include(first.stdout, join(home, "retrace", "bundles"), first.stderr)
    assert.include(first.stdout, "from the clone from the clone")
    assert.strictEqual(launch(home).stdout, first.stdout)
    assert.isFalse(existsSync(join(modules(), ".cache")))
  })

  it("says so when there is nowhere to write", () => {
    chmodSync(modules(), 0o555)
    chmodSync(home, 0o555)
    const { status, stderr } = launch(home)
    assert.strictEqual(status, 73)
    assert.match(stderr, /^Cannot write a bundle of the program to any of ".*", ".*", ".*": set XDG_CACHE_HOME .*\n$/)
  })

  it.each([
    ["is a file", "/dev/null"],
    ["is below a file", "/dev/null/cache"],
    ["cannot be made", "/proc/none/cache"],
    ["is not absolute", "cache"]
  ])("bundles among the user's temporary files when the cache folder %s", (_, cache) => {
    chmodSync(modules(), 0o555)
    // What is no absolute path is none, and then the home counts, which is not there.
    const nowhere = { HOME: join(home, "none", "\n") }
    chmodSync(home, 0o777)
    writeFileSync(join(home, "none"), "")
    const first = launch(cache, nowhere)
    assert.include(first.stdout, join(ownTemporary(), "bundles"), first.stderr)
    assert.include(first.stdout, "from the clone from the clone")
    assert.strictEqual(launch(cache, nowhere).stdout, first.stdout)
    assert.strictEqual(lstatSync(ownTemporary()).mode & 0o777, 0o700)
    assert.isFalse(existsSync(join(clone, "cache")))
  })

  it.each(["is another user's", "may be written by others", "is a link"])(
    "runs nothing from a temporary folder that %s",
    (why) => {
      chmodSync(modules(), 0o555)
      const nowhere = { HOME: "/dev/null" }
      const cache = "/dev/null"
      assert.include(launch(cache, nowhere).stdout, "from the clone")
      const planted = readdirSync(join(ownTemporary(), "bundles"), { recursive: true }).map(String)
        .find((path) => path.endsWith("main.mjs")) ?? ""
      writeFileSync(join(ownTemporary(), "bundles", planted), "console.log(\"planted\")\n")
      assert.include(launch(cache, nowhere).stdout, "planted")
      if (why === "may be written by others") chmodSync(ownTemporary(), 0o777)
      else {
        renameSync(ownTemporary(), join(home, "moved"))
        if (why === "is a link") symlinkSync(join(home, "moved"), ownTemporary())
        else if ("uid" in identity) cpSync(join(home, "moved"), ownTemporary(), { recursive: true })
        else symlinkSync("/", ownTemporary())
        if ("uid" in identity && why !== "is a link") chmodSync(ownTemporary(), 0o755)
      }
      const { status, stdout } = launch(cache, nowhere)
      assert.strictEqual(status, 73)
      assert.strictEqual(stdout, "")
    }
  )

  it("says so when it was installed without what bundles it", () => {
    rmSync(join(modules(), "esbuild"), { recursive: true })
    if ("uid" in identity) chmodSync(modules(), 0o777)
    const { status, stderr } = launch(home)
    assert.strictEqual(status, 69)
    assert.match(stderr, /^Cannot bundle the program: .*"pnpm install"\n$/)
  })
})
