/** Finds the licence files that speak for versions of files, as they were at their commits. */
import * as Effect from "effect/Effect"
import type { FilePlace, Repository, TreeFile } from "../../../services/Git.ts"
import { folderOf } from "../../../services/history/nearest-files.ts"
import { isLicencePath } from "../../../services/hygiene/path-licence.ts"

/** Ids of the licence files that speak for the files of a folder at a commit; null stands for one that cannot be read. */
export type LicenceFiles = ReadonlyMap<string, ReadonlyArray<string | null>>

/** What is asked of a repository. */
type LicenceSource = Pick<Repository, "blobs" | "nearestFiles">

/** Returns the key of what speaks for a file. */
export const licenceKey = ({ commit, path }: FilePlace): string => `${commit ?? ""}:${folderOf(path)}`

/** Finds the licence files that speak for files. */
export const readLicenceFiles = Effect.fnUntraced(function*(
  repository: LicenceSource,
  places: ReadonlyArray<FilePlace>
) {
  const found = yield* repository.nearestFiles(places, isLicencePath)
  const at = new Map<string, { readonly place: FilePlace; readonly files: ReadonlyArray<TreeFile> }>()
  for (const [index, place] of places.entries()) at.set(licenceKey(place), { place, files: found[index] ?? [] })
  const folders = [...at.values()]
  const links = folders.flatMap(({ files, place }) =>
    files.filter(({ kind }) => kind === "symlink").map((link) => ({ link, commit: place.commit }))
  )
  const targets = yield* readTargets(repository, links)
  const licences = new Map<string, ReadonlyArray<string | null>>()
  for (const [key, { files, place }] of at) {
    licences.set(
      key,
      files.map(({ blob, kind, path }) =>
        kind === "file" ? blob : targets.get(linkKey({ commit: place.commit, path })) ?? null
      )
    )
  }
  return licences satisfies LicenceFiles
})

const linkKey = ({ commit, path }: FilePlace): string => `${commit ?? ""}:${path}`

/** Follows links to files of the same commit; a link to a link leads nowhere. */
const readTargets = Effect.fnUntraced(function*(
  repository: LicenceSource,
  links: ReadonlyArray<{ readonly link: TreeFile; readonly commit: string | null }>
) {
  const targets = new Map<string, string>()
  if (links.length === 0) return targets
  const contents = yield* repository.blobs(links.map(({ link }) => link.blob))
  const led = links.flatMap(({ commit, link }, index) => {
    const content = contents[index] ?? null
    const path = content === null ? undefined : resolved(folderOf(link.path), new TextDecoder().decode(content))
    return path === undefined ? [] : [{ from: linkKey({ commit, path: link.path }), to: { commit, path } }]
  })
  const names = new Set(led.map(({ to }) => nameOf(to.path)))
  const found = yield* repository.nearestFiles(led.map(({ to }) => to), (name) => names.has(name))
  for (const [index, { from, to }] of led.entries()) {
    const target = found[index]?.find(({ kind, path }) => kind === "file" && path === to.path)
    if (target !== undefined) targets.set(from, target.blob)
  }
  return targets
})

const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1)

/** Returns where a relative path leads from a folder, or undefined where that is outside of the repository. */
const resolved = (folder: string, path: string): string | undefined => {
  const parts = folder === "" ? [] : folder.split("/")
  if (path.startsWith("/")) return undefined
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue
    if (part !== "..") parts.push(part)
    else if (parts.pop() === undefined) return undefined
  }
  return parts.join("/")
}
