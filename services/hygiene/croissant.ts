/**
 * Croissant 1.1: a dataset's metadata as JSON-LD, which search engines of datasets and loaders read (MLCommons, 2026).
 * Columns are read from JSON Lines by their paths, and from Parquet by their names.
 */

/** A file of the dataset. */
export interface CroissantFile {
  readonly name: string
  readonly format: "jsonl" | "parquet"
  /** 64 hex digits. */
  readonly sha256: string
}

/** A column of all rows of a record set. */
export interface CroissantColumn {
  readonly name: string
  readonly type: "text" | "boolean" | "integer" | "number"
}

/** Rows of one kind, and the files that they stand in. */
export interface CroissantRecords {
  readonly name: string
  readonly description: string
  readonly files: ReadonlyArray<string>
  readonly columns: ReadonlyArray<CroissantColumn>
}

/** What is told of a dataset. */
export interface CroissantDataset {
  readonly name: string
  readonly description: string
  readonly version: string
  /** Where the dataset is found, who made it, and on which day, as in 2026-01-31: only its publisher knows. */
  readonly url: string
  readonly creator: string
  readonly datePublished: string
  /** SPDX names of the licences of its rows. */
  readonly licences: ReadonlyArray<string>
  readonly keywords: ReadonlyArray<string>
  readonly files: ReadonlyArray<CroissantFile>
  readonly records: ReadonlyArray<CroissantRecords>
  /** What the rows were made from. */
  readonly sources: ReadonlyArray<{ readonly repository: string; readonly commit: string }>
}

const context = {
  "@language": "en",
  "@vocab": "https://schema.org/",
  sc: "https://schema.org/",
  cr: "http://mlcommons.org/croissant/",
  dct: "http://purl.org/dc/terms/",
  prov: "http://www.w3.org/ns/prov#",
  conformsTo: "dct:conformsTo",
  recordSet: "cr:recordSet",
  field: "cr:field",
  dataType: { "@id": "cr:dataType", "@type": "@vocab" },
  source: "cr:source",
  extract: "cr:extract",
  column: "cr:column",
  jsonPath: "cr:jsonPath",
  fileObject: "cr:fileObject"
}

const encodings = { jsonl: "application/jsonlines", parquet: "application/x-parquet" }
const dataTypes = { text: "sc:Text", boolean: "sc:Boolean", integer: "sc:Integer", number: "sc:Float" }

/** Returns the document. A record set that stands in several files has one set of fields for each. */
export const croissantOf = (dataset: CroissantDataset): Readonly<Record<string, unknown>> => ({
  "@context": context,
  "@type": "sc:Dataset",
  conformsTo: "http://mlcommons.org/croissant/1.1",
  name: dataset.name,
  description: dataset.description,
  version: dataset.version,
  url: dataset.url,
  creator: { "@type": "sc:Organization", name: dataset.creator },
  datePublished: dataset.datePublished,
  license: dataset.licences.map((name) => `https://spdx.org/licenses/${name}.html`),
  keywords: dataset.keywords,
  distribution: dataset.files.map(({ format, name, sha256 }) => ({
    "@type": "cr:FileObject",
    "@id": name,
    name,
    contentUrl: name,
    encodingFormat: encodings[format],
    sha256
  })),
  recordSet: dataset.records.flatMap((records) =>
    dataset.files.filter(({ name }) => records.files.includes(name)).map((file) => recordSetOf(records, file))
  ),
  "prov:wasDerivedFrom": dataset.sources.map(({ commit, repository }) => ({
    "@type": "prov:Entity",
    name: repository,
    version: commit
  }))
})

const recordSetOf = ({ columns, description, name }: CroissantRecords, file: CroissantFile) => {
  const id = `${name}/${file.name}`
  return {
    "@type": "cr:RecordSet",
    "@id": id,
    name: id,
    description,
    field: columns.map((column) => ({
      "@type": "cr:Field",
      "@id": `${id}/${column.name}`,
      name: column.name,
      dataType: dataTypes[column.type],
      source: {
        fileObject: { "@id": file.name },
        extract: file.format === "parquet" ? { column: column.name } : { jsonPath: `$.${column.name}` }
      }
    }))
  }
}
