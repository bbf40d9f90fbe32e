/** What `npm pack` runs first: fills dist/ with all that an installed program needs beside its packages. */
import { copyFileSync, mkdirSync, rmSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { ensureBundle, programEntries } from "../bundle.mjs"
import { buildInto, buildPageInto, buildProgramInto, nativePackages } from "./build.mjs"
import { writeDeclarations } from "./declarations.mjs"
import { writeLicences } from "./licences.mjs"

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const dist = join(root, "dist")

/** Copies each grammar beside the bundle: their packages compile themselves when they are installed. */
const copyGrammars = async () => {
  const folder = await ensureBundle("grammars", { grammars: "layers/parser/grammars.ts" })
  const { grammarFile, grammarLanguages } = await import(pathToFileURL(join(folder, "grammars.mjs")).href)
  const files = grammarLanguages.map(grammarFile)
  mkdirSync(join(dist, "grammars"))
  for (const file of files) copyFileSync(file, join(dist, "grammars", basename(file)))
  return files
}

rmSync(dist, { recursive: true, force: true })
const { library, main, worker, ...modules } = programEntries
const define = { packagedName: JSON.stringify("retrace") }
const inputs = [
  ...await buildProgramInto(dist, { main, worker }, { define, external: nativePackages }),
  ...await buildInto(dist, modules, { define, external: nativePackages }),
  // The caller's Effects and ours must be made by one copy of Effect; the program starts faster with its own.
  ...await buildInto(dist, { library }, { define, external: [...nativePackages, "effect/*"] }),
  ...await buildPageInto(dist),
  ...await copyGrammars()
]
writeLicences(join(dist, "LICENSES.txt"), inputs)
writeDeclarations(join(dist, "types"), "tasks/library.ts", ["effect"])
