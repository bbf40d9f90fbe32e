/** `--repos`: what the program makes of a list, and of one that it cannot use. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as NodeContext from "@effect/platform-node/NodeContext"
import { afterAll, assert, beforeAll, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { repositoriesAsked } from "../../../tasks/shared/repository-list.ts"
import { runTask } from "../../support/task.ts"
import { temporaryFolder } from "../../support/repository.ts"

let root = ""
const listOf = (name: string, text: string | Uint8Array) => {
  const path = join(root, name)
  writeFileSync(path, text)
  return path
}
const output = () => join(root, "dataset")

beforeAll(() => {
  root = temporaryFolder()
  mkdirSync(join(root, "lists"))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

it.effect("repositories named by hand come first, and paths of a list are relative to its folder", () =>
  Effect.gen(function*() {
    const list = listOf("lists/some.txt", "../a main\nhttps://host/o/b\n")
    assert.deepStrictEqual(yield* repositoriesAsked(["c", "https://host/o/d"], list), [
      { location: "c", rev: null, isListed: false },
      { location: "https://host/o/d", rev: null, isListed: false },
      { location: join(root, "a"), rev: "main", isListed: true },
      { location: "https://host/o/b", rev: null, isListed: true }
    ])
    assert.deepStrictEqual(yield* repositoriesAsked(["c"], undefined), [{ location: "c", rev: null, isListed: false }])
  }).pipe(Effect.provide(NodeContext.layer)))

it("a list that cannot be used ends the run with one line", async () => {
  const bad = listOf("bad.txt", "# mine\nhttps://ada:secret@host/x main and more\n")
  const twice = listOf("twice.txt", "https://ada:secret@host/o/x\n")
  const cases: ReadonlyArray<readonly [args: ReadonlyArray<string>, code: number, told: RegExp]> = [
    [["--repos", bad], 65, /^Cannot read .*bad\.txt:2: it has 4 words; .*\n$/],
    [["--repos", listOf("empty.txt", "# nobody\n\n")], 65, /^Cannot read .*empty\.txt: it names no repository; .*\n$/],
    [["--repos", listOf("wide.txt", Buffer.from("\ufeffx", "utf16le"))], 65, /^Cannot read .*not UTF-8.*\n$/],
    [["--repos", join(root, "none.txt")], 66, /^Cannot read .*none\.txt": there is no such file\n$/],
    [["--repos", root], 66, /^Cannot read .*\n$/],
    [
      ["--repos", twice, "--repo", "git@host:o/x.git"],
      64,
      /^Cannot read "https:\/\/ada:\*\*\*@host\/o\/x" twice: .*\n$/
    ],
    [["--repos", bad, "--repos", bad], 64, /^Cannot use --repos 2 times: it takes one value\n$/],
    [[], 64, /^Cannot start without a repository: .*\n$/]
  ]
  for (const [args, code, told] of cases) {
    const ended = await runTask(["generate", "--output", output(), ...args])
    assert.strictEqual(ended.code, code, ended.stderr)
    assert.match(ended.stderr, told)
    assert.notInclude(ended.stderr, "secret")
    assert.strictEqual(ended.stdout, "")
  }
})
