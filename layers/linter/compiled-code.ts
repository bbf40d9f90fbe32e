/**
 * WebAssembly as V8 compiled it once, in a file: ten megabytes of it start in a fifth of the time, and run twice as fast
 * from their first call on. Browsers keep such code by themselves. Node has no call for it, so functions are asked that V8
 * has for its tests; what they do here is tried in processes of their own before a file gets its name (compile-ruff.ts).
 */
import { closeSync, fstatSync, openSync, readSync, writeFileSync } from "node:fs"
import { setFlagsFromString } from "node:v8"
import { runInThisContext } from "node:vm"
import { crc32 } from "node:zlib"

/** Makes a module of WebAssembly; `compile` is V8's own way. */
export type CompileWith = (wasm: Uint8Array, compile: (wasm: Uint8Array) => object) => object

/** What of the global object is used. */
const webAssembly: { Module: new(wasm: Uint8Array) => object } = runInThisContext("WebAssembly")

/** Runs what makes modules of WebAssembly, and has `compile` make them. */
export const withCompiler = <A>(compile: CompileWith, run: () => A): A => {
  const { Module } = webAssembly
  webAssembly.Module = new Proxy(Module, {
    construct: (_, [wasm]: [Uint8Array]) => compile(wasm, (bytes) => new Module(bytes))
  })
  try {
    return run()
  } finally {
    webAssembly.Module = Module
  }
}

/** Calls a function that V8 has for its tests, whose name is syntax; a Node that does not know it throws. */
const callNative = (call: string, ...args: ReadonlyArray<unknown>): unknown => {
  setFlagsFromString("--allow-natives-syntax")
  try {
    return runInThisContext(`(a, b) => ${call}`)(...args)
  } finally {
    setFlagsFromString("--no-allow-natives-syntax")
  }
}

/** Writes the compiled code of a module behind its checksum. Throws where there is none. */
export const writeCode = (path: string, module: object): void => {
  const code = callNative("%SerializeWasmModule(a)", module)
  if (!(code instanceof ArrayBuffer)) throw new Error("V8 gives no compiled code")
  const bytes = new Uint8Array(code)
  writeFileSync(path, Buffer.concat([checksumOf(bytes), bytes]))
}

const checksumOf = (bytes: Uint8Array): Buffer => {
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32LE(crc32(bytes))
  return checksum
}

/**
 * Makes a module of WebAssembly and its compiled code. Returns undefined where the file is not there or not whole, and
 * where V8 does not take it: it takes the code of its own version and flags, on a processor that can do the same. It
 * does not look whether the code is that of these bytes.
 */
export const readCode = (path: string, wasm: Uint8Array): object | undefined => {
  let file: number | undefined
  try {
    file = openSync(path, "r")
    const checksum = Buffer.alloc(4)
    readSync(file, checksum, 0, 4, 0)
    const code = new ArrayBuffer(Math.max(0, fstatSync(file).size - 4))
    const bytes = new Uint8Array(code)
    if (bytes.length === 0 || readSync(file, bytes, 0, bytes.length, 4) < bytes.length) return undefined
    if (!checksumOf(bytes).equals(checksum)) return undefined
    const module = callNative("%DeserializeWasmModule(a, b)", code, wasm)
    return typeof module === "object" && module !== null ? module : undefined
  } catch {
    return undefined
  } finally {
    if (file !== undefined) closeSync(file)
  }
}
