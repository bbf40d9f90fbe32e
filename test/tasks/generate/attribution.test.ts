/** The attribution of a dataset: which repositories, commits and licences its rows come from, counted from what was written. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, it } from "@effect/vitest"
import MarkdownIt from "markdown-it"
import { attributionOf, rowSourceOf } from "../../../tasks/generate/papers/attribution.ts"
import { folderContents } from "../../support/program.ts"
import { makeRepository, pythonModule, temporaryFolder, type TestRepository } from "../../support/repository.ts"
import { runTask } from "../../support/task.ts"

let repositories: ReadonlyArray<TestRepository> = []
let root = ""

beforeAll(() => {
  root = temporaryFolder()
  repositories = ["shop", "store"].map((name) => {
    const repository = makeRepository(name)
    for (let step = 0; step < 4; step++) {
      for (const [file, licence] of [["a", "MIT"], ["b", "Apache-2.0 OR MIT"], ["c", ""]]) {
        const head = licence === "" ? "" : `# SPDX-License-Identifier: ${licence}\n`
        repository.write(`${file}.py`, `${head}${pythonModule(3, `${name}_${file}${step}_`)}`)
      }
      repository.commit(`step ${step}`)
    }
    return repository
  })
})
afterAll(() => {
  for (const repository of repositories) repository.dispose()
  rmSync(root, { recursive: true, force: true })
})

const generate = (name: string, ...args: ReadonlyArray<string>) => {
  const places = repositories.flatMap(({ path }) => ["--repo", path])
  const output = ["-o", join(root, name), "--dataset-type", "both", "--format", "PSM", "--split", "0.6", "-q"]
  return runTask(["generate", ...places, ...output, ...args])
}

/** The tables of a page of Markdown, by their cells. */
const tablesIn = (text: string): ReadonlyArray<ReadonlyArray<ReadonlyArray<string>>> =>
  [...new MarkdownIt().render(text).matchAll(/<tbody>([^]*?)<\/tbody>/g)].map(([, body = ""]) =>
    [...body.matchAll(/<tr>([^]*?)<\/tr>/g)].map(([, row = ""]) =>
      [...row.matchAll(/<td[^>]*>([^]*?)<\/td>/g)].map(([, cell = ""]) => cell.replace(/<[^>]+>/g, ""))
    )
  )

it("names the repositories, commits and licences of the rows that were written, and counts them", async () => {
  const ended = await generate("any", "--licenses", "any", "--no-near-duplicates")
  assert.strictEqual(ended.code, 0, ended.stderr)
  const files = folderContents(join(root, "any"))
  const rows = Object.keys(files).filter((name) => name.endsWith(".jsonl"))
    .flatMap((name) => (files[name] ?? "").split("\n").filter((line) => line !== "").map((line) => JSON.parse(line)))
  const counts = new Map<string, number>()
  for (const { metadata: { license, repo } } of rows) {
    const source = `${repo} ${license === "" ? "not known" : license}`
    counts.set(source, (counts.get(source) ?? 0) + 1)
  }
  const [sources = [], licences = []] = tablesIn(files["ATTRIBUTION.md"] ?? "")
  assert.deepStrictEqual(
    new Map(sources.map(([repo, , licence, count]) => [`${repo} ${licence}`, Number(count)])),
    counts
  )
  assert.strictEqual(sources.length, 6)
  for (const [place, name] of ["shop", "store"].entries()) {
    const heads = new Set(sources.filter(([repo]) => repo === name).map(([, commit]) => commit))
    assert.deepStrictEqual([...heads], [repositories[place]?.git("rev-parse", "HEAD").trim()])
  }
  assert.strictEqual(licences.reduce((sum, [, count]) => sum + Number(count), 0), rows.length)
  assert.include(files["ATTRIBUTION.md"], "[MIT](https://spdx.org/licenses/MIT.html)")
  const { written } = JSON.parse(files["metadata.json"] ?? "{}")
  assert.include(written, "ATTRIBUTION.md")
})

it("is the same for any number of threads, and names no licence that was not asked for", async () => {
  const asked = ["--licenses", "MIT"]
  assert.strictEqual((await generate("one", ...asked, "-j", "1")).code, 0)
  assert.strictEqual((await generate("two", ...asked, "-j", "2", "--buffer-mb", "1")).code, 0)
  assert.deepStrictEqual(folderContents(join(root, "two")), folderContents(join(root, "one")))
  const [sources = []] = tablesIn(readFileSync(join(root, "one", "ATTRIBUTION.md"), "utf8"))
  assert.sameMembers([...new Set(sources.map(([, , licence = ""]) => licence))], ["MIT", "Apache-2.0 OR MIT"])
})

it("is not written where nobody asks for licences, and takes the place of nobody else's file", async () => {
  assert.strictEqual((await generate("plain")).code, 0)
  assert.isFalse(existsSync(join(root, "plain", "ATTRIBUTION.md")))
  const theirs = temporaryFolder()
  writeFileSync(join(theirs, "ATTRIBUTION.md"), "theirs\n")
  const places = repositories.flatMap(({ path }) => ["--repo", path])
  const refused = await runTask(["generate", ...places, "-o", theirs, "-q", "--licenses", "any"])
  assert.strictEqual(refused.code, 73, refused.stderr)
  assert.strictEqual(readFileSync(join(theirs, "ATTRIBUTION.md"), "utf8"), "theirs\n")
  rmSync(theirs, { recursive: true })
})

it("depends on no order of its tables, and shows what strangers call themselves as text", () => {
  const odd = rowSourceOf({ repo: "a|b <i>\n[x](y)", license: "MIT" })
  const tables = [{ [odd]: 2, [rowSourceOf({ repo: "b", license: "" })]: 1 }, { [odd]: 3 }]
  const heads = [{ repository: "b", commit: null }]
  const text = attributionOf(tables, heads)
  assert.strictEqual(attributionOf(tables.toReversed(), heads), text)
  const [sources = []] = tablesIn(text)
  assert.deepStrictEqual(sources.map(([, commit, licence, count]) => [commit, licence, count]), [
    ["", "MIT", "5"],
    ["", "not known", "1"]
  ])
  assert.match(sources[0]?.[0] ?? "", /^a\|b &lt;i&gt;.\[x\]\(y\)$/u)
})
