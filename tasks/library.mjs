/** The package's entry for programs: what tasks/library.ts exports, from where the program lies. */
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { locateProgram } from "./bundle/locate.mjs"

const library = await import(pathToFileURL(join(await locateProgram(), "library.mjs")).href)

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
