/**
 * `pnpm bench licences <truth.tsv> <folder of clones>`: how many licences are named as a hand-made truth has them, how many
 * are unknown, and which are wrong. A line of the truth is a repository, a path, or "*" for the repository itself, and its
 * licence; "?" where nobody could name it for certain. Clones are bare or not, in folders of the repositories' names.
 */
import { execFileSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import spdx from "spdx-license-list/full.js"
import type { TreeFile } from "../../services/Git.ts"
import { nearestOf } from "../../services/history/nearest-files.ts"
import { headLicenceOf } from "../../services/hygiene/file-licence.ts"
import { makeLicenceTexts } from "../../services/hygiene/licence-texts.ts"
import { isLicencePath, licenceName, licenceOfFile } from "../../services/hygiene/path-licence.ts"

const [truth = "", folder = ""] = process.argv.slice(2)
const say = (line: string) => process.stdout.write(`${line}\n`)
const began = performance.now()
const texts = makeLicenceTexts(Object.entries(spdx).map(([name, { licenseText }]) => ({ name, text: licenseText })))
say(`index made in ${Math.round(performance.now() - began)} ms`)

const git = (repository: string, ...args: ReadonlyArray<string>) =>
  execFileSync("git", ["-C", join(folder, repository), ...args], { encoding: "utf8", maxBuffer: 2 ** 28 })
const filesOf = new Map<string, ReadonlyMap<string, string | undefined>>()
let [named, millis] = [0, 0]
const licenceFiles = (repository: string) => {
  const known = filesOf.get(repository)
  if (known !== undefined) return known
  const paths = git(repository, "ls-tree", "-r", "-z", "--name-only", "HEAD").split("\0").filter(isLicencePath)
  const found = new Map(paths.map((path) => {
    const text = git(repository, "show", `HEAD:${path}`)
    const start = performance.now()
    const name = texts.nameOf(text)
    millis += performance.now() - start
    named++
    return [path, name]
  }))
  filesOf.set(repository, found)
  return found
}

const nearestTo = (path: string, names: ReadonlyMap<string, string | undefined>) => {
  const files = [...names.keys()].map((path): TreeFile => ({ path, kind: "file", blob: path }))
  return nearestOf(files, [{ commit: null, path }], isLicencePath).flat().map(({ path }) => names.get(path))
}

const counts = { right: 0, unknown: 0, wrong: 0 }
const kinds = { repositories: { ...counts }, files: { ...counts } }
for (const line of readFileSync(truth, "utf8").trim().split("\n")) {
  const [repository = "", path = "", wanted = ""] = line.split("\t")
  const head = path === "*" ? { _tag: "none" as const } : headLicenceOf(git(repository, "show", `HEAD:${path}`))
  const found = licenceName(licenceOfFile(head, nearestTo(path, licenceFiles(repository)))) || "?"
  const verdict = found === wanted ? "right" : found === "?" ? "unknown" : "wrong"
  kinds[path === "*" ? "repositories" : "files"][verdict]++
  if (verdict !== "right") say(`${verdict}: ${repository} ${path}: ${found} for ${wanted}`)
}
for (const [kind, { right, unknown, wrong }] of Object.entries(kinds)) {
  say(`${kind}: ${right} right, ${unknown} unknown though they could be named, ${wrong} wrong`)
}
say(`${named} licence files, ${(millis / Math.max(1, named)).toFixed(1)} ms each`)
