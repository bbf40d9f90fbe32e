/** What the files of this folder say for each language: how imports are written, and which files they mean. */

/** One import statement, or one name of a list in it. */
export interface Import {
  /** What is imported, as it is written: "./a", "a.b", "A\B", "crate::a". */
  readonly module: string
  /** The name that is taken from it; null for everything. */
  readonly name: string | null
}

/** What an import leads to: a file, and a name in it, or null for all that the file defines. */
export interface ResolvedImport {
  readonly file: number
  readonly name: string | null
}

/** The files of a project as the rules see them; numbers stand for files. */
export interface ProjectView {
  readonly fileAt: (path: string) => number | undefined
  /** Source files directly in a directory; "" is the root. */
  readonly filesIn: (directory: string) => ReadonlyArray<number>
  /** Source files whose path ends with the given one, at a "/". */
  readonly filesEndingWith: (path: string) => ReadonlyArray<number>
  /** Files that say they belong to a namespace or package. */
  readonly filesOfNamespace: (namespace: string) => ReadonlyArray<number>
  /** Whether a file defines a name at its top. */
  readonly defines: (file: number, name: string) => boolean
  /** What the file itself imports: names may come from there. */
  readonly importsOf: (file: number) => ReadonlyArray<Import>
  readonly pathOf: (file: number) => string
  readonly namespaceOf: (file: number) => string
  /** Texts of the configuration files of that name, nearest to `path` first, with their directories. */
  readonly configs: (
    name: string,
    path: string
  ) => ReadonlyArray<{ readonly directory: string; readonly text: string }>
}

/**
 * The file that imports, which may not be in the index yet. Each question has an object of its own; meanwhile the
 * project does not change.
 */
export interface Importer {
  readonly path: string
  readonly namespace: string
}

export interface ImportRules {
  /** Returns the namespace or package that a text says it belongs to; "" for none. */
  readonly namespaceOf: (text: string, path: string) => string
  /** Reads the imports off a text, whether it parses or not. */
  readonly scan: (text: string) => ReadonlyArray<Import>
  readonly resolve: (imported: Import, from: Importer, view: ProjectView) => ReadonlyArray<ResolvedImport>
  /** Files whose names can be used without an import. */
  readonly neighbours: (from: Importer, view: ProjectView) => ReadonlyArray<number>
}

/** Returns the directory of a path, "" for the root. */
export const directoryOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")))

/** Returns `relative` seen from `directory`; undefined when it leaves the root. */
export const joinPath = (directory: string, relative: string): string | undefined => {
  const parts = relative.startsWith("/") || directory === "" ? [] : directory.split("/")
  for (const part of relative.split("/")) {
    if (part === "" || part === ".") continue
    if (part !== "..") parts.push(part)
    else if (parts.pop() === undefined) return undefined
  }
  return parts.join("/")
}

export const allOf = (files: ReadonlyArray<number>): ReadonlyArray<ResolvedImport> =>
  files.map((file) => ({ file, name: null }))

/** Returns a name among the files of a namespace. */
export const inNamespace = (view: ProjectView, namespace: string, name: string): ReadonlyArray<ResolvedImport> =>
  view.filesOfNamespace(namespace).filter((file) => view.defines(file, name)).map((file) => ({ file, name }))
