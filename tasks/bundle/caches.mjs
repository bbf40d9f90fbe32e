/** The folders that may hold a clone's bundles: its own, or the user's where the clone cannot be written. */
import { createHash } from "node:crypto"
import { existsSync, lstatSync, mkdirSync, symlinkSync } from "node:fs"
import { homedir, tmpdir, userInfo } from "node:os"
import { dirname, isAbsolute, join } from "node:path"

/** The user's home, where HOME is empty too; a user whom the system does not know has none. */
const home = () => {
  for (const ask of [homedir, () => userInfo().homedir]) {
    try {
      const folder = ask()
      if (isAbsolute(folder)) return folder
    } catch {
      // The system does not know the user.
    }
  }
  return undefined
}

const userCache = () => {
  const { LOCALAPPDATA, XDG_CACHE_HOME } = process.env
  // What is no absolute path is to be ignored, says the specification of these folders.
  if (XDG_CACHE_HOME && isAbsolute(XDG_CACHE_HOME)) return XDG_CACHE_HOME
  if (process.platform === "win32" && LOCALAPPDATA) return LOCALAPPDATA
  const folders = { darwin: ["Library", "Caches"], win32: ["AppData", "Local"] }[process.platform] ?? [".cache"]
  const folder = home()
  return folder === undefined ? undefined : join(folder, ...folders)
}

/** A folder for temporary files that is this user's own: whoever may write to it may run code as this user. */
const temporaryCache = () => join(tmpdir(), `retrace-of-${process.getuid?.() ?? "user"}`)

const isOwn = (folder) => {
  const found = lstatSync(folder)
  return found.isDirectory() && found.uid === (process.getuid?.() ?? found.uid) &&
    (process.platform === "win32" || (found.mode & 0o022) === 0)
}

/** Returns the folders, the clone's own first, and that for a user without a home last. */
export const cachesOf = (root) => {
  const name = createHash("sha256").update(root).digest("hex").slice(0, 16)
  const user = userCache()
  return [
    join(root, "node_modules", ".cache", "retrace"),
    ...(user === undefined ? [] : [join(user, "retrace", "bundles", name)]),
    join(temporaryCache(), "bundles", name)
  ]
}

/** Makes a folder and those above it, one by one: asked for all of them at once, Node never returns from some places. */
const makeFolder = (folder) => {
  if (existsSync(folder)) return
  if (dirname(folder) !== folder) makeFolder(dirname(folder))
  try {
    mkdirSync(folder, folder === temporaryCache() ? 0o700 : undefined)
  } catch (cause) {
    if (cause.code !== "EEXIST") throw cause
  }
}

/** Whether nobody else could put something into a folder that lies among everybody's temporary files. */
export const isTrusted = (cache) => {
  const shared = temporaryCache()
  return !cache.startsWith(join(shared, "bundles")) || (existsSync(shared) && isOwn(shared))
}

/** Returns a folder of that name in the user's cache; makes it, and those above it, if asked. */
export const openUserFolder = (name, isMade) => {
  const folder = join(userCache(), "retrace", name)
  if (isMade) makeFolder(folder)
  return folder
}

/** Makes one of the folders. A bundle finds packages in the folders above it, so a user's folder links to the clone's. */
export const openCache = (cache, root) => {
  makeFolder(cache)
  if (cache.startsWith(join(root, "node_modules"))) return
  if (!isTrusted(cache)) throw Object.assign(new Error("another user's folder"), { code: "EPERM" })
  try {
    symlinkSync(join(root, "node_modules"), join(cache, "node_modules"), "junction")
  } catch (cause) {
    if (cause.code !== "EEXIST") throw cause
  }
}
