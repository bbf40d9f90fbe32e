/** Programs of any length that hold the same function many times under different names, in languages with a grammar. */
import { sources } from "./sources.ts"

/** What is repeated in a language, with "first" for its name, and what stands around all of it. */
interface Repeated {
  readonly head: string
  readonly item: string
  readonly tail: string
}

const split = (language: string, from: string, to: string, tail: string): Repeated => {
  const text = sources[language] ?? ""
  const start = text.indexOf(from)
  const end = to === "" ? text.length : text.indexOf(to, start) + to.length
  return { head: text.slice(0, start), item: text.slice(start, end), tail }
}

const repeated: Readonly<Record<string, Repeated>> = {
  python: split("python", "def first", "", ""),
  javascript: split("javascript", "function first", "", ""),
  typescript: split("typescript", "export function first", "", ""),
  java: split("java", "  List<String> first", "\n  }\n", "}\n"),
  c: split("c", "static int first", "", ""),
  go: split("go", "func First", "", ""),
  rust: split("rust", "pub fn first", "", ""),
  php: split("php", "    public function first", "\n    }\n", "}\n"),
  "c-sharp": split("c-sharp", "    int Sum", "\n    }\n", "  }\n}\n")
}

/** The languages that have such programs. */
export const longLanguages: ReadonlyArray<string> = Object.keys(repeated)

/** Returns a program of `count` functions; those after `changed` are as they were, and it says something else. */
export const longSource = (language: string, count: number, changed?: { readonly at: number; readonly to: string }) => {
  const { head, item, tail } = repeated[language] ?? { head: "", item: "", tail: "" }
  const items = Array.from({ length: count }, (_, index) => {
    const named = item.replaceAll(/\b(?:first|First|Sum)\b/g, (name) => `${name}${index}`)
    return index === changed?.at ? named.replace("cut", changed.to) : named
  })
  return `${head}${items.join("\n")}${tail}`
}
