/**
 * Bundles the program when a source changed since the last time, and says where the bundle lies. One file is read in
 * a fifth of the time that its hundred modules take. Plain JavaScript: it runs before there is a bundle.
 */
import { randomBytes } from "node:crypto"
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs"
import { dirname, join, relative, resolve } from "node:path"
import { fileURLToPath } from "node:url"

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const cache = join(root, "node_modules", ".cache", "retrace")

/** Packages that stay outside: WebAssembly and binaries find their files beside themselves, rare ones load late. */
const external = [
  "web-tree-sitter",
  "esbuild",
  "oxc-parser",
  "node-pty",
  "@secretlint/*",
  "@huggingface/tokenizers",
  "shiki",
  "shiki/*"
]

const stampOf = (path) => {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat === undefined ? "gone" : `${stat.mtimeMs}-${stat.size}`
}

/** How many bundles are kept beside those that programs run from. */
const keptBundles = 4

/**
 * Returns the folder of an up-to-date bundle of `entries`, a table of output name to source path under the root.
 * Two programs may bundle at once: each writes its own folder, and the manifest is renamed into place.
 */
export const ensureBundle = async (name, entries) => {
  const manifestPath = join(cache, `${name}.json`)
  try {
    const manifest = JSON.parse(readFileSync(manifestPath, "utf8"))
    const isFresh = manifest.inputs.every(([path, stamp]) => stampOf(join(root, path)) === stamp)
    if (isFresh && statSync(manifest.folder, { throwIfNoEntry: false }) !== undefined) return marked(manifest.folder)
  } catch {
    // No manifest, or one that was cut short: bundle anew.
  }
  const { build } = await import("esbuild")
  const folder = join(cache, `${name}-${Date.now().toString(36)}-${randomBytes(3).toString("hex")}`)
  mkdirSync(folder, { recursive: true })
  const result = await build({
    absWorkingDir: root,
    entryPoints: Object.entries(entries).map(([out, source]) => ({ out, in: resolve(root, source) })),
    outdir: folder,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    minifySyntax: true,
    minifyWhitespace: true,
    outExtension: { ".js": ".mjs" },
    external,
    loader: { ".vim": "text" },
    metafile: true,
    logLevel: "error",
    banner: {
      js: "import{createRequire as __createRequire}from\"node:module\";const require=__createRequire(import.meta.url);"
    }
  })
  const page = name === "program" ? await buildPage(build, join(folder, "page")) : { inputs: {} }
  const inputs = { ...result.metafile.inputs, ...page.inputs }
  const sources = Object.keys(inputs).filter((path) => !path.includes("node_modules/"))
  const watched = [...sources, "package.json", "pnpm-lock.yaml", "tasks/bundle.mjs"]
  const manifest = {
    folder,
    inputs: watched.map((path) => [relative(root, join(root, path)), stampOf(join(root, path))])
  }
  const draft = `${folder}.json`
  writeFileSync(draft, JSON.stringify(manifest))
  renameSync(draft, manifestPath)
  const older = readdirSync(cache).filter((entry) => entry.startsWith(`${name}-`)).sort()
  for (const entry of older.slice(0, -keptBundles)) {
    if (!isInUse(join(cache, entry))) rmSync(join(cache, entry), { recursive: true, force: true })
  }
  return marked(folder)
}

const mark = /^(\d+)\.user$/

/** Says that this process runs from a bundle: it loads parts of it, and starts threads from it, as long as it lives. */
const marked = (folder) => {
  writeFileSync(join(folder, `${process.pid}.user`), "")
  return folder
}

const isInUse = (folder) =>
  readdirSync(folder).some((name) => {
    const pid = Number(mark.exec(name)?.[1])
    if (Number.isNaN(pid)) return false
    try {
      process.kill(pid, 0)
      return true
    } catch (cause) {
      // Another user's process is one that lives.
      return cause.code === "EPERM"
    }
  })

/** The browser's part of view: one script and one sheet of styles. */
const buildPage = async (build, outdir) => {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { app: "tasks/view/page/app.ts" },
    outdir,
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
    metafile: true,
    logLevel: "error",
    tsconfigRaw: "{}"
  })
  return metafile
}

/** The program: its command line, its worker, its library. */
export const programEntries = { main: "tasks/main.ts", worker: "tasks/worker.ts", library: "tasks/library.ts" }
