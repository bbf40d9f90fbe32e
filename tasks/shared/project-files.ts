/** The files of a project as they lie on disk now: what people wrote, as text. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import { Git } from "../../services/Git.ts"
import type { SourceFile } from "../../services/Index.ts"
import { languageOfPath } from "../../services/text/language.ts"
import { leaveOut, type Ledger } from "../../services/rows/ledger.ts"
import { isConfigPath, reasonAgainstPath } from "../../services/text/source-file.ts"
import { decodeSource } from "../../services/text/source-text.ts"

/** Files with more bytes are data. */
const largestFile = 1024 * 1024

const isWanted = (path: string): boolean => languageOfPath(path) !== undefined || isConfigPath(path)

/** How many files are read at once. */
const readers = 16

/** Reads one file; undefined when it is gone, or no text, or too large. */
export const readSource = Effect.fnUntraced(function*(root: string, path: string) {
  const fs = yield* FileSystem.FileSystem
  const paths = yield* Path.Path
  const bytes = yield* Effect.option(fs.readFile(paths.join(root, path)))
  if (bytes._tag === "None" || bytes.value.length > largestFile) return undefined
  const decoded = decodeSource(bytes.value)
  return decoded._tag === "text" ? { path, text: decoded.text } : undefined
})

/** What the paths of another folder's files begin with among a project's: its name, never where it lies. */
export const prefixOf = (folder: string): string => `${folder.slice(folder.lastIndexOf("/") + 1)}/`

/** Reads the source files of a folder, their paths under `prefix`; vendored and generated ones only with `withVendored`. */
export const readProject = Effect.fn("shared.readProject")(function*(
  root: string,
  options: { readonly prefix: string; readonly withVendored: boolean },
  ledger: Ledger
) {
  const git = yield* Git
  const listed = yield* git.workingFiles(root)
  const wanted = listed.filter((path) => {
    const reason = !isWanted(path) ? "no known language" : options.withVendored ? undefined : reasonAgainstPath(path)
    if (reason !== undefined) leaveOut(ledger, "files", reason)
    return reason === undefined
  })
  const read = yield* Effect.forEach(wanted, (path) => readSource(root, path), { concurrency: readers })
  const files: Array<SourceFile> = []
  for (const file of read) {
    if (file === undefined) leaveOut(ledger, "files", "unreadable, too large or no text")
    else files.push({ path: options.prefix + file.path, text: file.text })
  }
  return files
})
