/** Completes in a real bash; the scripts for zsh and fish are looked at for every name. */
import { spawnSync } from "node:child_process"
import { rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, it } from "@effect/vitest"
import { declarations } from "../../../tasks/all-tasks.ts"
import { renderCompletions } from "../../../tasks/shared/asked/completions.ts"
import { temporaryFolder } from "../../support/repository.ts"
import { withTools } from "../../support/with-tools.ts"

let folder = ""
beforeAll(() => {
  folder = temporaryFolder()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What bash offers behind the words; the last one is being typed. */
const complete = (program: string, words: ReadonlyArray<string>, before = ""): ReadonlyArray<string> => {
  const script = join(folder, `${program.replace(" ", "-")}.bash`)
  writeFileSync(script, renderCompletions("bash", declarations, program))
  const { status, stderr, stdout } = spawnSync("bash", [
    "-c",
    `${before}\nsource "$0"\nCOMP_WORDS=("$@")\nCOMP_CWORD=$(( $# - 1 ))\n_retrace\nprintf '%s\\n' "\${COMPREPLY[@]}"`,
    script,
    ...words
  ], { encoding: "utf8", cwd: folder })
  assert.strictEqual(status, 0, stderr)
  return stdout.split("\n").filter((line) => line !== "")
}

withTools("bash").describe("completions for bash", () => {
  it.each([
    [["retrace", "gen"], ["generate"]],
    [["retrace", "serve-"], ["serve-context", "serve-reward"]],
    [["retrace", "generate", "--base-m"], ["--base-model"]],
    [["retrace", "generate", "--source", ""], ["history", "tree"]],
    [["retrace", "generate", "--trainer", "a"], ["axolotl"]],
    [["retrace", "generate", "--seed", "4"], []],
    [["retrace", "view", "--no-ex"], []],
    [["retrace", "serve-context", "--no-w"], ["--no-watch"]]
  ])("offer behind %j %j", (words, offered) => {
    assert.deepStrictEqual(complete("retrace", words), offered)
  })

  it("complete pnpm task in a clone, and leave to pnpm what is its own", () => {
    assert.deepStrictEqual(complete("pnpm task", ["pnpm", "task", "generate", "--source", "t"]), ["tree"])
    const before = "_own() { COMPREPLY=(from-pnpm); }\ncomplete -F _own pnpm"
    assert.deepStrictEqual(complete("pnpm task", ["pnpm", "ad"], before), ["from-pnpm"])
    assert.deepStrictEqual(complete("pnpm task", ["pnpm", "task", "gen"], before), ["generate"])
  })
})

it.each(["zsh", "fish"] as const)("completions for %s name every task and flag", (shell) => {
  const script = renderCompletions(shell, declarations, "retrace")
  for (const { task } of declarations) assert.include(script, task)
  assert.include(script, "base-model")
  assert.include(script, "no-quality-filter")
})
