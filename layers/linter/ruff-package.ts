/** The package that ruff comes in: WebAssembly for Node, and what is used of its JavaScript. */
import { createRequire } from "node:module"
import { join } from "node:path"
import { setFlagsFromString } from "node:v8"
import { type CompileWith, readCode, withCompiler } from "./compiled-code.ts"

/**
 * Rules that only broken code violates: formats that do not fit their arguments, misplaced statements, undefined names,
 * and what pylint calls errors. Three are left out because they fire on code that runs: comparing constants with "is"
 * (F632), and two on "%" formats that depend on values (F507, F523). So are the rules on single characters (PLE25),
 * which removing a line cannot violate, and which take a tenth of the time.
 */
const rules = {
  select: ["F50", "F52", "F62", "F63", "F70", "F82", "F901", "PLE", "B002"],
  ignore: ["F632", "F507", "F523", "PLE25"]
}

export interface Ruff {
  readonly check: (source: string) => unknown
}

/** What of the package is used. */
interface RuffModule {
  readonly Workspace: new(options: unknown, encoding: number) => Ruff
  readonly PositionEncoding: { readonly Utf16: number }
}

const require = createRequire(import.meta.url)
const packageName = "@astral-sh/ruff-wasm-nodejs"

/** The file in a folder in which ruff's compiled code is kept. */
export const ruffCodePath = (folder: string): string => {
  const { version }: { readonly version: string } = require(`${packageName}/package.json`)
  return join(folder, `ruff-${version}.code`)
}

/** Starts an instance of ruff; `compile` makes its module. */
export const startRuffWith = (compile: CompileWith): Ruff => {
  const path = require.resolve(packageName)
  // Loaded anew it makes another instance: one that broke on a text keeps the stack that it had then.
  delete require.cache[path]
  const { PositionEncoding, Workspace } = withCompiler(compile, (): RuffModule => require(path))
  return new Workspace({ "target-version": "py313", lint: rules }, PositionEncoding.Utf16)
}

/** V8 would spend five seconds of processor time and 280 MB to make these ten megabytes a third faster. */
const compileQuickly: CompileWith = (wasm, compile) => {
  setFlagsFromString("--liftoff-only")
  try {
    return compile(wasm)
  } finally {
    setFlagsFromString("--no-liftoff-only")
  }
}

/** Starts an instance of ruff from its compiled code in a folder, and says whether that was there. */
export const startRuff = (codeFolder: string | null): { readonly ruff: Ruff; readonly isKept: boolean } => {
  let isKept = false
  const ruff = startRuffWith((wasm, compile) => {
    const kept = codeFolder === null ? undefined : readCode(ruffCodePath(codeFolder), wasm)
    isKept = kept !== undefined
    return kept ?? compileQuickly(wasm, compile)
  })
  return { ruff, isKept }
}
