/** The licences of the packages that are inside the bundle, in one file. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"

/** Folder of the package that a file belongs to; a package may lie inside another one. */
const packageFolder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/

const licenceOf = (folder) => {
  const { license, name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))
  const file = readdirSync(folder).find((name) => /^(?:licen[cs]e|copying)/i.test(name))
  const text = file === undefined ? `Licence: ${license}` : readFileSync(join(folder, file), "utf8").trim()
  return `${name} ${version}\n\n${text}\n`
}

/** Writes the licences of all packages that `inputs`, paths of files, belong to. */
export const writeLicences = (path, inputs) => {
  const folders = new Set(inputs.flatMap((input) => packageFolder.exec(resolve(input).replaceAll("\\", "/")) ?? []))
  const licences = [...new Set([...folders].map(licenceOf))].sort()
  writeFileSync(path, licences.join(`\n${"-".repeat(80)}\n\n`))
}
