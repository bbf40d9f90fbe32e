/**
 * Where the grammars' WebAssembly lies: in an installed program beside its bundle, in a clone each in the npm package of
 * its own maintainers.
 */
import { existsSync } from "node:fs"
import { createRequire } from "node:module"
import { fileURLToPath } from "node:url"

/** Language name to [package, file]. PHP files may start as HTML, so the grammar is the one that knows both. */
const files: Readonly<Record<string, readonly [string, string]>> = {
  python: ["tree-sitter-python", "tree-sitter-python.wasm"],
  javascript: ["tree-sitter-javascript", "tree-sitter-javascript.wasm"],
  typescript: ["tree-sitter-typescript", "tree-sitter-typescript.wasm"],
  tsx: ["tree-sitter-typescript", "tree-sitter-tsx.wasm"],
  java: ["tree-sitter-java", "tree-sitter-java.wasm"],
  c: ["tree-sitter-c", "tree-sitter-c.wasm"],
  cpp: ["tree-sitter-cpp", "tree-sitter-cpp.wasm"],
  go: ["tree-sitter-go", "tree-sitter-go.wasm"],
  rust: ["tree-sitter-rust", "tree-sitter-rust.wasm"],
  php: ["tree-sitter-php", "tree-sitter-php.wasm"],
  ruby: ["tree-sitter-ruby", "tree-sitter-ruby.wasm"],
  "c-sharp": ["tree-sitter-c-sharp", "tree-sitter-c_sharp.wasm"],
  bash: ["tree-sitter-bash", "tree-sitter-bash.wasm"]
}

const resolver = createRequire(import.meta.url)

/** Returns the path of a grammar's file; undefined when the language has none. Throws when the package is gone. */
export const grammarFile = (language: string): string | undefined => {
  const file = files[language]
  if (file === undefined) return undefined
  const beside = fileURLToPath(new URL(`./grammars/${file[1]}`, import.meta.url))
  return existsSync(beside) ? beside : resolver.resolve(`${file[0]}/${file[1]}`)
}

/** Names of the languages that have a grammar. */
export const grammarLanguages: ReadonlyArray<string> = Object.keys(files)
