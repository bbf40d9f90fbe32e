/** Which files a run looks at: it depends on their paths, their languages, and whether they are tested. */
import { extensionOf, type Language, languageOfExtension, languageOfPath } from "../text/language.ts"
import { reasonAgainstListed, reasonAgainstPath } from "../text/source-file.ts"
import { excludedPaths } from "../hygiene/excluded-paths.ts"
import type { SelectionSettings } from "./settings.ts"

/** Why a path that somebody excluded is left out. */
export const pathExcluded = "path excluded"

/** Whether a file is looked at, and as what, or why not. */
export type Selected =
  | { readonly _tag: "selected"; readonly language: Language }
  | { readonly _tag: "refused"; readonly reason: string }

/**
 * Returns whether a path is looked at, and as what. `tested` holds the stems of test files; null takes untested files
 * too.
 */
export const selectPath = (
  path: string,
  settings: SelectionSettings,
  tested: ReadonlySet<string> | null
): Selected => {
  const refused = (reason: string): Selected => ({ _tag: "refused", reason })
  const unusual = reasonAgainstListed(path)
  if (unusual !== undefined) return refused(unusual)
  if (settings.excludedPaths !== undefined && excludedPaths(settings.excludedPaths)(path)) return refused(pathExcluded)
  const extension = extensionOf(path)
  if (settings.extensions !== null && !settings.extensions.includes(extension)) {
    return refused("extension not asked for")
  }
  const language = languageOfPath(path) ?? (settings.extensions === null ? undefined : languageOfExtension(extension))
  if (language === undefined) return refused("no known language")
  if (settings.languages !== null && !settings.languages.includes(language.name)) {
    return refused("language not asked for")
  }
  const reason = settings.qualityFilter ? reasonAgainstPath(path) : undefined
  if (reason !== undefined) return refused(reason)
  if (tested !== null && !tested.has(stemOf(path))) return refused("no test file")
  return { _tag: "selected", language }
}

/** The name of a test file around the name of what it tests, as the test runners of the languages know it. */
const testName = /^(?:test[_-]?(?<after>.+)|(?<before>.+?)(?:[._-]?(?:tests?|spec|specs)))$/i

const stemOf = (path: string): string => {
  const name = path.slice(path.lastIndexOf("/") + 1)
  const dot = name.indexOf(".", 1)
  return (dot === -1 ? name : name.slice(0, dot)).toLowerCase()
}

/** Returns the stems that test files are named after: "test_foo.py", "FooTest.php" and "foo.spec.ts" all give "foo". */
export const testedStems = (paths: Iterable<string>): ReadonlySet<string> => {
  const stems = new Set<string>()
  for (const path of paths) {
    const name = path.slice(path.lastIndexOf("/") + 1)
    const dot = name.lastIndexOf(".")
    const match = testName.exec(dot <= 0 ? name : name.slice(0, dot))
    const stem = match?.groups?.["after"] ?? match?.groups?.["before"]
    if (stem !== undefined && stem !== "") stems.add(stem.toLowerCase())
  }
  return stems
}
