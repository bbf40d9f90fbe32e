/** Rust: `use` and `mod` along the module tree, whose files follow from its paths. */
import {
  directoryOf,
  type Import,
  type Importer,
  type ImportRules,
  joinPath,
  type ProjectView,
  type ResolvedImport
} from "./rules.ts"

/** Turns "a::{b, c::{d, e}}" into "a::b", "a::c::d" and "a::c::e". */
const flatten = (tree: string): ReadonlyArray<string> => {
  const open = tree.indexOf("{")
  if (open === -1) return [tree.trim()]
  const head = tree.slice(0, open).trim()
  const inner = tree.slice(open + 1, tree.lastIndexOf("}"))
  const parts: Array<string> = []
  let depth = 0
  let from = 0
  for (let index = 0; index <= inner.length; index++) {
    const unit = inner[index]
    if (unit === "{") depth++
    else if (unit === "}") depth--
    else if ((unit === "," && depth === 0) || unit === undefined) {
      parts.push(inner.slice(from, index))
      from = index + 1
    }
  }
  return parts.flatMap((part) => flatten(part)).filter((part) => part !== "").map((part) => head + part)
}

const scan = (text: string): ReadonlyArray<Import> => {
  const imports: Array<Import> = []
  for (const match of text.matchAll(/^[ \t]*(?:pub(?:\([^)\n]*\))?\s+)?use\s+(?=\S)([^;]{1,2000});/gm)) {
    for (const path of flatten(match[1] ?? "")) {
      const parts = path.replace(/\s+as\s+\w+$/, "").split("::").map((part) => part.trim())
      const name = parts.pop() ?? ""
      imports.push({ module: parts.join("::"), name: name === "*" || name === "self" ? null : name })
    }
  }
  for (const match of text.matchAll(/^[ \t]*(?:pub(?:\([^)\n]*\))?\s+)?mod\s+(\w+)\s*;/gm)) {
    imports.push({ module: `self::${match[1] ?? ""}`, name: null })
  }
  return imports
}

/** The directory in which the submodules of a file lie. */
const moduleDirectory = (path: string): string =>
  /(?:^|\/)(?:mod|lib|main)\.rs$/.test(path) ? directoryOf(path) : path.replace(/\.rs$/, "")

const crateDirectory = (path: string, view: ProjectView): string => {
  for (let directory = directoryOf(path);; directory = directoryOf(directory)) {
    const prefix = directory === "" ? "" : `${directory}/`
    if (view.fileAt(`${prefix}lib.rs`) !== undefined || view.fileAt(`${prefix}main.rs`) !== undefined) return directory
    if (directory === "") return ""
  }
}

const startOf = (first: string, from: Importer, view: ProjectView): string | undefined => {
  if (first === "crate") return crateDirectory(from.path, view)
  if (first === "self") return moduleDirectory(from.path)
  if (first === "super") return directoryOf(moduleDirectory(from.path))
  const crate = view.configs("Cargo.toml", from.path).find(({ text }) =>
    /^name\s*=\s*"([^"]+)"/m.exec(text)?.[1]?.replaceAll("-", "_") === first
  )
  return crate === undefined ? undefined : joinPath(crate.directory, "src")
}

const filesAt = (path: string, view: ProjectView): ReadonlyArray<number> =>
  [`${path}.rs`, `${path}/mod.rs`, `${path}/lib.rs`, `${path}/main.rs`].flatMap((candidate) => {
    const file = view.fileAt(candidate.replace(/^\//, ""))
    return file === undefined ? [] : [file]
  })

export const rust: ImportRules = {
  namespaceOf: () => "",
  scan,
  resolve: ({ module, name }, from, view): ReadonlyArray<ResolvedImport> => {
    const parts = module.split("::").filter((part) => part !== "")
    const [first = "", ...rest] = parts
    let directory = startOf(first, from, view)
    if (directory === undefined) return []
    while (rest[0] === "super") {
      rest.shift()
      directory = directoryOf(directory)
    }
    const path = (count: number) => [directory, ...rest.slice(0, count)].filter((part) => part !== "").join("/")
    if (name !== null) {
      const submodule = filesAt([path(rest.length), name].filter((part) => part !== "").join("/"), view)
      if (submodule.length > 0) return submodule.map((file) => ({ file, name: null }))
    }
    // What is not a file is a name inside one: the variant of an enum, or an inline module.
    for (let count = rest.length; count >= 0; count--) {
      const files = filesAt(path(count), view)
      const wanted = count === rest.length ? name : rest[count] ?? name
      const defining = wanted === null ? files : files.filter((file) => view.defines(file, wanted))
      if (defining.length > 0) return defining.map((file) => ({ file, name: wanted }))
    }
    return []
  },
  neighbours: () => []
}
