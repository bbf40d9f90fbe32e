/** C and C++: includes, by path and by the end of a path; a header and its source go together. */
import { allOf, directoryOf, type Import, type ImportRules, joinPath } from "./rules.ts"

const scan = (text: string): ReadonlyArray<Import> =>
  [...text.matchAll(/^[ \t]*#[ \t]*include[ \t]*[<"]([^>"\n]+)[>"]/gm)]
    .map((match) => ({ module: match[1] ?? "", name: null }))

const headers = [".h", ".hpp", ".hh", ".hxx"]
const bodies = [".c", ".cpp", ".cc", ".cxx"]

export const c: ImportRules = {
  namespaceOf: () => "",
  scan,
  resolve: ({ module }, from, view) => {
    const beside = joinPath(directoryOf(from.path), module)
    const file = beside === undefined ? undefined : view.fileAt(beside)
    if (file !== undefined) return allOf([file])
    const ending = view.filesEndingWith(module)
    return ending.length === 1 ? allOf(ending) : []
  },
  neighbours: (from, view) => {
    const dot = from.path.lastIndexOf(".")
    const stem = from.path.slice(0, dot)
    const others = headers.includes(from.path.slice(dot)) ? bodies : headers
    return others.flatMap((ending) => {
      const file = view.fileAt(stem + ending)
      return file === undefined ? [] : [file]
    })
  }
}
