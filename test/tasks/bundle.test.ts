import { existsSync, renameSync, rmSync } from "node:fs"
import { dirname, join } from "node:path"
import { spawnSync } from "node:child_process"
import { afterAll, assert, it } from "@effect/vitest"
import { ensureBundle } from "../../tasks/bundle.mjs"

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
