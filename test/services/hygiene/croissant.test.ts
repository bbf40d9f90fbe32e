import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { type CroissantDataset, croissantOf } from "../../../services/hygiene/croissant.ts"

const file = FastCheck.record({
  name: FastCheck.stringMatching(/^[a-z]{1,8}\.x$/),
  format: FastCheck.constantFrom("jsonl" as const, "parquet" as const),
  sha256: FastCheck.stringMatching(/^[\da-f]{64}$/)
})
const dataset: FastCheck.Arbitrary<CroissantDataset> = FastCheck.uniqueArray(file, {
  selector: ({ name }) => name,
  minLength: 1,
  maxLength: 4
}).map((files) => ({
  name: "rows",
  description: "Rows",
  version: "1.0.0",
  url: "https://example.org/rows",
  creator: "Somebody",
  datePublished: "2026-01-31",
  licences: ["MIT", "Apache-2.0"],
  keywords: ["code"],
  files,
  records: [{
    name: "sft",
    description: "Prompts and completions",
    files: files.map(({ name }) => name),
    columns: [{ name: "prompt", type: "text" }, { name: "label", type: "boolean" }]
  }],
  sources: [{ repository: "a/b", commit: "0".repeat(40) }]
}))

describe("Croissant", () => {
  it("has all that version 1.1 requires", () =>
    FastCheck.assert(FastCheck.property(dataset, (dataset) => {
      const document = croissantOf(dataset)
      const required = ["@context", "@type", "conformsTo", "name", "description", "license", "url", "creator"]
      assert.includeMembers(Object.keys(document), [...required, "datePublished", "distribution"])
      assert.strictEqual(document["conformsTo"], "http://mlcommons.org/croissant/1.1")
      assert.deepStrictEqual(document["license"], [
        "https://spdx.org/licenses/MIT.html",
        "https://spdx.org/licenses/Apache-2.0.html"
      ])
    })))

  it("names each thing once, and what is referred to is there", () =>
    FastCheck.assert(FastCheck.property(dataset, (dataset) => {
      const text = JSON.stringify(croissantOf(dataset))
      const named = [...text.matchAll(/"@type":"cr:\w+","@id":"([^"]+)"/g)].map(([, id]) => id)
      assert.strictEqual(new Set(named).size, named.length)
      assert.strictEqual(named.length, dataset.files.length * 4)
      for (const [, id] of text.matchAll(/"fileObject":\{"@id":"([^"]+)"/g)) assert.include(named, id)
      const isParquet = dataset.files.some(({ format }) => format === "parquet")
      assert.strictEqual(text.includes("\"extract\":{\"column\""), isParquet)
    })))
})
