/** `node test/docs/run.mjs`: writes the generated parts of the pages; with `--check` it says which ones are stale; files can be named. */
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { ensureBundle } from "../../tasks/bundle.mjs"

const folder = await ensureBundle("docs", { script: "test/docs/write.ts" })
await import(pathToFileURL(join(folder, "script.mjs")).href)
