/** SPDX expressions, such as "MIT OR Apache-2.0": read, written in one form, and held against the licences that are allowed. */
/// <reference path="./spdx-expression-parse.d.ts" />
import parse from "spdx-expression-parse"

/** A licence by its SPDX name, with "+" and its exception where it has them; or two expressions joined. */
export type LicenceExpression =
  | { readonly _tag: "licence"; readonly name: string }
  | {
    readonly _tag: "and" | "or"
    readonly left: LicenceExpression
    readonly right: LicenceExpression
  }

/** Licences that ask for no more than to keep their notice: works made from such code may have any licence. */
export const permissive: ReadonlyArray<string> = [
  "0BSD",
  "Apache-2.0",
  "Artistic-2.0",
  "BlueOak-1.0.0",
  "BSD-1-Clause",
  "BSD-2-Clause",
  "BSD-2-Clause-Patent",
  "BSD-3-Clause",
  "BSD-3-Clause-Clear",
  "BSL-1.0",
  "CC0-1.0",
  "ISC",
  "MIT",
  "MIT-0",
  "NCSA",
  "PostgreSQL",
  "PSF-2.0",
  "Python-2.0",
  "Unicode-3.0",
  "Unlicense",
  "UPL-1.0",
  "WTFPL",
  "X11",
  "Zlib"
]

/**
 * Returns an expression, or undefined where the text is none or names a licence that SPDX does not know.
 *
 * @example
 * parseLicence("MIT OR Apache-2.0")?._tag // "or"
 */
export const parseLicence = (text: string): LicenceExpression | undefined => {
  try {
    return expressionOf(parse(text.trim()))
  } catch {
    return undefined
  }
}

const expressionOf = (parsed: ReturnType<typeof parse>): LicenceExpression => {
  if ("conjunction" in parsed) {
    return { _tag: parsed.conjunction, left: expressionOf(parsed.left), right: expressionOf(parsed.right) }
  }
  const { exception, license, plus } = parsed
  const plain = `${license}${plus === true ? "+" : ""}`
  return { _tag: "licence", name: exception === undefined ? plain : `${plain} WITH ${exception}` }
}

/** Returns the text of an expression; `parseLicence` reads it. */
export const renderLicence = (expression: LicenceExpression): string => {
  if (expression._tag === "licence") return expression.name
  const sideOf = (side: LicenceExpression) =>
    side._tag === "licence" || side._tag === expression._tag ? renderLicence(side) : `(${renderLicence(side)})`
  return `${sideOf(expression.left)} ${expression._tag === "or" ? "OR" : "AND"} ${sideOf(expression.right)}`
}

/** Whether one may choose licences that are all allowed: one side of each OR, both of each AND. */
export const isAllowed = (expression: LicenceExpression, allowed: ReadonlySet<string>): boolean => {
  switch (expression._tag) {
    case "licence":
      return allowed.has(expression.name)
    case "and":
      return isAllowed(expression.left, allowed) && isAllowed(expression.right, allowed)
    case "or":
      return isAllowed(expression.left, allowed) || isAllowed(expression.right, allowed)
  }
}

/** Returns the licences that an expression names, as SPDX lists them: without "+" and exceptions, each once. */
export const licencesIn = (expression: LicenceExpression): ReadonlyArray<string> =>
  expression._tag === "licence"
    ? [expression.name.replace(/\+?(?: WITH .*)?$/, "")]
    : [...new Set([...licencesIn(expression.left), ...licencesIn(expression.right)])]

/** Returns where SPDX tells of a licence, given its name without "+" and exceptions. */
export const licenceAddress = (name: string): string => `https://spdx.org/licenses/${name}.html`

/**
 * Returns the names that a list asks for, in which "permissive" stands for its names; or the first that SPDX does not
 * know.
 */
export const readAllowed = (
  list: string
): { readonly _tag: "allowed"; readonly names: ReadonlySet<string> } | {
  readonly _tag: "unknown"
  readonly name: string
} => {
  const names = list.split(",").map((name) => name.trim()).filter((name) => name !== "")
  const found = new Set<string>()
  for (const name of names) {
    if (name === "permissive") { for (const one of permissive) found.add(one) }
    else {
      const parsed = parseLicence(name)
      if (parsed?._tag !== "licence") return { _tag: "unknown", name }
      found.add(parsed.name)
      // Where a text alone tells, it does not say whether later versions may be chosen: this one may.
      found.add(parsed.name.replace(/(?<=GPL-[\d.]+)-(?:only|or-later)$/, ""))
    }
  }
  return { _tag: "allowed", names: found }
}
