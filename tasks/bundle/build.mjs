/** Bundles sources: one file is read in a fifth of the time that its hundred modules take. */
import { createHash } from "node:crypto"
import { mkdirSync, writeFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/**
 * Packages that always stay outside: they find WebAssembly and binaries beside themselves, or are texts of licences, which
 * few runs need.
 */
export const nativePackages = ["web-tree-sitter", "oxc-parser", "node-pty", "spdx-license-list/full.js"]

const common = { absWorkingDir: root, bundle: true, format: "esm", metafile: true, logLevel: "error" }

/** Writes what is built itself: of a disk that is full, esbuild tells in a text for each file. */
const write = async (options) => {
  const { metafile, outputFiles } = await build({ ...common, ...options, write: false })
  for (const { contents, path } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, contents)
  }
  return Object.keys(metafile.inputs)
}

/**
 * Bundles `entries`, a table of output name to source path under the root, into a folder. `external` are packages that
 * stay outside, `define` are constants that it is built with. Returns the paths of what went in.
 */
export const buildInto = (folder, entries, { define = {}, external }) =>
  write({
    entryPoints: Object.entries(entries).map(([out, source]) => ({ out, in: resolve(root, source) })),
    outdir: folder,
    splitting: true,
    platform: "node",
    target: "node20",
    minifySyntax: true,
    minifyWhitespace: true,
    outExtension: { ".js": ".mjs" },
    external,
    define,
    loader: { ".vim": "text" },
    banner: {
      js: "import{createRequire as __createRequire}from\"node:module\";const require=__createRequire(import.meta.url);"
    }
  })

/** Escapes what is no ASCII: a text of ASCII takes a byte a character. Such characters stand in literals and comments only. */
const inAscii = (text) =>
  text.replace(/[^\0-\x7f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`)

/** Has a script load packages through the module that starts it: Node 20 forgets how a script imports when its code was kept. */
const importedByMain = (text) => text.replace(/\bimport\(("[^"]+")\)/g, "importPackage($1)")

/**
 * Bundles the source of an entry into one script, `script`.cjs, which `entry`.mjs starts. The parts that it loads late
 * are in it too, and run when they are asked for.
 */
const buildScriptInto = async (folder, { entry, script, source }, { define = {}, external }) => {
  const { metafile, outputFiles } = await build({
    ...common,
    format: "cjs",
    entryPoints: [resolve(root, source)],
    outfile: join(folder, `${script}.cjs`),
    platform: "node",
    target: "node20",
    minifySyntax: true,
    minifyWhitespace: true,
    external,
    define: { ...define, "import.meta.url": "programUrl" },
    loader: { ".vim": "text" },
    write: false
  })
  const [{ path, text }] = outputFiles
  mkdirSync(folder, { recursive: true })
  const written = importedByMain(inAscii(text))
  writeFileSync(path, written)
  const scriptHash = JSON.stringify(createHash("sha256").update(written).digest("hex").slice(0, 16))
  const start = { [entry]: "tasks/bundle/start.mjs" }
  return [
    ...Object.keys(metafile.inputs),
    ...await buildInto(folder, start, {
      define: { ...define, scriptHash, scriptName: JSON.stringify(script) },
      external
    })
  ]
}

/** Bundles the program and its worker, each into one script, which main.mjs and worker.mjs start. */
export const buildProgramInto = async (folder, { main, worker }, options) => [
  ...await buildScriptInto(folder, { entry: "main", script: "program", source: main }, options),
  ...await buildScriptInto(folder, { entry: "worker", script: "worker", source: worker }, options)
]

/** Bundles the browser's part of view, one script and one sheet of styles, into "page" beside the program. */
export const buildPageInto = (folder) =>
  write({
    entryPoints: { app: "tasks/view/page/app.ts" },
    outdir: join(folder, "page"),
    platform: "browser",
    target: "es2022",
    minify: true,
    tsconfigRaw: "{}"
  })
