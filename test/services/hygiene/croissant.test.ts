import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { type CroissantDataset, croissantOf } from "../../../services/hygiene/croissant.ts"
import { type Feature, featureOf } from "../../../services/rows/features.ts"
import { faultsOfCroissant, valuesAt } from "../../support/croissant.ts"

const row = {
  prompt: "p",
  label: true,
  weight: 0.5,
  messages: [{ role: "user", content: "c" }, { role: "assistant", content: "d" }],
  metadata: { repo: "a/b", span: [1, 2], deeper: { kind: "block" } },
  nothing: null
}
const feature = featureOf(row)
const columns: ReadonlyMap<string, Feature> = feature.kind === "struct" ? feature.fields : new Map()

const file = FastCheck.record({
  name: FastCheck.stringMatching(/^[a-z]{1,8}\.x$/),
  format: FastCheck.constantFrom("jsonl" as const, "parquet" as const),
  bytes: FastCheck.nat(),
  sha256: FastCheck.stringMatching(/^[\da-f]{64}$/)
})
const dataset: FastCheck.Arbitrary<CroissantDataset> = FastCheck.uniqueArray(file, {
  selector: ({ name }) => name,
  minLength: 1,
  maxLength: 4
}).map((files) => ({
  name: "rows",
  description: "Rows",
  url: "https://example.org/rows",
  creator: "Somebody",
  datePublished: "2026-01-31",
  licences: ["https://spdx.org/licenses/MIT.html", "https://example.org/terms"],
  keywords: ["code"],
  files,
  records: [{ name: "sft", description: "Prompts and completions", files: files.map(({ name }) => name), columns }],
  sources: [{ repository: "a/b", commit: "0".repeat(40) }, { repository: "folder", commit: null }]
}))

/** All fields that hold a value. */
const leavesOf = (fields: ReadonlyArray<any>): ReadonlyArray<any> =>
  fields.flatMap((field) => (field.subField === undefined ? [field] : leavesOf(field.subField)))

describe("Croissant", () => {
  it("has all that version 1.1 requires, names each thing once, and refers to what is there", () =>
    FastCheck.assert(
      FastCheck.property(dataset, (dataset) => assert.deepStrictEqual(faultsOfCroissant(croissantOf(dataset)), []))
    ))

  it("is not taken without what is required", () => {
    const [whole] = FastCheck.sample(dataset, 1)
    const document: any = croissantOf(whole!)
    for (const name of ["@type", "conformsTo", "name", "license", "url", "creator", "datePublished", "distribution"]) {
      assert.isNotEmpty(faultsOfCroissant({ ...document, [name]: undefined }), name)
    }
    assert.isNotEmpty(faultsOfCroissant({ ...document, recordSet: [...document.recordSet, document.recordSet[0]] }))
    assert.isNotEmpty(faultsOfCroissant({ ...document, distribution: document.distribution.slice(1) }))
  })

  it("leads to the values of a row, however deep they lie", () => {
    const [whole] = FastCheck.sample(dataset, 1)
    const found = (format: "jsonl" | "parquet") => {
      const file = { name: "rows.x", format, bytes: 1, sha256: "0".repeat(64) }
      const records = whole!.records.map((set) => ({ ...set, files: [file.name] }))
      const document: any = croissantOf({ ...whole!, files: [file], records })
      return leavesOf(document.recordSet[0].field).map(({ dataType, name, source: { extract, transform } }) => {
        const place = extract.jsonPath ?? `$.${extract.column}${(transform?.jsonPath ?? "$").slice(1)}`
        return [name, dataType, valuesAt(row, place)]
      })
    }
    const wanted = [
      ["prompt", "sc:Text", ["p"]],
      ["label", "sc:Boolean", [true]],
      ["weight", "sc:Float", [0.5]],
      ["role", "sc:Text", ["user", "assistant"]],
      ["content", "sc:Text", ["c", "d"]],
      ["repo", "sc:Text", ["a/b"]],
      ["span", "sc:Integer", [1, 2]],
      ["kind", "sc:Text", ["block"]],
      ["nothing", "sc:Text", [null]]
    ]
    assert.deepStrictEqual(found("jsonl"), wanted)
    assert.deepStrictEqual(found("parquet"), wanted)
  })
})
