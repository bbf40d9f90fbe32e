/** Paths that are left out because somebody says so: by globs as .gitignore has them, from the top of the repository. */
import ignore from "ignore"

/** Returns whether a path is left out. */
export type PathExclusion = (path: string) => boolean

const known = new WeakMap<ReadonlyArray<string>, PathExclusion>()

/**
 * Returns what leaves out the paths of globs; of several that fit a path the last one counts, and "!" takes back. The same
 * list gives the same function.
 *
 * @example
 * excludedPaths(["docs/", "*.gen.ts", "!keep.gen.ts"])("src/a.gen.ts") // true
 */
export const excludedPaths = (globs: ReadonlyArray<string>): PathExclusion => {
  const made = known.get(globs)
  if (made !== undefined) return made
  const rules = ignore({ ignorecase: false, allowRelativePaths: true }).add(globs)
  const exclusion: PathExclusion = globs.length === 0 ? () => false : (path) => rules.ignores(path)
  known.set(globs, exclusion)
  return exclusion
}

/** Returns what is wrong with a glob, or undefined. What .gitignore would take, but can fit no path, is wrong. */
export const faultOfGlob = (glob: string): string | undefined => {
  if (/^!?\/?\s*$/.test(glob)) return "it fits nothing"
  if (glob.startsWith("#")) return "a line of .gitignore that begins with # is a comment; write \\#"
  if (/(?:^|[^\\])(?:\\\\)*\\$/.test(glob)) return "nothing follows its last \\"
  if (/(?:^|[^\\])\{[^{}]*,[^{}]*\}/.test(glob)) return "braces are no pattern of .gitignore; write two globs"
  const plain = glob.replace(/\\./g, "x")
  const rest = plain.replace(/\[[!^]?\]?[^\]]*\]/g, (set) => (isInOrder(set) ? "x" : "["))
  return rest.includes("[") ? "its [ has no ], or a range in it is reversed" : undefined
}

/** Whether the ranges of a set of characters run forwards. */
const isInOrder = (set: string): boolean =>
  [...set.slice(1, -1).matchAll(/([^[\]])-([^[\]])/g)].every(([, from = "", to = ""]) => from <= to)
