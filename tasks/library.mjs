/** The package's entry for programs: bundles when stale, then gives what tasks/library.ts exports. */
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { ensureBundle, programEntries } from "./bundle.mjs"

const folder = await ensureBundle("program", programEntries)
const library = await import(pathToFileURL(join(folder, "library.mjs")).href)

export const {
  DatasetBuilder,
  FIMFormat,
  editPaths,
  examples,
  generate,
  generateEffect,
  lintseq,
  openContext,
  openVim,
  vimLoop
} = library
