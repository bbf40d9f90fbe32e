/** Which files of a tree are the nearest to a path: those of its folder, or else of the folders above it. */
import type { FilePlace, TreeFile } from "../Git.ts"

/** Returns the folder of a path, without a final slash; "" for the upper end of the tree. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")))

/** Returns the folder of a path and all those above it, the nearest first; "" is the last. */
export const foldersAbove = (path: string): ReadonlyArray<string> => {
  const folders = [folderOf(path)]
  for (let folder = folders[0] ?? ""; folder !== "";) folders.push(folder = folderOf(folder))
  return folders
}

/** Returns for each place the files of a whole tree that are wanted and nearest to it; the commits do not count. */
export const nearestOf = (
  files: ReadonlyArray<TreeFile>,
  places: ReadonlyArray<FilePlace>,
  isWanted: (name: string) => boolean
): ReadonlyArray<ReadonlyArray<TreeFile>> => {
  const wanted = new Map<string, Array<TreeFile>>()
  for (const file of files) {
    if (!isWanted(file.path.slice(file.path.lastIndexOf("/") + 1))) continue
    const folder = folderOf(file.path)
    const known = wanted.get(folder)
    if (known === undefined) wanted.set(folder, [file])
    else known.push(file)
  }
  return places.map(({ path }) => {
    for (const folder of foldersAbove(path)) {
      const found = wanted.get(folder)
      if (found !== undefined) return found
    }
    return []
  })
}
