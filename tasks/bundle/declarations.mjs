/**
 * The types of a library: of all declarations that the compiler gives, those that the entry's exports reach. The others
 * would ask for packages that nobody who uses the library needs.
 */
import { execFileSync } from "node:child_process"
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join, posix } from "node:path"
import { fileURLToPath } from "node:url"
import { parseSync } from "oxc-parser"

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

const isOurs = (source) => source.startsWith(".")
const resolveFrom = (path, source) => posix.join(posix.dirname(path), source)

/** What a module declares: its statements by name, and the specifiers of what it imports and passes on, by name. */
const readModule = (folder, path) => {
  const text = readFileSync(join(folder, path.replace(/\.ts$/, ".d.ts")), "utf8")
  const statements = new Map()
  const links = []
  let end = 0
  for (const node of parseSync("module.d.ts", text).program.body) {
    // The comment above a statement belongs to it.
    const statement = { node, text: text.slice(end, node.end).trim() }
    end = node.end
    if (node.type === "ImportDeclaration" || (node.type === "ExportNamedDeclaration" && node.source !== null)) {
      links.push(...node.specifiers.map((specifier) => linkOf(node, specifier, text)))
    } else {
      for (const name of namesOf(node.declaration ?? node)) {
        statements.set(name, [...statements.get(name) ?? [], statement])
      }
    }
  }
  return { path, statements, links, needed: new Set() }
}

const linkOf = ({ exportKind, importKind = exportKind, source, type }, specifier, text) => {
  const isImport = type === "ImportDeclaration"
  const verb = `${isImport ? "import" : "export"}${importKind === "type" ? " type" : ""}`
  const isAll = specifier.type === "ImportNamespaceSpecifier"
  const own = text.slice(specifier.start, specifier.end)
  return {
    name: isImport ? specifier.local.name : specifier.exported.name,
    source: source.value,
    // Undefined for a whole module.
    wanted: isAll ? undefined : (isImport ? specifier.imported : specifier.local).name,
    text: `${verb} ${isAll ? own : `{ ${own} }`} from "${source.value}"`
  }
}

const namesOf = (declaration) =>
  declaration.type === "VariableDeclaration"
    ? declaration.declarations.map(({ id }) => id.name)
    : declaration.id === undefined
    ? []
    : [declaration.id.name]

/** Returns the modules that the exports of `entry` reach, each with the names that are needed of it. */
const reach = (folder, entry, packages) => {
  const modules = new Map()
  const open = (path) => {
    if (!modules.has(path)) modules.set(path, readModule(folder, path))
    return modules.get(path)
  }

  const follow = (module, source, name) => {
    if (isOurs(source)) {
      if (name !== undefined) need(open(resolveFrom(module.path, source)), name)
    } else if (!packages.some((known) => source === known || source.startsWith(`${known}/`))) {
      throw new Error(`The library's types need "${source}" in ${module.path}: a package may refer to ${packages} only`)
    }
  }

  const need = (module, name) => {
    if (module.needed.has(name)) return
    const link = module.links.find((link) => link.name === name)
    const statements = module.statements.get(name)
    if (link === undefined && statements === undefined) return
    module.needed.add(name)
    if (link !== undefined) follow(module, link.source, link.wanted)
    for (const { node } of statements ?? []) visit(module, node)
  }

  /** Any identifier counts as a reference: one that is none keeps a declaration too many. */
  const visit = (module, node) => {
    if (typeof node !== "object" || node === null) return
    if (node.type === "Identifier") need(module, node.name)
    if (node.type === "TSImportType") follow(module, node.source.value, firstOf(node.qualifier))
    if (node.type === "TSQualifiedName") {
      const link = module.links.find(({ name, wanted }) => wanted === undefined && name === node.left.name)
      if (link !== undefined) follow(module, link.source, node.right.name)
    }
    for (const part of Object.values(node)) visit(module, part)
  }

  const { links } = open(entry)
  for (const { name } of links) need(open(entry), name)
  return [...modules.values()]
}

const firstOf = (qualifier) => qualifier.type === "TSQualifiedName" ? firstOf(qualifier.left) : qualifier.name

/** A module's text, with nothing in it that is not needed. */
const render = ({ links, needed, statements }) => {
  const kept = [...statements].flatMap(([name, all]) => needed.has(name) ? all : [])
  const texts = [...links.filter(({ name }) => needed.has(name)), ...new Set(kept)].map(({ text }) => text)
  return `${[...texts, "export {}"].join("\n").replace(/"(\.[^"\n]*)\.ts"/g, "\"$1.js\"")}\n`
}

/** Has the compiler write the declarations of `entry` and of all that it imports into a folder. */
const compile = (folder, entry) => {
  const config = join(folder, "tsconfig.json")
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: root,
    outDir: folder
  }
  // What declares files that are no modules is imported by none.
  const include = ["layers", "services"].map((floor) => join(root, floor, "**", "*.d.ts"))
  const extended = join(root, "tsconfig.json")
  writeFileSync(config, JSON.stringify({ extends: extended, compilerOptions, files: [join(root, entry)], include }))
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc")
  execFileSync(process.execPath, [compiler, "--project", config], { stdio: ["ignore", 2, 2] })
}

/**
 * Writes the declarations of `entry`, a path under the root, and of what it reaches. Throws when they refer to another
 * package than `packages`.
 */
export const writeDeclarations = (target, entry, packages) => {
  // Beside the target, where the compiler finds the packages.
  const draft = `${target}.draft`
  mkdirSync(draft)
  compile(draft, entry)
  for (const module of reach(draft, entry, packages)) {
    const path = join(target, module.path.replace(/\.ts$/, ".d.ts"))
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, render(module))
  }
  rmSync(draft, { recursive: true })
}
