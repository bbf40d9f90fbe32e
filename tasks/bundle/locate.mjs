/** Says in which folder the program lies: ready in a package, bundled when stale in a clone. */
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"

const at = (path) => fileURLToPath(new URL(path, import.meta.url))

export const locateProgram = async () => {
  if (!existsSync(at("../main.ts"))) return at("../../dist")
  const { ensureBundle, programEntries } = await import("../bundle.mjs")
  return ensureBundle("program", programEntries)
}
