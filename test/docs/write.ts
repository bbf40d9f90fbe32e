/** The generated parts of the pages: `pnpm format` writes them, and `pnpm check` compares. */
import { join } from "node:path"
import { declarations } from "../../tasks/all-tasks.ts"
import { renderTable } from "../../tasks/shared/asked/table.ts"
import { drawEdit } from "./drawn-edit.ts"
import { root } from "./program.ts"
import { CannotMake, type Part, rewriteRegion } from "./regions.ts"
import { sampleGrowth } from "./sample-growth.ts"
import { sampleOutput } from "./sample-output.ts"
import { sampleSession } from "./sample-session.ts"

const parts: ReadonlyArray<Part> = [
  ...declarations.map((declaration) => ({
    file: `tasks/${declaration.task}/README.md`,
    region: "flags",
    make: () => Promise.resolve(renderTable(declaration))
  })),
  { file: "README.md", region: "output", make: sampleOutput },
  { file: "tasks/lintseq/README.md", region: "growth", make: sampleGrowth },
  { file: "tasks/serve-context/README.md", region: "session", make: sampleSession },
  { file: "test/docs/retrace.svg", region: undefined, make: drawEdit }
]

const isCheck = process.argv.includes("--check")
/** Files that are named on the command line; all of them where none is. */
const wanted = process.argv.slice(2).filter((arg) => !arg.startsWith("--"))
let isStale = false
for (const { file, make, region } of parts) {
  if (wanted.length > 0 && !wanted.includes(file)) continue
  const name = region === undefined ? file : `${file} (${region})`
  try {
    if (rewriteRegion({ file: join(root, file), region, text: await make(), isCheck })) continue
    isStale = true
    process.stdout.write(isCheck ? `${name} is stale: run pnpm format\n` : `wrote ${name}\n`)
  } catch (cause) {
    if (!(cause instanceof CannotMake)) throw cause
    process.stdout.write(`left out ${name}: ${cause.message}\n`)
  }
}
process.exitCode = isCheck && isStale ? 1 : 0
