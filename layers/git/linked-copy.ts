/**
 * Copies of bare clones. What a clone's history is made of is never written again once it is there, so a copy shares it by
 * links to the files: it takes no time and no room, and stays whole when the other is removed.
 */
import { constants } from "node:fs"
import { copyFile, link, mkdir, readdir } from "node:fs/promises"
import { join } from "node:path"
import { systemCode } from "../../services/faults/system-words.ts"

/** What is copied, the refs before the objects that they name: whoever adds to a clone adds the objects first. */
const parts = ["HEAD", "config", "packed-refs", "refs", "reftable", "objects"]

/** Makes a copy at a path where nothing is. Neither hooks nor links nor objects of other places come with it. */
export const copyClone = async (from: string, to: string): Promise<void> => {
  const found = new Map((await readdir(from, { withFileTypes: true })).map((entry) => [entry.name, entry]))
  await mkdir(to)
  for (const name of parts) {
    const entry = found.get(name)
    if (entry?.isDirectory() === true) await copyTree(join(from, name), join(to, name), name === "objects")
    else if (entry?.isFile() === true) await copyFile(join(from, name), join(to, name))
  }
}

const isLeftOut = (name: string): boolean => /^(?:tmp_|alternates$|http-alternates$)|\.lock$/.test(name)

const copyTree = async (from: string, to: string, byLinks: boolean): Promise<void> => {
  await mkdir(to)
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) await copyTree(source, target, byLinks)
    else if (entry.isFile() && !isLeftOut(entry.name)) {
      await (byLinks ? linkOrCopy(source, target) : copyFile(source, target))
    }
  }
}

/** Where files cannot have two names: other file systems, and those of other users. */
const hasNoLinks: ReadonlySet<string> = new Set(["EPERM", "EXDEV", "EMLINK", "ENOSYS", "ENOTSUP", "EOPNOTSUPP"])

const linkOrCopy = (from: string, to: string): Promise<void> =>
  link(from, to).catch((cause) => {
    if (!hasNoLinks.has(systemCode(cause))) throw cause
    return copyFile(from, to, constants.COPYFILE_FICLONE)
  })
