/** The examples of the library's page, each a whole program. */
import { spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { assert } from "@effect/vitest"
import { makeRepository, pythonModule, type TestRepository } from "./repository.ts"

const page = new URL("../../tasks/library/README.md", import.meta.url)

export interface PageExample {
  /** The heading that it stands under. */
  readonly title: string
  readonly code: string
}

export const pageExamples: ReadonlyArray<PageExample> = readFileSync(page, "utf8").split(/^## /m).flatMap((section) =>
  [...section.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = ""], index) => ({
    title: `${/.*/.exec(section)?.[0] ?? ""}${index === 0 ? "" : ` (${index + 1})`}`,
    code
  }))
)

/** The repository that the examples find in "../flask". */
export const makePageRepository = (): TestRepository => {
  const repository = makeRepository("flask")
  for (let step = 0; step < 4; step++) {
    repository.write("src/flask/views.py", pythonModule(3, `views${step}_`))
    const calls = Array.from({ length: step + 1 }, (_, call) => `    yield views.compute_views${step}_0([${call}])\n`)
    repository.write("src/flask/app.py", `from flask import views\n\n\ndef totals():\n${calls.join("")}`)
    repository.commit(`step ${step}`)
  }
  return repository
}

/** Whether an example types into Vim. */
export const needsVim = ({ code }: PageExample): boolean => /\b(?:openVim|vimLoop)\b/.test(code)

/** Runs an example in a folder that has "retrace" among its packages; fails when it does not end well or says nothing. */
export const runExample = async (folder: string, { code }: PageExample): Promise<void> => {
  const child = spawn(process.execPath, ["--input-type=module"], { cwd: folder })
  let [stdout, stderr] = ["", ""]
  child.stdout.on("data", (data) => stdout += data)
  child.stderr.on("data", (data) => stderr += data)
  child.stdin.end(code)
  const ended = await new Promise((resolve) => child.on("close", resolve))
  assert.strictEqual(ended, 0, stderr)
  assert.notStrictEqual(stdout.trim(), "")
}
