/**
 * `pnpm bench secrets <repository>...`: how many of a thousand secrets of each kind pass, which source files of the
 * repositories hold what looks like one, and how fast that is told.
 */
import { execFileSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { holdsSecret, secretIn } from "../../services/secrets/secret-in.ts"
import { languageOfPath } from "../../services/text/language.ts"
import { furtherKinds, knownKinds, laterKinds, plant } from "../support/planted-secrets.ts"

const draws = 1000
const say = (line: string) => process.stdout.write(`${line}\n`)

for (const [name, kind] of Object.entries({ ...knownKinds, ...furtherKinds, ...laterKinds })) {
  const passed = Array.from({ length: draws }, (_, salt) => plant(name, kind, salt)).filter(({ line }) =>
    !holdsSecret(line)
  )
  if (passed.length > 0) say(`${passed.length} of ${draws} pass: ${name}`)
}

let files = 0
let found = 0
let units = 0
let millis = 0
for (const repository of process.argv.slice(2)) {
  const paths = execFileSync("git", ["-C", repository, "ls-files", "-z"], { encoding: "utf8", maxBuffer: 2 ** 28 })
    .split("\0").filter((path) => languageOfPath(path) !== undefined)
  for (const path of paths) {
    const text = readFileSync(join(repository, path), "utf8")
    const start = performance.now()
    const secret = secretIn(text)
    millis += performance.now() - start
    files++
    units += text.length
    if (secret === undefined) continue
    found++
    say(`${join(repository, path)}: ${secret.kind} ${JSON.stringify(secret.text.slice(0, 60))}`)
  }
}
if (files > 0) say(`${found} of ${files} files, ${(units / 1000 / millis).toFixed(0)} MB/s`)
