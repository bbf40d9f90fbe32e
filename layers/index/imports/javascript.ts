/** JavaScript and TypeScript: import, export from, require; relative paths, tsconfig paths, workspace packages. */
import {
  directoryOf,
  type Import,
  type Importer,
  type ImportRules,
  joinPath,
  type ProjectView,
  type ResolvedImport
} from "./rules.ts"

const namesOf = (clause: string): ReadonlyArray<string | null> => {
  const braces = /\{([^}]*)\}/.exec(clause)?.[1]
  const names: Array<string | null> = (braces ?? "").split(",")
    .map((part) => part.trim().replace(/^type\s+/, "").split(/\s+as\s+|\s*:\s*/)[0] ?? "")
    .filter((name) => /^[\w$]+$/.test(name))
  if (/\*|^\s*(?!type\b)[\w$]/.test(clause.replace(/\{[^}]*\}/, "")) || names.length === 0) names.push(null)
  return names
}

/** What is imported takes 5,000 units at the most: a statement that never comes to its module is given up. */
const importFrom = /^[ \t]*(?:import|export)\s+(?=\S)(?:type\s+(?=\S))?([^;"'()]{0,5000}?)from\s*["']([^"'\n]+)["']/gm

/** Returns the name, or the names in braces, that a value at an offset is given to; "" for none. */
const boundBefore = (text: string, offset: number): string => {
  const before = text.slice(Math.max(0, offset - 5000), offset).trimEnd()
  if (!before.endsWith("=")) return ""
  const target = before.slice(0, -1).trimEnd()
  if (!target.endsWith("}")) return target.slice(wordStart(target))
  const open = target.lastIndexOf("{")
  return open === -1 || target.indexOf("}", open) !== target.length - 1 ? "" : target.slice(open)
}

const wordStart = (text: string): number => {
  let start = text.length
  while (start > 0 && /[\w$]/.test(text[start - 1] ?? "")) start--
  return start
}

const scan = (text: string): ReadonlyArray<Import> => {
  const imports: Array<Import> = []
  const add = (clause: string, module: string) => {
    for (const name of namesOf(clause)) imports.push({ module, name })
  }
  for (const match of text.matchAll(importFrom)) add((match[1] ?? "").trimEnd(), match[2] ?? "")
  for (const match of text.matchAll(/^[ \t]*import\s*["']([^"'\n]+)["']/gm)) add("", match[1] ?? "")
  for (const match of text.matchAll(/\b(?:require|import)\s*\(\s*["']([^"'\n]+)["']\s*\)/g)) {
    add(boundBefore(text, match.index), match[1] ?? "")
  }
  return imports
}

const endings = ["", ".ts", ".tsx", ".d.ts", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".vue"]
const indexFiles = ["index.ts", "index.tsx", "index.js", "index.jsx", "index.mjs", "index.d.ts"]

const fileAt = (path: string, view: ProjectView): number | undefined => {
  const plain = path.replace(/\.(?:m|c)?jsx?$/, "")
  for (const stem of plain === path ? [path] : [path, plain]) {
    for (const ending of endings) {
      const file = view.fileAt(stem + ending)
      if (file !== undefined) return file
    }
  }
  for (const name of indexFiles) {
    const file = view.fileAt(path === "" ? name : `${path}/${name}`)
    if (file !== undefined) return file
  }
  return undefined
}

/** Returns JSON without its comments. What is not closed goes on to the end. */
const withoutComments = (text: string): string => {
  let out = ""
  for (let at = 0; at < text.length;) {
    const next = /["/]/g
    next.lastIndex = at
    const found = next.exec(text)?.index ?? text.length
    out += text.slice(at, found)
    const opening = text.slice(found, found + 2)
    if (opening === "//") at = endAt(text.indexOf("\n", found), text)
    else if (opening === "/*") at = endAt(text.indexOf("*/", found + 2), text, 2)
    else {
      at = opening.startsWith("\"") ? endOfText(text, found + 1) : found + 1
      out += text.slice(found, at)
    }
  }
  return out
}

const endAt = (found: number, text: string, length = 0): number => (found === -1 ? text.length : found + length)

/** Returns where a text in double quotes ends, behind the closing one. */
const endOfText = (text: string, from: number): number => {
  for (let at = from; at < text.length; at++) {
    const unit = text[at]
    if (unit === "\\") at++
    else if (unit === "\"" || unit === "\n") return at + 1
  }
  return text.length
}

/** Reads JSON with comments and trailing commas; null when the text is not that. */
const readConfig = (text: string): Readonly<Record<string, unknown>> | null => {
  const plain = withoutComments(text).replace(/,(\s*[}\]])/g, "$1")
  try {
    const value: unknown = JSON.parse(plain)
    return isRecord(value) ? value : null
  } catch {
    return null
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Returns what `compilerOptions.paths` and `baseUrl` of the nearest configuration make of a module name. */
const mappedPaths = (module: string, from: Importer, view: ProjectView): ReadonlyArray<string> => {
  const found: Array<string> = []
  for (const config of ["tsconfig.json", "jsconfig.json"].flatMap((name) => view.configs(name, from.path))) {
    const options = readConfig(config.text)?.["compilerOptions"]
    if (!isRecord(options)) continue
    const base = typeof options["baseUrl"] === "string"
      ? joinPath(config.directory, options["baseUrl"])
      : config.directory
    if (base === undefined) continue
    const add = (path: string) => {
      const joined = joinPath(base, path)
      if (joined !== undefined) found.push(joined)
    }
    const { paths } = options
    for (const [pattern, targets] of isRecord(paths) ? Object.entries(paths) : []) {
      const [head = "", tail = ""] = pattern.split("*")
      const isMatch = pattern.includes("*")
        ? module.length >= head.length + tail.length && module.startsWith(head) && module.endsWith(tail)
        : module === pattern
      if (!isMatch || !Array.isArray(targets)) continue
      const star = module.slice(head.length, module.length - tail.length)
      for (const target of targets) if (typeof target === "string") add(target.replace("*", star))
    }
    if (typeof options["baseUrl"] === "string") add(module)
  }
  return found
}

/** Returns the paths that a module name may mean in the package of the workspace that it names. */
const packagePaths = (module: string, from: Importer, view: ProjectView): ReadonlyArray<string> => {
  const [scope = "", name = "", ...rest] = module.split("/")
  const wanted = module.startsWith("@") ? `${scope}/${name}` : scope
  const inside = (module.startsWith("@") ? rest : [name, ...rest]).filter((part) => part !== "").join("/")
  for (const { directory, text } of view.configs("package.json", from.path)) {
    const config = readConfig(text)
    if (config?.["name"] !== wanted) continue
    const entry = [config["source"], config["module"], config["main"]].find((path) => typeof path === "string")
    const paths = inside === "" ? [String(entry ?? ""), "src", ""] : [inside, `src/${inside}`]
    return paths.flatMap((path) => {
      const joined = joinPath(directory, path)
      return joined === undefined ? [] : [joined]
    })
  }
  return []
}

const moduleFile = (module: string, from: Importer, view: ProjectView): number | undefined => {
  if (/^\.{1,2}(?:\/|$)/.test(module)) {
    const path = joinPath(directoryOf(from.path), module)
    return path === undefined ? undefined : fileAt(path, view)
  }
  for (const path of [...mappedPaths(module, from, view), ...packagePaths(module, from, view)]) {
    const file = fileAt(path, view)
    if (file !== undefined) return file
  }
  return undefined
}

const mostHops = 4

const resolve = (imported: Import, from: Importer, view: ProjectView, hops: number): ReadonlyArray<ResolvedImport> => {
  const file = moduleFile(imported.module, from, view)
  if (file === undefined) return []
  const { name } = imported
  if (name === null || view.defines(file, name)) return [{ file, name }]
  // Named elsewhere and merely passed on here: `export { a } from "./b"`, `export * from "./b"`.
  if (hops > 0) {
    const importer = { path: view.pathOf(file), namespace: "" }
    for (const next of view.importsOf(file)) {
      if (next.name !== null && next.name !== name) continue
      const found = resolve({ module: next.module, name }, importer, view, hops - 1)
      if (found.some((one) => one.name === name && view.defines(one.file, name))) return found
    }
  }
  return hops === mostHops ? [{ file, name: null }] : []
}

export const javascript: ImportRules = {
  namespaceOf: () => "",
  scan,
  resolve: (imported, from, view) => resolve(imported, from, view, mostHops),
  neighbours: () => []
}
