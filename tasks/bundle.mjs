/**
 * Bundles the program of a clone when a source changed since the last time, and says where the bundle lies.
 * Plain JavaScript: it runs before there is a bundle.
 */
import { randomBytes } from "node:crypto"
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { cachesOf, isTrusted, openCache } from "./bundle/caches.mjs"

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** There is no bundle, for a reason that the user can mend. `exitCode` is the program's. */
export class CannotBundle extends Error {
  constructor(message, exitCode) {
    super(message)
    this.exitCode = exitCode
  }
}

const isFull = ({ code }) => ["ENOSPC", "EDQUOT", "EFBIG"].includes(code)

/** Codes of a folder that cannot be made or written, such as one below a file, or below a place where nothing is made. */
const refusals = new Set([
  "EACCES",
  "EPERM",
  "EROFS",
  "ENOENT",
  "ENOTDIR",
  "ELOOP",
  "ENAMETOOLONG",
  "EINVAL",
  "ENODEV"
])

const isUnwritable = (cause) => refusals.has(cause.code) || isFull(cause)

/**
 * Returns the folder of an up-to-date bundle of `entries`, a table of output name to source path under the root: in the
 * clone, or else in the user's cache folder, or else among the user's temporary files.
 */
export const ensureBundle = async (name, entries) => {
  const caches = cachesOf(root)
  for (const cache of caches) {
    try {
      return await ensureIn(cache, name, entries)
    } catch (cause) {
      if (!isUnwritable(cause)) throw cause
    }
  }
  throw new CannotBundle(
    `Cannot write a bundle of the program to any of ${caches.map((cache) => `"${cache}"`).join(", ")}: ` +
      "set XDG_CACHE_HOME to a folder that can be written",
    73
  )
}

/** The program: its command line, its worker, its library. */
export const programEntries = { main: "tasks/main.ts", worker: "tasks/worker.ts", library: "tasks/library.ts" }

/** Two programs may bundle at once: each writes its own folder, and the manifest is renamed into place. */
const ensureIn = async (cache, name, entries) => {
  const manifestPath = join(cache, `${name}.json`)
  const kept = isTrusted(cache) ? readManifest(manifestPath) : undefined
  if (kept !== undefined) return marked(kept.folder)
  openCache(cache, root)
  const folder = join(cache, `${name}-${Date.now().toString(36)}-${randomBytes(3).toString("hex")}`)
  const draft = `${folder}.json`
  mkdirSync(folder)
  try {
    const inputs = await buildIn(folder, name, entries)
    const sources = inputs.filter((path) => !path.includes("node_modules/"))
    const watched = [...sources, "package.json", "pnpm-lock.yaml", "tasks/bundle/build.mjs"]
    const manifest = {
      folder,
      inputs: watched.map((path) => [relative(root, join(root, path)), stampOf(join(root, path))])
    }
    writeFileSync(draft, JSON.stringify(manifest))
    renameSync(draft, manifestPath)
  } catch (cause) {
    for (const path of [draft, folder]) rmSync(path, { recursive: true, force: true })
    throw cause
  }
  removeOld(cache, name)
  return marked(folder)
}

/** Returns the manifest of a bundle that is up to date. */
const readManifest = (path) => {
  try {
    const manifest = JSON.parse(readFileSync(path, "utf8"))
    const isFresh = manifest.inputs.every(([path, stamp]) => stampOf(join(root, path)) === stamp)
    return isFresh && statSync(manifest.folder, { throwIfNoEntry: false }) !== undefined ? manifest : undefined
  } catch {
    // No manifest, or one that was cut short: bundle anew.
    return undefined
  }
}

const stampOf = (path) => {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat === undefined ? "gone" : `${stat.mtimeMs}-${stat.size}`
}

const buildIn = async (folder, name, entries) => {
  const { buildInto, buildPageInto, buildProgramInto, nativePackages } = await loadBuilder()
  // What is large and loaded late is not worth a second of every change.
  const external = [...nativePackages, "esbuild", "@huggingface/tokenizers", "shiki", "shiki/*"]
  const { main, worker, ...modules } = entries
  return [
    ...await buildInto(folder, modules, { external }),
    ...main === undefined ? [] : await buildProgramInto(folder, { main, worker }, { external }),
    ...name === "program" ? await buildPageInto(folder) : []
  ]
}

const loadBuilder = async () => {
  try {
    return await import("./bundle/build.mjs")
  } catch (cause) {
    if (cause.code !== "ERR_MODULE_NOT_FOUND") throw cause
    throw new CannotBundle(
      "Cannot bundle the program: its development dependencies are not installed; run \"pnpm install\"",
      69
    )
  }
}

/** How many bundles are kept beside those that programs run from. */
const keptBundles = 4

const removeOld = (cache, name) => {
  const older = readdirSync(cache).filter((entry) => entry.startsWith(`${name}-`)).sort()
  for (const entry of older.slice(0, -keptBundles)) {
    if (!isInUse(join(cache, entry))) rmSync(join(cache, entry), { recursive: true, force: true })
  }
}

const mark = /^(\d+)\.user$/

/** Says that this process runs from a bundle: it loads parts of it, and starts threads from it, as long as it lives. */
const marked = (folder) => {
  const path = join(folder, `${process.pid}.user`)
  try {
    writeFileSync(path, "")
    process.on("exit", () => removeIfCan(path))
  } catch (cause) {
    // The bundle is there all the same; the mark only keeps it for as long as the program runs.
    if (!isFull(cause)) throw cause
  }
  return folder
}

const removeIfCan = (path) => {
  try {
    rmSync(path, { force: true })
  } catch {
    // A mark of a process that is gone is none.
  }
}

const isInUse = (path) =>
  // A draft of a manifest, which a program that was killed has left, is a file.
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true && readdirSync(path).some((name) => {
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
