/** `pnpm bench <name> [arguments]`: bundles a script of this folder and runs it. */
import { existsSync, readdirSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { ensureBundle, programEntries } from "../../tasks/bundle.mjs"

const here = dirname(fileURLToPath(import.meta.url))
const [name] = process.argv.splice(2, 1)
if (name === undefined || !existsSync(join(here, `${name}.ts`))) {
  const names = readdirSync(here).filter((file) => file.endsWith(".ts")).map((file) => file.slice(0, -3))
  process.stderr.write(`Cannot run "${name ?? ""}": pass one of ${names.join(", ")}\n`)
  process.exit(64)
}
const folder = await ensureBundle(`bench-${name}`, { ...programEntries, script: `test/bench/${name}.ts` })
await import(pathToFileURL(join(folder, "script.mjs")).href)
