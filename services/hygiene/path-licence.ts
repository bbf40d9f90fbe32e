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

/**
 * Returns the licence of a file, given what its head says and what the licence files are that are nearest to it; undefined
 * stands for one that cannot be named.
 */
export const licenceOfFile = (head: HeadLicence, nearest: ReadonlyArray<string | undefined>): FileLicence => {
  if (head._tag === "licence") return { _tag: "known", all: [head.expression] }
  return head._tag === "unknown" || nearest.length === 0 ? { _tag: "unknown" } : together(nearest)
}

/** Returns the licence of several files together: what is known of all of them. */
export const licenceOfAll = (licences: ReadonlyArray<FileLicence>): FileLicence => {
  const all = new Map<string, LicenceExpression>()
  for (const licence of licences) {
    if (licence._tag === "unknown") return licence
    for (const one of licence.all) all.set(renderLicence(one), one)
  }
  return all.size === 0 ? { _tag: "unknown" } : { _tag: "known", all: [...all].sort(byName).map(([, one]) => one) }
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1)

const together = (names: ReadonlyArray<string | undefined>): FileLicence => {
  const known = [...new Set(names)].sort()
  const all = known.flatMap((name) => name === undefined ? [] : [{ _tag: "licence" as const, name }])
  return all.length === known.length ? { _tag: "known", all } : { _tag: "unknown" }
}

/** Returns how metadata and cards name a licence: SPDX expressions, joined by commas; "" for an unknown one. */
export const licenceName = (licence: FileLicence): string =>
  licence._tag === "unknown" ? "" : licence.all.map(renderLicence).join(", ")
