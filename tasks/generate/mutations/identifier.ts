/** A name in the place of another of the same role, of the same type or arity where the file tells. */
import type { Random } from "../../../services/text/random.ts"
import { isWithin } from "../../../services/text/span.ts"
import { arityOf, modulesOf, qualifierOf, type Role, roleOf, typesOf } from "./roles.ts"
import {
  childRows,
  isNameLeaf,
  isUnder,
  mentions,
  type Mutation,
  parentOf,
  replaceIn,
  rowsInside,
  type Scene,
  spanAt,
  textAt,
  typeAt
} from "./scene.ts"

/** Words that parse as names but mean something fixed. */
const fixedWords = new Set(
  "self this super cls None True False null nil true false undefined NULL err _ require exports module arguments"
    .split(" ")
)

/** Whether a name could be another; those of a shell's arguments are numbers. */
const isFree = (name: string): boolean => /^[\p{L}_$@]/u.test(name) && !fixedWords.has(name)

/** Another name of the same role, from the middle or around it. */
export const swapIdentifier: Mutation = (scene, random) => {
  // Words of a page are prose.
  if (scene.language === "html") return undefined
  const modules = modulesOf(scene)
  const sites = rowsInside(scene, (_, row) => isNameLeaf(scene, row) && isFree(textAt(scene, row)))
    .map((row) => ({ row, role: scene.hasGrammar ? roleOf(scene, row, modules) : "variable" as const }))
    .filter(({ role }) => role !== "other")
  const used = sites.filter(({ role }) => role !== "definition" && role !== "parameter")
  // What is only declared may bear any name, unless something else asks for it by the old one.
  const declared = sites.filter(({ role, row }) => isAskedFor(scene, row, role))
  const site = random.pick(used.length > 0 ? used : declared)
  if (site === undefined) return undefined
  const other = otherNameFor(scene, site.row, site.role, modules, random)
  return other === undefined ? undefined : replaceIn(scene, spanAt(scene.nodes, site.row), other)
}

const isAskedFor = (scene: Scene, row: number, role: Role): boolean => {
  const { middle, text } = scene
  const name = textAt(scene, row)
  const home = role === "parameter" ? functionOf(scene, row) : -1
  if (home >= 0) {
    // A parameter is known in its function only, where the middle may hold all of it.
    const [own, around] = [spanAt(scene.nodes, row), spanAt(scene.nodes, home)]
    return mentions(text.slice(around.start, own.start), name) || mentions(text.slice(own.end, around.end), name)
  }
  return mentions(text.slice(Math.max(0, middle.start - nearby), middle.start), name) ||
    mentions(text.slice(middle.end, middle.end + nearby), name)
}

/** How far around a middle a declared name is looked for, in UTF-16 units. */
const nearby = 4000

const otherNameFor = (
  scene: Scene,
  site: number,
  role: Role,
  modules: ReadonlySet<string>,
  random: Random
): string | undefined => {
  const { nodes } = scene
  const name = textAt(scene, site)
  // A file knows its modules by its head, which may be far away.
  if (role === "module") return random.pick([...modules].filter((other) => other !== name && isLikeCase(other, name)))
  const distanceOf = distancesTo(scene, site, role, modules)
  const found: ReadonlyArray<Set<string>> = [new Set(), new Set(), new Set()]
  const taken = siblingsOf(scene, site, role)
  const types = role === "variable" || role === "parameter" ? typesOf(scene) : new Map<string, string>()
  const wanted = types.get(name)
  for (let row = 0; row < nodes.count; row++) {
    if (nodes.type[row] !== nodes.type[site] || !isNameLeaf(scene, row)) continue
    const other = textAt(scene, row)
    if (other === name || !isFree(other) || taken.has(other) || !isLikeCase(other, name)) continue
    if (scene.hasGrammar && roleOf(scene, row, modules) !== role) continue
    const type = types.get(other)
    const distance = wanted === undefined || type === undefined ? distanceOf(row) : type === wanted ? 0 : 2
    if (distance !== undefined) found[distance]?.add(other)
  }
  for (const names of found) if (names.size > 0) return random.pick([...names])
  return undefined
}

/** How far another name is from the likeliest mistake, 0 to 2; undefined for one that nobody would make. */
const distancesTo = (
  scene: Scene,
  site: number,
  role: Role,
  modules: ReadonlySet<string>
): (row: number) => 0 | 1 | 2 | undefined => {
  const qualifier = qualifierOf(scene, site)
  const arity = arityOf(scene, site)
  const place = typeAt(scene, parentOf(scene, site))
  const isOfModule = modules.has(qualifier.replace(/\W+$/, ""))
  switch (role) {
    case "call":
      return (row) => (arityOf(scene, row) === arity ? 0 : 1)
    case "method":
      return (row) => {
        const isSame = arityOf(scene, row) === arity
        if (qualifierOf(scene, row) === qualifier) return isSame ? 0 : 1
        return isOfModule || !isSame ? undefined : 2
      }
    case "attribute":
      return (row) => (qualifierOf(scene, row) === qualifier ? 0 : isOfModule ? undefined : 2)
    case "type":
      return (row) =>
        qualifierOf(scene, row) !== qualifier ? undefined : typeAt(scene, parentOf(scene, row)) === place ? 0 : 1
    case "imported name":
    case "imported module": {
      const from = moduleOf(scene, site)
      return (row) => (moduleOf(scene, row) === from ? 0 : qualifierOf(scene, row) === qualifier ? 1 : undefined)
    }
    case "key": {
      const literal = literalOf(scene, site)
      return (row) => (literalOf(scene, row) === literal ? 0 : 1)
    }
    case "variable":
    case "parameter": {
      const home = functionOf(scene, site)
      return (row) => (home >= 0 && isWithin(spanAt(scene.nodes, row), spanAt(scene.nodes, home)) ? 0 : 1)
    }
    default:
      return () => 0
  }
}

/** What an imported name is taken from, as text. */
const moduleOf = (scene: Scene, row: number): string => {
  for (let at = row, level = 0; at >= 0 && level < 5; at = parentOf(scene, at), level++) {
    const from = childRows(scene, at).find((child) =>
      /^(?:module_name|source|path)$/.test(scene.nodes.field[child] ?? "")
    )
    if (from !== undefined) return textAt(scene, from)
  }
  return qualifierOf(scene, row)
}

/** The type of the literal whose part is named, or what is written for it; "" where there is none. */
const literalOf = (scene: Scene, row: number): string => {
  for (let at = row, level = 0; at >= 0 && level < 6; at = parentOf(scene, at), level++) {
    if (!/^(?:composite_literal|struct_expression)$/.test(typeAt(scene, at))) continue
    const [type] = childRows(scene, at)
    return type === undefined ? "" : textAt(scene, type)
  }
  return ""
}

/** The innermost function around a row, -1 for none. */
const functionOf = (scene: Scene, row: number): number => {
  let at = parentOf(scene, row)
  while (at >= 0 && !isUnder(scene, at, 0, /function|method|lambda|arrow|closure|func_literal|constructor|^def/)) {
    at = parentOf(scene, at)
  }
  return at
}

/** Names that stand beside the site already, so that it cannot be one of them. */
const siblingsOf = (scene: Scene, site: number, role: Role): ReadonlySet<string> => {
  if (role !== "keyword" && role !== "key" && role !== "parameter" && !role.startsWith("imported")) return new Set()
  const parent = parentOf(scene, site)
  const isImported = role.startsWith("imported") && typeAt(scene, parent) !== "import_specifier"
  const list = role === "parameter" || isImported ? parent : parentOf(scene, parent)
  const names = new Set<string>()
  for (let row = 0; row < scene.nodes.count; row++) {
    if (isNameLeaf(scene, row) && isWithin(spanAt(scene.nodes, row), spanAt(scene.nodes, list))) {
      names.add(textAt(scene, row))
    }
  }
  return names
}

/** Whether two names are written in one convention, so that the swap is not seen at a glance. */
const isLikeCase = (a: string, b: string): boolean => caseOf(a) === caseOf(b)
const caseOf = (name: string): string =>
  /^[^a-z]*$/.test(name) && name.length > 1 ? "upper" : /^[^\p{L}]*\p{Lu}/u.test(name) ? "capital" : "lower"
