/**
 * What a text declares, read off its lines: the text of a cursor need not parse, and nobody has to wait for a parser.
 * Declarations belong to those above them that are less indented.
 */
import { eachProse, withoutComments } from "./lexis.ts"
import { fieldsOf } from "./fields.ts"
import type { SymbolKind } from "./definitions.ts"
import { basesOf, collapse, type SymbolFacts } from "./symbols.ts"

/** How lines declare names; each pattern has the name in its group `name`, and its owner, if it names one, in `owner`. */
interface Declarations {
  readonly type: RegExp
  readonly module?: RegExp
  readonly function: RegExp
  /** Functions that only count directly inside a type. */
  readonly method?: RegExp
  /** Values that only count directly inside a type. */
  readonly field?: RegExp
  /** Values that count at the top of a file. */
  readonly value?: RegExp
}

const noCall =
  "(?!(?:if|for|foreach|while|switch|catch|return|function|else|do|new|await|throw|match|using|lock|assert)\\b)"

const script: Declarations = {
  type:
    /^(?:export\s+)?(?:default\s+)?(?:declare\s+)?(?:abstract\s+)?(?:class|interface|(?:const\s+)?enum)\s+(?<name>[\w$]+)/,
  module: /^(?:export\s+)?(?:declare\s+)?(?:namespace|module)\s+(?<name>\w+)\s*\{/,
  function:
    /^(?:(?:export\s+)?(?:default\s+)?(?:declare\s+)?(?:async\s+)?function\s*\*?\s*(?<name>[\w$]+)|(?:(?<owner>[\w$]+(?:\.[\w$]+)*)\.)(?<name2>[\w$]+)\s*=\s*(?:[\w$.]+\s*=\s*)*(?:async\s+)?(?:function\b|\([^()]*\)\s*=>|[\w$]+\s*=>)|(?:export\s+)?(?:const|let|var)\s+(?<name3>[\w$]+)\s*(?::[^=]+)?=\s*(?:async\s*)?(?:function\b|\([^()]*\)[^=()]*=>|[\w$]+\s*=>))/,
  method: new RegExp(
    `^(?:(?:public|private|protected|static|async|readonly|override|abstract|get|set|declare)\\s+|\\*\\s*)*${noCall}(?<name>#?[\\w$]+)\\??\\s*(?:<[^(]*>)?\\(`
  ),
  field:
    /^(?:(?:public|private|protected|static|readonly|override|abstract|declare)\s+)*(?<name>#?[\w$]+)[?!]?\s*(?::|=(?!=|>)|;)/,
  value: /^(?:export\s+)?(?:const|let|var)\s+(?<name>[\w$]+)\s*(?::|=)/
}

const typed = (type: string): Declarations => ({
  type: new RegExp(
    `^(?:(?:public|private|protected|internal|static|final|abstract|sealed|partial|open|data|inline|inner|readonly|ref|strictfp|non-sealed|case|implicit|export)\\s+)*(?:${type})\\s+(?<name>\\w+)`
  ),
  module: /^(?:inline\s+)?namespace\s+(?<name>[\w.]+)/,
  function: new RegExp(
    `^(?:(?:public|private|protected|internal|override|suspend|open|abstract|final|static|inline|operator)\\s+)*(?:fun|def|func)\\s+(?:<[^>]*>\\s*)?(?:(?<owner>\\w+)\\.)?(?<name>\\w+)`
  ),
  method: new RegExp(
    `^(?:@\\w+(?:\\([^)]*\\))?\\s+)*(?:(?:public|private|protected|internal|static|final|abstract|synchronized|virtual|override|async|sealed|extern|native|default|partial|new|unsafe|readonly|inline|explicit|constexpr|friend)\\s+)*(?:<[^(]*>\\s*)?${noCall}(?:[\\w.:]+(?:<[^(]*>)?(?:\\[\\]|[?*&])*\\s+[*&]*)?~?${noCall}(?<name>\\w+)\\s*(?:<[^(]*>)?\\(`
  ),
  field: new RegExp(
    `^(?:(?:public|private|protected|internal|static|final|volatile|transient|const|readonly|override|lateinit|mutable|constexpr|inline)\\s+)*(?:va[lr]\\s+(?<name2>\\w+)|${noCall}(?:const\\s+)?[\\w.:]+(?:<.*>)?(?:\\[\\]|[?*&])*\\s+[*&]*(?<name>\\w+)\\s*(?:[=;{]|\\[))`
  )
})

const tables: Readonly<Record<string, Declarations>> = {
  python: {
    type: /^class\s+(?<name>\w+)/,
    function: /^(?:async\s+)?def\s+(?<name>\w+)/,
    field: /^(?<name>\w+)\s*(?::|=(?!=))/,
    value: /^(?<name>\w+)\s*(?::|=(?!=))/
  },
  javascript: script,
  typescript: script,
  tsx: script,
  vue: script,
  svelte: script,
  go: {
    type: /^type\s+(?<name>\w+)/,
    function: /^func\s+(?:\(\s*(?:\w+\s+)?\*?(?<owner>\w+)(?:\[[^\]]*\])?\s*\)\s*)?(?<name>\w+)/,
    method: /^(?<name>\w+)\(/,
    field: /^(?:(?<name>\w+)(?:\s*,\s*\w+)*\s+\S|\*?(?:\w+\.)?(?<name2>\w+)(?:\s*`.*)?$)/,
    value: /^(?:var|const)\s+(?<name>\w+)/
  },
  rust: {
    type: /^(?:pub(?:\([^)]*\))?\s+)?(?:unsafe\s+)?(?:struct|enum|union|trait)\s+(?<name>\w+)/,
    module:
      /^(?:(?:pub(?:\([^)]*\))?\s+)?mod\s+(?<name>\w+)\s*\{|(?:unsafe\s+)?impl\b(?:<[^{]*?>)?\s+(?:[^{]*?\bfor\s+)?(?:&(?:'\w+\s+)?(?:mut\s+)?)?(?:\w+::)*(?<name2>\w+))/,
    function: /^(?:pub(?:\([^)]*\))?\s+)?(?:(?:const|async|unsafe|extern(?:\s+"[^"]*")?)\s+)*fn\s+(?<name>\w+)/,
    field: /^(?:pub(?:\([^)]*\))?\s+)?(?<name>[a-z_]\w*)\s*:(?!:)/
  },
  php: {
    type: /^(?:(?:abstract|final|readonly)\s+)*(?:class|interface|trait|enum)\s+(?<name>\w+)/,
    function: /^(?:(?:public|protected|private|static|abstract|final)\s+)*function\s+&?(?<name>\w+)/,
    field:
      /^(?:(?:public|protected|private|static|readonly|final|var)\s+)+(?:\??[\w\\|&]+\s+)?(?:\$(?<name>\w+)|const\s+(?:\w+\s+)?(?<name2>\w+))|^case\s+(?<name3>\w+)/
  },
  ruby: {
    type: /^(?:class|module)\s+(?:\w+::)*(?<name>\w+)/,
    function: /^(?:private\s+|protected\s+)?def\s+(?:self\.)?(?<name>\w+[?!=]?)/
  },
  java: typed("class|interface|enum|record|@interface"),
  "c-sharp": typed("class|interface|enum|struct|record(?:\\s+(?:class|struct))?"),
  kotlin: typed("(?:enum\\s+|annotation\\s+|companion\\s+)?(?:class|interface|object)"),
  scala: typed("class|object|trait"),
  swift: typed("class|struct|enum|protocol|extension|actor"),
  groovy: typed("class|interface|enum|trait"),
  dart: typed("class|mixin|enum|extension"),
  cpp: {
    ...typed("class|struct|union|enum(?:\\s+class)?"),
    function:
      /^(?:(?:static|inline|virtual|constexpr|explicit|extern)\s+)*(?!(?:return|else|new|delete|throw|case|goto|using|typedef)\b)(?:[\w:]+(?:<[^()]*>)?[\s*&]+)*?(?:(?<owner>\w+)(?:<[^()]*>)?::)?(?!(?:if|for|while|switch|return|catch|sizeof)\b)~?(?<name>\w+)\s*\([^;]*$/
  },
  c: {
    type: /^(?:typedef\s+)?(?:struct|union|enum)\s+(?<name>\w+)\s*(?:\{|$)/,
    function:
      /^(?:(?:static|inline|extern)\s+)*(?!(?:return|else|case|goto|typedef)\b)(?:\w+[\s*]+)+?(?!(?:if|for|while|switch|return|sizeof)\b)(?<name>\w+)\s*\([^;]*$/,
    field: /^(?:(?:const|struct|unsigned|volatile)\s+)*\w+[\s*]+(?<name>\w+)\s*(?:\[[^\]]*\])?\s*[;:]/
  }
}

/** A declaration of a text, in the words of the symbols of a file. */
export interface Sketched extends SymbolFacts {
  /** Units that its line is indented by. */
  readonly indent: number
}

/** What lies in more declarations than this is left out. */
const deepest = 16

/** Returns the declarations of a text in the order of their places; none for a language that has no table. */
export const sketchOf = (language: string, text: string): ReadonlyArray<Sketched> => {
  const table = tables[language]
  if (table === undefined) return []
  const symbols: Array<Sketched> = []
  /** Places of the declarations that the line is inside of. */
  const open: Array<number> = []
  let line = 0
  const prose = proseSpansOf(text, language)
  let at = 0
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf("\n", start)
    const next = newline === -1 ? text.length : newline + 1
    line++
    while (at < prose.length && (prose[at + 1] ?? 0) <= start) at += 2
    const isInside = (prose[at] ?? start) < start
    let first = start
    while (first < next && (text.charCodeAt(first) === 32 || text.charCodeAt(first) === 9)) first++
    const unit = text.charCodeAt(first)
    const isWord = (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || unit === 95 || unit === 35 ||
      unit === 42 ||
      unit === 36 || unit === 64 || unit === 126 || unit > 127
    if (isInside || !isWord || first >= next || prose[at] === first) {
      start = next
      continue
    }
    const indent = first - start
    while (open.length > 0 && (symbols[open.at(-1) ?? -1]?.indent ?? -1) >= indent) open.pop()
    const container = open.at(-1) ?? -1
    const above = symbols[container]
    const found = declarationIn(
      table,
      text.slice(first, Math.min(newline === -1 ? text.length : newline, first + 400)),
      above
    )
    if (found !== undefined && open.length < deepest) {
      const end = signatureEnd(text, first, language)
      const signature = collapse(withoutComments(text, language, first, Math.min(end, first + 800)))
      const place = symbols.push({
        name: found.name,
        kind: found.kind,
        container: above?.kind === "function" || above?.kind === "value" ? -1 : container,
        owner: found.owner ?? (above?.kind === "type" || isImpl(above) ? above?.name ?? "" : ""),
        start: first,
        end,
        line,
        hasBody: found.kind !== "value",
        signature,
        bases: found.kind === "type" ? basesOf("", signature, found.name) : [],
        indent
      }) - 1
      open.push(place)
    }
    start = next
  }
  return withFields(symbols, text, language)
}

const isImpl = (symbol: SymbolFacts | undefined): boolean =>
  symbol?.kind === "module" && symbol.signature.includes("impl")

const proseSpansOf = (text: string, language: string): ReadonlyArray<number> => {
  const spans: Array<number> = []
  eachProse(text, language, 0, text.length, (_, start, end) => spans.push(start, end))
  return spans
}

const declarationIn = (
  table: Declarations,
  line: string,
  above: SymbolFacts | undefined
): { readonly name: string; readonly kind: SymbolKind; readonly owner: string | undefined } | undefined => {
  // What is declared inside a function is its own.
  if (above?.kind === "function") return undefined
  const isInType = above?.kind === "type" || isImpl(above)
  const tries: ReadonlyArray<readonly [SymbolKind, RegExp | undefined]> = [
    ["type", table.type],
    ["module", table.module],
    ["function", table.function],
    ["function", isInType ? table.method : undefined],
    ["value", isInType ? table.field : above === undefined ? table.value : undefined]
  ]
  for (const [kind, pattern] of tries) {
    const groups = pattern?.exec(line)?.groups
    const name = groups?.["name"] ?? groups?.["name2"] ?? groups?.["name3"]
    if (name === undefined) continue
    return { name, kind, owner: groups?.["owner"]?.replace(/\.prototype$/, "").split(".").at(-1) }
  }
  return undefined
}

/** How far the end of a signature is looked for. UTF-16 units. */
const longestHead = 1000

/** Returns where a declaration's signature ends: at its body, or with its line once all brackets are closed. */
const signatureEnd = (text: string, start: number, language: string): number => {
  const last = Math.min(text.length, start + longestHead)
  let depth = 0
  for (let index = start; index < last; index++) {
    const unit = text.charCodeAt(index)
    if (unit === 40 || unit === 91) depth++
    else if (unit === 41 || unit === 93) depth = Math.max(0, depth - 1)
    else if (depth > 0) continue
    else if (unit === 59 || (unit === 123 && language !== "python")) return index
    else if (unit === 58 && language === "python" && text.charCodeAt(index + 1) !== 32) return index + 1
    else if (unit === 10) {
      const next = /^\s*(\{|extends\b|implements\b|throws\b|where\b|:|->|=>)/.exec(text.slice(index, index + 200))?.[1]
      if (next === undefined || next === "{") return index
    }
  }
  return last
}

const withFields = (
  symbols: ReadonlyArray<Sketched>,
  text: string,
  language: string
): ReadonlyArray<Sketched> => [
  ...symbols,
  ...fieldsOf(language, text, symbols).map((field) => ({ ...field, indent: 0 }))
]
