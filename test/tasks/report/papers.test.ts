/** The papers of a dataset that is published: what the card says about that, and Croissant beside it. */
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import MarkdownIt from "markdown-it"
import { parse } from "yaml"
import { licenceAddresses } from "../../../tasks/report/licences.ts"
import { inCell } from "../../../tasks/shared/markdown.ts"
import { faultsOfCroissant, valuesAt } from "../../support/croissant.ts"
import { makeRepository, pythonModule, temporaryFolder, type TestRepository } from "../../support/repository.ts"
import { runTask } from "../../support/task.ts"

let root = ""
let repository: TestRepository
const at = (name: string) => join(root, name)

beforeAll(() => {
  root = temporaryFolder()
  repository = makeRepository("shop")
  for (let step = 0; step < 5; step++) {
    for (const name of ["a", "b", "c", "d"]) repository.write(`${name}.py`, pythonModule(4, `${name}${step}_`))
    repository.commit(`step ${step}`)
  }
})
afterAll(() => {
  repository.dispose()
  rmSync(root, { recursive: true, force: true })
})

const generate = async (folder: string, ...args: ReadonlyArray<string>) => {
  const all = [repository.path, "-o", at(folder), "--dataset-type", "both", "--split", "0.6", "-q", ...args]
  const ended = await runTask(["generate", ...all])
  assert.strictEqual(ended.code, 0, ended.stderr)
}
const report = (folder: string, ...args: ReadonlyArray<string>) => runTask(["report", at(folder), ...args])
const cardOf = (folder: string) => {
  const [, head = "", body = ""] =
    /^---\n([^]*?)\n---\n([^]*)$/.exec(readFileSync(at(`${folder}/README.md`), "utf8")) ??
      []
  return { head: parse(head), body }
}
const croissantOf = (folder: string) => JSON.parse(readFileSync(at(`${folder}/croissant.json`), "utf8"))
const published = ["--url", "https://example.org/rows", "--creator", "Shop & Sons", "--date-published", "2026-01-31"]

describe("croissant.json", () => {
  for (const [format, ...flags] of [["jsonl"], ["parquet", "--output-format", "parquet", "--shard-rows", "10"]]) {
    it(`describes the files and columns of ${format} as version 1.1 requires`, { timeout: 60_000 }, async () => {
      const folder = `rows-${format}`
      await generate(folder, ...flags)
      const ended = await report(folder, "--license", "bsd-3-clause", "--title", "Shop rows", ...published)
      assert.strictEqual(ended.code, 0, ended.stderr)
      const document = croissantOf(folder)
      assert.deepStrictEqual(faultsOfCroissant(document), [])
      assert.deepInclude(document, {
        name: "Shop rows",
        license: ["https://spdx.org/licenses/BSD-3-Clause.html"],
        url: "https://example.org/rows",
        creator: { "@type": "sc:Organization", name: "Shop & Sons" },
        datePublished: "2026-01-31",
        "prov:wasDerivedFrom": [{
          "@type": "prov:Entity",
          name: "shop",
          version: repository.git("rev-parse", "HEAD").trim()
        }]
      })
      assert.isAbove(document.distribution.length, format === "jsonl" ? 3 : 4)
      for (const { contentSize, contentUrl, sha256 } of document.distribution) {
        const bytes = readFileSync(at(`${folder}/${contentUrl}`))
        assert.strictEqual(sha256, createHash("sha256").update(bytes).digest("hex"), contentUrl)
        assert.strictEqual(contentSize, `${bytes.length} B`)
      }
      if (format !== "jsonl") return
      // Every path leads to a value of a real row.
      for (const { field, name } of document.recordSet) {
        const text = readFileSync(at(`${folder}/${name.split("/")[1]}`), "utf8")
        const row = JSON.parse(text.slice(0, text.indexOf("\n")))
        const paths = field.flatMap((one: any) =>
          (one.subField ?? [one]).map((leaf: any) => leaf.source.extract.jsonPath)
        )
        assert.isAbove(paths.length, 20)
        for (const path of paths) assert.notInclude(valuesAt(row, path), undefined, path)
      }
    })
  }

  it("is not written without its publisher, nor without a licence, and then nothing else is", {
    timeout: 60_000
  }, async () => {
    await generate("bare")
    const half = await report("bare", "--creator", "me", "--license", "mit")
    assert.strictEqual(half.code, 64)
    assert.include(half.stderr, "pass --url and --date-published too")
    const unlicensed = await report("bare", ...published)
    assert.strictEqual(unlicensed.code, 64)
    assert.include(unlicensed.stderr, "no row says its licence; pass --license, or generate with --licenses")
    const unknown = await report("bare", ...published, "--license", "openrail++")
    assert.include(unknown.stderr, "SPDX lists no licence \"openrail++\"; pass --license-link too")
    for (const wrong of [["--url", "rows"], ["--date-published", "2026-02-30"], ["--license-link", "ftp://a/b"]]) {
      assert.strictEqual((await report("bare", ...wrong)).code, 64, wrong.join(" "))
    }
    assert.isFalse(existsSync(at("bare/README.md")))
    assert.strictEqual((await report("bare", "--url", "https://example.org/rows")).code, 0)
    assert.isFalse(existsSync(at("bare/croissant.json")))
  })
})

it("the addresses of licences are those of the publisher, or else of all rows, or none", () => {
  const typed = (licences: Readonly<Record<string, number>>) => [{ name: "sft", licences }]
  const other = { license: "other", licenseLink: undefined }
  const rows = typed({ "MIT OR Apache-2.0": 3, "GPL-2.0-only WITH Classpath-exception-2.0": 1, mit: 2 })
  assert.deepStrictEqual(licenceAddresses(other, rows), [
    "https://spdx.org/licenses/Apache-2.0.html",
    "https://spdx.org/licenses/GPL-2.0-only.html",
    "https://spdx.org/licenses/MIT.html"
  ])
  assert.isString(licenceAddresses(other, typed({ MIT: 3, "": 1 })))
  assert.isString(licenceAddresses(other, typed({ "of my own": 1 })))
  assert.isString(licenceAddresses(other, []))
  assert.deepStrictEqual(licenceAddresses({ ...other, license: "cc-by-4.0" }, rows), [
    "https://spdx.org/licenses/CC-BY-4.0.html"
  ])
  assert.deepStrictEqual(licenceAddresses({ ...other, licenseLink: "https://example.org/a" }, rows), [
    "https://example.org/a"
  ])
})

describe("the card", () => {
  const row = (license: string, at: number) => ({
    prompt: `question ${at}`,
    completion: `answer ${at}`,
    metadata: { repo: "a/b", license }
  })

  it("counts rows by licence, and says what was left out and whom to ask for more", { timeout: 60_000 }, async () => {
    const folder = at("licensed")
    mkdirSync(folder)
    const licences = ["MIT", "MIT", "MIT OR Apache-2.0", "", "|<b>`x`\u001b[31m"]
    writeFileSync(
      join(folder, "train_sft.jsonl"),
      licences.map((one, at) => `${JSON.stringify(row(one, at))}\n`).join("")
    )
    writeFileSync(join(folder, "ATTRIBUTION.md"), "# Attribution\n")
    writeFileSync(join(folder, "contaminated.jsonl"), `${JSON.stringify({ file: "HumanEval.jsonl.gz", task: "a" })}\n`)
    writeFileSync(
      join(folder, "metadata.json"),
      JSON.stringify({
        identity: {
          task: "generate",
          version: "1.2.3",
          settings: {
            "personal-data": "mask",
            decontaminate: [{ file: "HumanEval.jsonl.gz", sha256: "a".repeat(64), tasks: 164 }]
          },
          repositories: [{ repository: "a/b", commit: "c".repeat(40) }]
        },
        near_duplicates: { sft: { compared: 9, clusters: 2, largest: 3, left_out: 3, beside_held_out: 1 } },
        ledger: {
          cuts: {
            came: 9,
            kept: 3,
            leftOut: {
              "benchmark: HumanEval.jsonl.gz HumanEval/1": 2,
              "benchmark: HumanEval.jsonl.gz HumanEval/2": 1,
              "licence header": 1,
              blank: 2
            }
          },
          rows: { came: 8, kept: 5, leftOut: { "near-duplicate": 2, "near-duplicate of a held-out row": 1 } }
        }
      })
    )
    const ended = await report(
      "licensed",
      "--creator",
      "Shop",
      ...published.slice(0, 2),
      "--license-link",
      "https://example.org/terms",
      ...published.slice(4)
    )
    assert.strictEqual(ended.code, 0, ended.stderr)
    const { body, head } = cardOf("licensed")
    assert.deepInclude(head, {
      license: "other",
      license_name: "licences-of-the-sources",
      license_link: "https://example.org/terms",
      language: ["code"],
      annotations_creators: ["machine-generated"],
      language_creators: ["found"],
      source_datasets: ["original"]
    })
    assert.include(body, "| [MIT](https://spdx.org/licenses/MIT.html) | 2 |\n")
    assert.include(body, "| MIT OR Apache-2.0 | 1 |\n")
    assert.include(body, "|\n| not known | 1 |\n\n")
    assert.include(body, "`ATTRIBUTION.md` names the repositories")
    assert.include(body, "Left out are 3 examples of sft from 2 clusters of at most 3.")
    assert.include(body, `| HumanEval.jsonl.gz | 164 | ${"a".repeat(64)} |`)
    assert.include(body, "phone numbers are masked")
    assert.include(body, "| benchmark: HumanEval.jsonl.gz | 3 |")
    assert.include(body, "| near-duplicate of a held-out row | 1 |")
    assert.deepStrictEqual(head.configs.map((config: any) => config.config_name), ["sft"])
    // The table is of what has to do with publishing; of all else the sentence tells what was most.
    assert.notMatch(body, /\| (?:blank|licence header) \|/)
    assert.include(body, "Left out most often, by stage: blank (2 of 9 cuts) and licence header (1 of 9 cuts).")
    assert.include(body, "ask Shop at <https://example.org/rows>")
    assert.notInclude(body, "\u001b")
    const html = new MarkdownIt().render(body)
    assert.notInclude(html, "<b>")
    assert.include(html, "|&lt;b&gt;`x`")
    assert.deepStrictEqual(croissantOf("licensed").license, ["https://example.org/terms"])
  })

  it("tells of licences where rows name some, and of removal where a run tells what was read", {
    timeout: 60_000
  }, async () => {
    mkdirSync(at("plain"))
    writeFileSync(at("plain/train_sft.jsonl"), `${JSON.stringify({ prompt: "p", completion: "c" })}\n`)
    const none = await report("plain", "--license", "XYZ")
    assert.strictEqual(none.code, 64)
    assert.match(none.stderr, /^Cannot use --license XYZ: it takes a licence as the Hub or SPDX names it/)
    assert.strictEqual((await report("plain", "--license", "MIT")).code, 0)
    const { body, head } = cardOf("plain")
    assert.strictEqual(head.license, "mit")
    assert.notProperty(head, "license_name")
    for (const section of ["## Licences", "## What was left out", "## How to have code removed"]) {
      assert.notInclude(body, section)
    }
  })
})

it("a text of a stranger stands in a cell as itself", () => {
  for (const text of ["a|b", "<i>x</i>", "[a](b)", "*a* _b_ `c` ~~d~~", "a\\|b", "&amp; &lt;", "![x](y)", "a#b"]) {
    const html = new MarkdownIt({ html: true }).render(`| h |\n|---|\n| ${inCell(text)} |\n`)
    const cell = /<td>(.*)<\/td>/.exec(html)?.[1] ?? ""
    const plain = cell.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, "\"").replace(/&amp;/g, "&")
    assert.strictEqual(plain, text)
  }
  assert.notInclude(inCell("a\nb"), "\n")
})
