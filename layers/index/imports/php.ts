/** PHP: namespaces and `use`, group use among them, traits, and require of a path beside the file. */
import { allOf, directoryOf, type Import, type ImportRules, inNamespace, joinPath } from "./rules.ts"

const split = (qualified: string): readonly [namespace: string, name: string] => {
  const at = qualified.lastIndexOf("\\")
  return [qualified.slice(0, Math.max(0, at)), qualified.slice(at + 1)]
}

const clean = (name: string): string => name.trim().replace(/\s+as\s+\w+$/i, "").replace(/^\\/, "")

/** A statement has at most 200 pieces before its braces, and 5,000 units in them: one that never ends is given up. */
const use = /^[ \t]*use\s+(?:function\s+|const\s+)?([\\\w][\\\w,]*(?:\s+[\\\w,]+){0,200})\s*(?:\{([^}]{0,5000})\}|;)/gm

const scan = (text: string): ReadonlyArray<Import> => {
  const imports: Array<Import> = []
  for (const match of text.matchAll(use)) {
    const [, head = "", group] = match
    // A class takes traits with "use A, B { … }": the braces hold rules, not names.
    const isGroup = group !== undefined && head.trim().endsWith("\\")
    const names = isGroup
      ? group.split(",").map((name) => head.trim() + clean(name.replace(/^\s*(?:function|const)\s+/, "")))
      : head.split(",").map(clean)
    for (const name of names) if (/\w$/.test(name)) imports.push({ module: name.replace(/^\\/, ""), name: null })
  }
  for (const match of text.matchAll(/\b(?:require|include)(?:_once)?\b[\s(]*(__DIR__\s*\.\s*)?['"]([^'"]+)['"]/g)) {
    imports.push({ module: `./${match[2] ?? ""}`, name: null })
  }
  return imports
}

export const php: ImportRules = {
  namespaceOf: (text) => /^[ \t]*(?:<\?php\s+)?namespace\s+([\w\\]+)/m.exec(text)?.[1] ?? "",
  scan,
  resolve: ({ module }, from, view) => {
    if (module.startsWith("./")) {
      const path = joinPath(directoryOf(from.path), module)
      const file = path === undefined ? undefined : view.fileAt(path)
      return file === undefined ? [] : allOf([file])
    }
    const [namespace, name] = split(module)
    const found = inNamespace(view, namespace, name)
    if (found.length > 0 || namespace !== "") {
      // "use App\Models;" may name a namespace, whose classes are then written as Models\User.
      return found.length > 0 ? found : allOf(view.filesOfNamespace(module))
    }
    return inNamespace(view, from.namespace, name)
  },
  neighbours: (from, view) => (from.namespace === "" ? [] : view.filesOfNamespace(from.namespace))
}
