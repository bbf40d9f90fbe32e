/** The folders that may hold a clone's bundles: its own, or the user's where the clone cannot be written. */
import { createHash } from "node:crypto"
import { mkdirSync, symlinkSync } from "node:fs"
import { homedir } from "node:os"
import { join } from "node:path"

const userCache = () => {
  const { LOCALAPPDATA, XDG_CACHE_HOME } = process.env
  if (XDG_CACHE_HOME) return XDG_CACHE_HOME
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches")
  if (process.platform === "win32") return LOCALAPPDATA || join(homedir(), "AppData", "Local")
  return join(homedir(), ".cache")
}

/** Returns the two folders, the clone's own first. */
export const cachesOf = (root) => {
  const name = createHash("sha256").update(root).digest("hex").slice(0, 16)
  return [join(root, "node_modules", ".cache", "retrace"), join(userCache(), "retrace", "bundles", name)]
}

/** Makes one of the two. A bundle finds packages in the folders above it, so the user's folder links to the clone's. */
export const openCache = (cache, root) => {
  mkdirSync(cache, { recursive: true })
  if (cache.startsWith(join(root, "node_modules"))) return
  try {
    symlinkSync(join(root, "node_modules"), join(cache, "node_modules"), "junction")
  } catch (cause) {
    if (cause.code !== "EEXIST") throw cause
  }
}
