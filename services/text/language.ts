/**
 * Programming languages by file name. Names follow GitHub's Linguist in lower case, with words joined by "-".
 * A language with a grammar is cut along its syntax tree, any other along its lines.
 */

/** A language as rows name it, and what is known of it. */
export interface Language {
  readonly name: string
  /** Whether a syntax grammar is installed for it. */
  readonly hasGrammar: boolean
  /** What starts a comment that runs to the end of the line; null where there is none. */
  readonly lineComment: string | null
}

type LanguageRow = readonly [name: string, lineComment: string | null, extensions: string]

const withGrammar: ReadonlyArray<LanguageRow> = [
  ["python", "#", ".py .pyi .pyw"],
  ["javascript", "//", ".js .jsx .mjs .cjs"],
  ["typescript", "//", ".ts .mts .cts"],
  ["tsx", "//", ".tsx"],
  ["java", "//", ".java"],
  ["c", "//", ".c .h"],
  ["cpp", "//", ".cpp .cc .cxx .c++ .hpp .hh .hxx .h++ .ipp .tpp .cu .cuh"],
  ["go", "//", ".go"],
  ["rust", "//", ".rs"],
  ["php", "//", ".php .php5 .php7 .phtml .inc"],
  ["ruby", "#", ".rb .rake .gemspec .ru"],
  ["c-sharp", "//", ".cs"],
  ["bash", "#", ".sh .bash .bats"]
]

const byLines: ReadonlyArray<LanguageRow> = [
  ["kotlin", "//", ".kt .kts"],
  ["swift", "//", ".swift"],
  ["scala", "//", ".scala .sc"],
  ["groovy", "//", ".groovy .gradle"],
  ["dart", "//", ".dart"],
  ["lua", "--", ".lua"],
  ["perl", "#", ".pl .pm .t"],
  ["r", "#", ".r"],
  ["julia", "#", ".jl"],
  ["haskell", "--", ".hs"],
  ["elixir", "#", ".ex .exs"],
  ["erlang", "%", ".erl .hrl"],
  ["clojure", ";", ".clj .cljs .cljc"],
  ["ocaml", null, ".ml .mli"],
  ["f-sharp", "//", ".fs .fsx"],
  ["zig", "//", ".zig"],
  ["nim", "#", ".nim"],
  ["objective-c", "//", ".m .mm"],
  ["sql", "--", ".sql"],
  ["powershell", "#", ".ps1 .psm1"],
  ["vue", null, ".vue"],
  ["svelte", null, ".svelte"],
  ["html", null, ".html .htm"],
  ["css", null, ".css"],
  ["scss", "//", ".scss"],
  ["vim-script", "\"", ".vim"],
  ["shell", "#", ".zsh .fish .ksh"]
]

const fileNames: Readonly<Record<string, string>> = {
  rakefile: "ruby",
  gemfile: "ruby",
  ".bashrc": "bash",
  ".bash_profile": "bash",
  pkgbuild: "bash"
}

const byName = new Map<string, Language>()
const byExtension = new Map<string, Language>()
for (const [hasGrammar, rows] of [[true, withGrammar], [false, byLines]] as const) {
  for (const [name, lineComment, extensions] of rows) {
    const language = { name, hasGrammar, lineComment }
    byName.set(name, language)
    for (const extension of extensions.split(" ")) byExtension.set(extension, language)
  }
}

/** Names of the languages with a grammar, then of those that are cut by lines. */
export const languageNames: ReadonlyArray<string> = [...byName.keys()]

/** Returns the language of that name, or undefined when there is none. */
export const languageNamed = (name: string): Language | undefined => byName.get(name)

/** Other names of languages, as people and datasets write them. */
const spellings: ReadonlyMap<string, string> = new Map(
  Object.entries({
    python3: "python",
    ipython: "python",
    pypy: "python",
    node: "javascript",
    nodejs: "javascript",
    ecmascript: "javascript",
    es6: "javascript",
    typescriptreact: "tsx",
    javascriptreact: "javascript",
    golang: "go",
    "c#": "c-sharp",
    csharp: "c-sharp",
    "f#": "f-sharp",
    fsharp: "f-sharp",
    objc: "objective-c",
    vim: "vim-script",
    viml: "vim-script"
  })
)

/**
 * Returns our name of a language that is spelled in another usual way, or undefined for a word that names no language.
 *
 * @example
 * languageSpelled("Golang") // "go"
 * languageSpelled("C++") // "cpp"
 */
export const languageSpelled = (name: string): string | undefined => {
  const plain = name.trim().toLowerCase()
  const known = spellings.get(plain) ?? plain
  return byName.get(known)?.name ?? byExtension.get(`.${known}`)?.name
}

/** Returns the extension of a path in lower case with its dot, or "" when it has none. */
export const extensionOf = (path: string): string => {
  const name = path.slice(path.lastIndexOf("/") + 1)
  const dot = name.lastIndexOf(".")
  return dot <= 0 ? "" : name.slice(dot).toLowerCase()
}

/**
 * Returns the language of a path by its file name, or undefined when we know of none.
 *
 * @example
 * languageOfPath("src/Foo.PHP")?.name // "php"
 */
export const languageOfPath = (path: string): Language | undefined => {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase()
  return byExtension.get(extensionOf(path)) ?? byName.get(fileNames[name] ?? "")
}

/** Returns the language for an extension that the user asked for; one that we do not know is cut along its lines. */
export const languageOfExtension = (extension: string): Language =>
  byExtension.get(extension) ?? { name: extension.replace(/^\./, ""), hasGrammar: false, lineComment: null }

const cppOnly = /^[ \t]*(?:class\s+\w+|namespace\b|template\s*<|public:|private:|protected:|using\s+\w)|\bstd::/m

/** Returns `language`, or C++ for a C header whose text only C++ can read. */
export const refineByText = (language: Language, text: string): Language =>
  language.name === "c" && cppOnly.test(text) ? byName.get("cpp") ?? language : language
