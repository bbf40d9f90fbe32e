/** Which licence files of a repository speak for a file of it: those of its folder, or else of the nearest above. */
import type { HeadLicence } from "./file-licence.ts"
import { languageOfPath } from "../text/language.ts"
import { type LicenceExpression, renderLicence } from "./licence-expression.ts"

const fileName = /^(?:(?:un)?licen[cs]e|copying|copyright|mit-licen[cs]e)(?:[-_.][\w.+-]*)?$/i

/** Whether a path is that of a file whose text is a licence. */
export const isLicencePath = (path: string): boolean =>
  fileName.test(path.slice(path.lastIndexOf("/") + 1)) && languageOfPath(path) === undefined

/**
 * The licence of a file: an expression that its own head gives, or the names of the licence files that speak for it. Of
 * several files nobody says whether one may choose among them, so that all of them have to be allowed; one that cannot be
 * named makes all unknown.
 */
export type FileLicence =
  | { readonly _tag: "known"; readonly all: ReadonlyArray<LicenceExpression> }
  | { readonly _tag: "unknown" }

/** Returns the licence of a file, given what its head says and what the licence files of its repository are. */
export const licenceOfFile = (
  path: string,
  head: HeadLicence,
  files: ReadonlyMap<string, string | undefined>
): FileLicence => {
  if (head._tag === "licence") return { _tag: "known", all: [head.expression] }
  if (head._tag === "unknown") return { _tag: "unknown" }
  for (let folder = folderOf(path);; folder = folderOf(folder)) {
    const found = [...files].filter(([path]) => folderOf(path) === folder)
    if (found.length > 0) return together(found.map(([, name]) => name))
    if (folder === "") return { _tag: "unknown" }
  }
}

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")))

const together = (names: ReadonlyArray<string | undefined>): FileLicence => {
  const known = [...new Set(names)].sort()
  const all = known.flatMap((name) => name === undefined ? [] : [{ _tag: "licence" as const, name }])
  return all.length === known.length ? { _tag: "known", all } : { _tag: "unknown" }
}

/** Returns how metadata and cards name a licence: SPDX expressions, joined by commas; "" for an unknown one. */
export const licenceName = (licence: FileLicence): string =>
  licence._tag === "unknown" ? "" : licence.all.map(renderLicence).join(", ")
