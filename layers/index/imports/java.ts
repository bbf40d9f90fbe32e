/** Java: a package's classes, one or all of them. */
import { allOf, type Import, type ImportRules, inNamespace } from "./rules.ts"

const scan = (text: string): ReadonlyArray<Import> => {
  const imports: Array<Import> = []
  for (const match of text.matchAll(/^[ \t]*import\s+(static\s+)?([\w.]+?)(\.\*)?\s*;/gm)) {
    const path = match[2] ?? ""
    if (match[3] !== undefined && match[1] === undefined) imports.push({ module: path, name: null })
    else {
      const isMember = match[1] !== undefined && match[3] === undefined
      const type = isMember ? path.slice(0, path.lastIndexOf(".")) : path
      imports.push({ module: type.slice(0, type.lastIndexOf(".")), name: type.slice(type.lastIndexOf(".") + 1) })
    }
  }
  return imports
}

export const java: ImportRules = {
  namespaceOf: (text) => /^[ \t]*package\s+([\w.]+)/m.exec(text)?.[1] ?? "",
  scan,
  resolve: ({ module, name }, _, view) =>
    name === null ? allOf(view.filesOfNamespace(module)) : inNamespace(view, module, name),
  neighbours: (from, view) => (from.namespace === "" ? [] : view.filesOfNamespace(from.namespace))
}
