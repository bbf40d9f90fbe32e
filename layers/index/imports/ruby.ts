/** Ruby: require_relative, and require by the end of a path. Constants without either are found by their names. */
import { allOf, directoryOf, type Import, type ImportRules, joinPath } from "./rules.ts"

const scan = (text: string): ReadonlyArray<Import> =>
  [...text.matchAll(/^[ \t]*(require_relative|require|load|autoload\s+:\w+\s*,)\s*(?:\(\s*)?["']([^"'\n]+)["']/gm)]
    .map((match) => ({ module: (match[1] === "require_relative" ? "./" : "") + (match[2] ?? ""), name: null }))

export const ruby: ImportRules = {
  namespaceOf: () => "",
  scan,
  resolve: ({ module }, from, view) => {
    const file = module.endsWith(".rb") ? module : `${module}.rb`
    if (module.startsWith("./")) {
      const path = joinPath(directoryOf(from.path), file)
      const found = path === undefined ? undefined : view.fileAt(path)
      return found === undefined ? [] : allOf([found])
    }
    const ending = view.filesEndingWith(`lib/${file}`)
    const all = ending.length > 0 ? ending : view.filesEndingWith(file)
    return all.length === 1 ? allOf(all) : []
  },
  neighbours: () => []
}
