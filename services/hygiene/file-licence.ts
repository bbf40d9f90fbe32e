/**
 * What the head of a source file says of its licence. What it says there is of the file alone; where it says nothing, or
 * where it sends to another file, that file speaks for it.
 */
import { type LicenceExpression, parseLicence } from "./licence-expression.ts"

/** What a head says: a licence, that there is one which cannot be named, or nothing. */
export type HeadLicence =
  | { readonly _tag: "licence"; readonly expression: LicenceExpression }
  | { readonly _tag: "unknown" }
  | { readonly _tag: "none" }

/** Lines that are looked at. */
const headLines = 20

const identifier = /SPDX-License-Identifier:[ \t]*([^\n]+)/
/** What ends a comment. */
const commentEnd = /\s*(?:\*+\/|-->|\*\)|"""|'''|--\]\]|=cut|#}|%>)?\s*$/

/** Words that speak of a licence. */
const speaks =
  /licen[cs]ed? (?:under|by|is)|@licen[cs]e|\blicen[cs]e:|licensed to|redistributions? (?:and use|of source)|permission (?:is hereby|to use)|public license|under the terms|terms of the|all rights reserved|proprietary|confidential|published by the free software|public domain|commons\b/i
/** Words that send to another file. */
const sends =
  /(?:see|in) (?:the |an? )?(?:accompanying |file |root |top.level )*(?:file )?["'`]?(?:licen[cs]e|copying)\b/i

/** What licences are called in heads, and their SPDX names. */
const phrases: ReadonlyArray<readonly [RegExp, string]> = [
  [/under the apache license,? version 2\.0/i, "Apache-2.0"],
  [/(?:under|terms of) the mit licen[cs]e\b(?! style)/i, "MIT"],
  [/(?:@licen[cs]e|\blicen[cs]e:)\s*mit\b(?! style)/i, "MIT"],
  [/@licen[cs]e https?:\S+ \(mit licen[cs]e\)/i, "MIT"],
  [/terms of the mozilla public license,? v\. ?2\.0/i, "MPL-2.0"],
  [/distributed under the boost software license,? version 1\.0/i, "BSL-1.0"]
]

/** The licences of the Free Software Foundation by what heads call them, and the versions that each has. */
const gnu = /gnu (?:(lesser|library|affero) )?general public license/i
const gnuVersion = /version (\d(?:\.\d)?)/i
const gnuNames: ReadonlyMap<string, string> = new Map([["", "GPL"], ["lesser", "LGPL"], ["affero", "AGPL"]])

/**
 * Returns what the head of a file says.
 *
 * @example
 * headLicenceOf("// SPDX-License-Identifier: MIT\n")._tag // "licence"
 */
export const headLicenceOf = (text: string): HeadLicence => {
  const head = text.split("\n", headLines).join("\n")
  const [, identified] = identifier.exec(head) ?? []
  if (identified !== undefined) return named(identified.replace(commentEnd, ""))
  // A sentence may be broken into lines, each of which begins with the sign of a comment.
  const words = head.replace(/\n[\s*#/;%!'"-]*/g, " ").replace(/\s+/g, " ")
  if (!speaks.test(words)) return { _tag: "none" }
  const names = new Set(phrases.flatMap(([phrase, name]) => phrase.test(words) ? [name] : []))
  const gnuName = gnuNameIn(words)
  if (gnuName !== undefined) names.add(gnuName)
  const [name] = names
  if (names.size === 1 && name !== undefined) return named(name)
  return names.size === 0 && sends.test(words) ? { _tag: "none" } : { _tag: "unknown" }
}

const named = (text: string): HeadLicence => {
  const expression = parseLicence(text)
  return expression === undefined ? { _tag: "unknown" } : { _tag: "licence", expression }
}

const gnuNameIn = (words: string): string | undefined => {
  const [, kind = ""] = gnu.exec(words) ?? [undefined, "none"]
  const family = gnuNames.get(kind.toLowerCase())
  const [, version] = gnuVersion.exec(words) ?? []
  if (family === undefined || version === undefined) return undefined
  const full = version.includes(".") ? version : `${version}.0`
  return `${family}-${full}-${/any later version/i.test(words) ? "or-later" : "only"}`
}
