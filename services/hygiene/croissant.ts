/**
 * Croissant 1.1: a dataset's metadata as JSON-LD, which search engines of datasets and loaders read (MLCommons, 2026).
 * Columns are read from JSON Lines by their paths, and from Parquet by their names.
 */
import type { Feature } from "../rows/features.ts"

/** A file of the dataset. */
export interface CroissantFile {
  readonly name: string
  readonly format: "jsonl" | "parquet"
  readonly bytes: number
  /** 64 hex digits. */
  readonly sha256: string
}

/** Rows of one kind, and the files that they stand in. */
export interface CroissantRecords {
  readonly name: string
  readonly description: string
  readonly files: ReadonlyArray<string>
  /** The columns of all rows, by their names. */
  readonly columns: ReadonlyMap<string, Feature>
}

/** What is told of a dataset. */
export interface CroissantDataset {
  readonly name: string
  readonly description: string
  /** Where the dataset is found, who made it, and on which day, as in 2026-01-31: only its publisher knows. */
  readonly url: string
  readonly creator: string
  readonly datePublished: string
  /** Addresses of the licences of its rows; at least one. */
  readonly licences: ReadonlyArray<string>
  readonly keywords: ReadonlyArray<string>
  readonly files: ReadonlyArray<CroissantFile>
  readonly records: ReadonlyArray<CroissantRecords>
  /** What the rows were made from; a commit is null for a folder without git. */
  readonly sources: ReadonlyArray<{ readonly repository: string; readonly commit: string | null }>
}

const context = {
  "@language": "en",
  "@vocab": "http://schema.org/",
  sc: "http://schema.org/",
  cr: "http://mlcommons.org/croissant/",
  dct: "http://purl.org/dc/terms/",
  prov: "http://www.w3.org/ns/prov#",
  arrayShape: "cr:arrayShape",
  column: "cr:column",
  conformsTo: "dct:conformsTo",
  dataType: { "@id": "cr:dataType", "@type": "@vocab" },
  extract: "cr:extract",
  field: "cr:field",
  fileObject: "cr:fileObject",
  isArray: "cr:isArray",
  jsonPath: "cr:jsonPath",
  recordSet: "cr:recordSet",
  source: "cr:source",
  subField: "cr:subField",
  transform: "cr:transform"
}

const encodings = { jsonl: "application/jsonlines", parquet: "application/x-parquet" }

/** Returns the document. A record set that stands in several files has one set of fields for each. */
export const croissantOf = (dataset: CroissantDataset): Readonly<Record<string, unknown>> => ({
  "@context": context,
  "@type": "sc:Dataset",
  conformsTo: "http://mlcommons.org/croissant/1.1",
  name: dataset.name,
  description: dataset.description,
  url: dataset.url,
  creator: { "@type": "sc:Organization", name: dataset.creator },
  datePublished: dataset.datePublished,
  license: dataset.licences,
  keywords: dataset.keywords,
  distribution: dataset.files.map(({ bytes, format, name, sha256 }) => ({
    "@type": "cr:FileObject",
    "@id": name,
    name,
    contentUrl: name,
    contentSize: `${bytes} B`,
    encodingFormat: encodings[format],
    sha256
  })),
  recordSet: dataset.records.flatMap((records) =>
    dataset.files.filter(({ name }) => records.files.includes(name)).map((file) => recordSetOf(records, file))
  ),
  "prov:wasDerivedFrom": dataset.sources.map(({ commit, repository }) => ({
    "@type": "prov:Entity",
    name: repository,
    ...(commit === null ? {} : { version: commit })
  }))
})

const recordSetOf = ({ columns, description, name }: CroissantRecords, file: CroissantFile) => {
  const id = `${name}/${file.name}`
  return {
    "@type": "cr:RecordSet",
    "@id": id,
    name: id,
    description,
    field: [...columns].map(([column, feature]) => fieldOf({ file, id, column, path: "" }, column, feature))
  }
}

/** Where a field lies: in which column of which file, and by which path inside of it. */
interface FieldPlace {
  readonly file: CroissantFile
  /** Of what holds the field. */
  readonly id: string
  readonly column: string
  readonly path: string
}

const fieldOf = (place: FieldPlace, name: string, feature: Feature): Readonly<Record<string, unknown>> => {
  const id = `${place.id}/${name}`
  const isArray = feature.kind === "list"
  const value = isArray ? feature.of : feature
  const path = isArray ? `${place.path}[*]` : place.path
  const described = {
    "@type": "cr:Field",
    "@id": id,
    name,
    ...(isArray ? { isArray: true, arrayShape: "-1" } : {})
  }
  return value.kind === "struct"
    ? {
      ...described,
      subField: [...value.fields].map(([inner, part]) =>
        fieldOf({ ...place, id, path: `${path}.${inner}` }, inner, part)
      )
    }
    : { ...described, dataType: dataTypeOf(value), source: sourceOf({ ...place, path }) }
}

const sourceOf = ({ column, file, path }: FieldPlace) => ({
  fileObject: { "@id": file.name },
  ...(file.format === "jsonl"
    ? { extract: { jsonPath: `$.${column}${path}` } }
    : { extract: { column }, ...(path === "" ? {} : { transform: { jsonPath: `$${path}` } }) })
})

const dataTypeOf = ({ kind }: Feature): string => {
  switch (kind) {
    case "bool":
      return "sc:Boolean"
    case "int64":
      return "sc:Integer"
    case "float64":
      return "sc:Float"
    default:
      return "sc:Text"
  }
}
