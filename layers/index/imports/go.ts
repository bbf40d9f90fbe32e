/** Go: an import names a directory, and the files of one directory share their names. */
import { allOf, directoryOf, type Import, type ImportRules } from "./rules.ts"

const scan = (text: string): ReadonlyArray<Import> => {
  const imports: Array<Import> = []
  for (const match of text.matchAll(/^import\s+(?:[\w.]+\s+)?"([^"\n]+)"/gm)) {
    imports.push({ module: match[1] ?? "", name: null })
  }
  for (const block of text.matchAll(/^import\s*\(([^)]{0,10000})\)/gm)) {
    for (const match of (block[1] ?? "").matchAll(/"([^"\n]+)"/g)) imports.push({ module: match[1] ?? "", name: null })
  }
  return imports
}

const isTest = (path: string): boolean => path.endsWith("_test.go")

export const go: ImportRules = {
  namespaceOf: (_, path) => directoryOf(path),
  scan,
  resolve: ({ module }, from, view) => {
    const files = (directory: string) =>
      view.filesIn(directory).filter((file) => view.pathOf(file).endsWith(".go") && !isTest(view.pathOf(file)))
    for (const { directory, text } of view.configs("go.mod", from.path)) {
      const root = /^module\s+(\S+)/m.exec(text)?.[1]
      if (root !== undefined && (module === root || module.startsWith(`${root}/`))) {
        return allOf(files([directory, module.slice(root.length + 1)].filter((part) => part !== "").join("/")))
      }
    }
    // Without go.mod: the longest tail of the import path that is a directory here.
    const parts = module.split("/")
    for (let from = 0; from < parts.length; from++) {
      const found = files(parts.slice(from).join("/"))
      if (found.length > 0) return allOf(found)
    }
    return []
  },
  neighbours: (from, view) =>
    view.filesIn(directoryOf(from.path)).filter((file) => isTest(from.path) || !isTest(view.pathOf(file)))
}
