/** Python: absolute and relative imports, and names that a package passes on from its modules. */
import {
  directoryOf,
  type Import,
  type Importer,
  type ImportRules,
  joinPath,
  type ProjectView,
  type ResolvedImport
} from "./rules.ts"

const namesOf = (list: string): ReadonlyArray<string> =>
  list.replace(/#[^\n]*/g, "").replace(/[()\\]/g, " ").split(",").map((name) => name.trim().split(/\s+/)[0] ?? "")
    .filter((name) => /^\w+$|^\*$/.test(name))

const scan = (text: string): ReadonlyArray<Import> => {
  const imports: Array<Import> = []
  for (const match of text.matchAll(/^[ \t]*from\s+([\w.]*)\s+import\s+(\([^)]{0,5000}\)|(?:[^\n\\]|\\\r?\n)*)/gm)) {
    const module = match[1] ?? ""
    for (const name of namesOf(match[2] ?? "")) imports.push({ module, name: name === "*" ? null : name })
  }
  for (const match of text.matchAll(/^[ \t]*import\s+([\w.]+(?:\s+as\s+\w+)?(?:\s*,\s*[\w.]+(?:\s+as\s+\w+)?)*)/gm)) {
    for (const part of (match[1] ?? "").split(",")) {
      imports.push({ module: part.trim().split(/\s+/)[0] ?? "", name: null })
    }
  }
  return imports
}

/** What modules meant to an importer, because one statement may take a hundred names from the same module. */
const meanings = new WeakMap<Importer, Map<string, ReadonlyArray<number>>>()

const moduleFiles = (module: string, from: Importer, view: ProjectView): ReadonlyArray<number> => {
  const known = meanings.get(from) ?? new Map<string, ReadonlyArray<number>>()
  meanings.set(from, known)
  const files = known.get(module) ?? findModule(module, from, view)
  known.set(module, files)
  return files
}

/** Returns the files that a module name means: those nearest above the importer, where several packages have one. */
const findModule = (module: string, from: Importer, view: ProjectView): ReadonlyArray<number> => {
  const dots = /^\.*/.exec(module)?.[0].length ?? 0
  const path = module.slice(dots).replaceAll(".", "/")
  if (dots > 0) {
    const base = joinPath(directoryOf(from.path), "../".repeat(dots - 1))
    if (base === undefined) return []
    const target = joinPath(base, path)
    return target === undefined ? [] : filesAt(target, view)
  }
  if (path === "") return []
  for (let root = directoryOf(from.path);; root = directoryOf(root)) {
    const found = filesAt(root === "" ? path : `${root}/${path}`, view)
    // An absolute import does not mean a module beside the importer, unless the folder is that of a script.
    if (found.length > 0) return found
    if (root === "") break
  }
  const ending = [...view.filesEndingWith(`${path}.py`), ...view.filesEndingWith(`${path}/__init__.py`)]
  return ending.length === 1 ? ending : []
}

const filesAt = (path: string, view: ProjectView): ReadonlyArray<number> =>
  [`${path}.py`, path === "" ? "__init__.py" : `${path}/__init__.py`, `${path}.pyi`].flatMap((candidate) => {
    const file = view.fileAt(candidate)
    return file === undefined ? [] : [file]
  })

/** How many packages may pass a name on before the search is given up. */
const mostHops = 4

const find = (file: number, name: string, view: ProjectView, hops: number): ReadonlyArray<ResolvedImport> => {
  if (view.defines(file, name)) return [{ file, name }]
  if (hops === 0) return []
  const importer = { path: view.pathOf(file), namespace: "" }
  const imports = view.importsOf(file)
  const named = imports.filter((imported) => imported.name === name)
  for (const imported of named) {
    const found = resolve(imported, importer, view, hops - 1)
    if (found.length > 0) return found
  }
  for (const imported of imports) {
    if (imported.name !== null || !imported.module.startsWith(".")) continue
    for (const next of moduleFiles(imported.module, importer, view)) {
      const found = find(next, name, view, hops - 1)
      if (found.length > 0) return found
    }
  }
  return []
}

const resolve = (imported: Import, from: Importer, view: ProjectView, hops: number): ReadonlyArray<ResolvedImport> => {
  const { module, name } = imported
  const files = moduleFiles(module, from, view)
  if (name === null) return files.map((file) => ({ file, name: null }))
  for (const file of files) {
    const found = find(file, name, view, hops)
    if (found.length > 0) return found
  }
  const submodule = moduleFiles(module.endsWith(".") ? module + name : `${module}.${name}`, from, view)
  return submodule.map((file) => ({ file, name: null }))
}

export const python: ImportRules = {
  namespaceOf: () => "",
  scan,
  resolve: (imported, from, view) => resolve(imported, from, view, mostHops),
  neighbours: () => []
}
