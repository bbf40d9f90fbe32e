/** C#: `using` of a namespace, a type or an alias; code sees its own namespace and those around it. */
import { allOf, type Import, type ImportRules, inNamespace } from "./rules.ts"

const scan = (text: string): ReadonlyArray<Import> =>
  [...text.matchAll(/^[ \t]*(?:global\s+)?using\s+(?:static\s+)?(?:\w+\s*=\s*)?([\w.]+)\s*;/gm)]
    .map((match) => ({ module: match[1] ?? "", name: null }))

export const cSharp: ImportRules = {
  namespaceOf: (text) => /^[ \t]*namespace\s+([\w.]+)/m.exec(text)?.[1] ?? "",
  scan,
  resolve: ({ module }, _, view) => {
    const files = view.filesOfNamespace(module)
    if (files.length > 0) return allOf(files)
    const dot = module.lastIndexOf(".")
    return inNamespace(view, module.slice(0, Math.max(0, dot)), module.slice(dot + 1))
  },
  neighbours: ({ namespace }, view) => {
    const parts = namespace.split(".")
    return namespace === ""
      ? []
      : parts.flatMap((_, count) => view.filesOfNamespace(parts.slice(0, count + 1).join(".")))
  }
}
