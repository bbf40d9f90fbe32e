/** The files of a project as they lie on disk now: what people wrote, as text. */
import * as Effect from "effect/Effect"
import { Git } from "../../services/Git.ts"
import type { SourceFile } from "../../services/Index.ts"
import { languageOfPath } from "../../services/text/language.ts"
import { leaveOut, type Ledger } from "../../services/rows/ledger.ts"
import { isConfigPath, reasonAgainstListed, reasonAgainstPath } from "../../services/text/source-file.ts"
import { decodeSource } from "../../services/text/source-text.ts"

/** Files with more bytes are data. */
const largestFile = 1024 * 1024

const isWanted = (path: string): boolean => languageOfPath(path) !== undefined || isConfigPath(path)

/** How many files are read before their texts are looked at: what is no text is not kept. */
const filesAtOnce = 256

/** Reads one file; undefined when it is gone, lies outside the folder, or is no text, or too large. */
export const readSource = Effect.fnUntraced(function*(root: string, path: string) {
  const git = yield* Git
  const [content = "gone"] = yield* git.workingContents(root, [path], largestFile)
  const decoded = typeof content === "string" ? undefined : decodeSource(content)
  return decoded?._tag === "text" ? { path, text: decoded.text } : undefined
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
    const reason = reasonAgainstListed(path) ?? (isWanted(path) ? undefined : "no known language") ??
      (options.withVendored ? undefined : reasonAgainstPath(path))
    if (reason !== undefined) leaveOut(ledger, "files", reason)
    return reason === undefined
  })
  const files: Array<SourceFile> = []
  for (let from = 0; from < wanted.length; from += filesAtOnce) {
    const paths = wanted.slice(from, from + filesAtOnce)
    for (const [place, content] of (yield* git.workingContents(root, paths, largestFile)).entries()) {
      const decoded = typeof content === "string" ? undefined : decodeSource(content)
      if (decoded?._tag === "text") files.push({ path: options.prefix + (paths[place] ?? ""), text: decoded.text })
      else leaveOut(ledger, "files", typeof content === "string" ? content : "no text")
    }
  }
  return files
})
