/** What Croissant 1.1 requires of a document, as its specification lists it. */

const isAddress = (value: unknown): boolean => typeof value === "string" && /^https?:\/\/\S+$/.test(value)
const isText = (value: unknown): boolean => typeof value === "string" && value !== ""
const isDay = (value: unknown): boolean => typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value)
const listOf = (value: any): ReadonlyArray<any> => (value === undefined ? [] : [value].flat())

/** Properties of a dataset that must be there, with what each of their values has to be. */
const required: Readonly<Record<string, (value: any) => boolean>> = {
  "@type": (value) => value === "sc:Dataset",
  conformsTo: (value) => value === "http://mlcommons.org/croissant/1.1",
  name: isText,
  description: isText,
  license: (value) => isAddress(value) || isAddress(value?.url),
  url: isAddress,
  creator: (value) => /^sc:(?:Organization|Person)$/.test(value?.["@type"]) && isText(value.name),
  datePublished: isDay,
  distribution: (value) => /^cr:File(?:Object|Set)$/.test(value?.["@type"])
}

/** Terms that the context has to explain, wherever they are used. */
const terms = [
  "arrayShape",
  "column",
  "conformsTo",
  "dataType",
  "extract",
  "field",
  "fileObject",
  "isArray",
  "jsonPath",
  "recordSet",
  "source",
  "subField",
  "transform"
]

/** Returns what is wrong with a document, a line each. */
export const faultsOfCroissant = (document: any): ReadonlyArray<string> => {
  const faults: Array<string> = []
  const context = document["@context"] ?? {}
  if (context["@vocab"] !== "http://schema.org/" || context.cr !== "http://mlcommons.org/croissant/") {
    faults.push("the context names no vocabulary")
  }
  for (const term of terms) {
    const meaning = context[term]?.["@id"] ?? context[term]
    if (meaning !== `${term === "conformsTo" ? "dct" : "cr"}:${term}`) faults.push(`the context has no ${term}`)
  }
  for (const [name, isRight] of Object.entries(required)) {
    const values = listOf(document[name])
    if (values.length === 0 || !values.every(isRight)) faults.push(`${name} is ${JSON.stringify(document[name])}`)
  }
  const ids: Array<string> = []
  const files = new Map<string, string>()
  for (const file of listOf(document.distribution)) {
    ids.push(file["@id"])
    files.set(file["@id"], file.encodingFormat)
    const isWhole = isText(file.contentUrl) && isText(file.encodingFormat) && /^[\da-f]{64}$/.test(file.sha256)
    if (!isWhole) faults.push(`a file is ${JSON.stringify(file)}`)
  }
  const look = (field: any, parent: string): void => {
    ids.push(field["@id"])
    if (!field["@id"].startsWith(`${parent}/`)) faults.push(`${field["@id"]} stands in ${parent}`)
    if (field["@type"] !== "cr:Field" || !isText(field.name)) faults.push(`${field["@id"]} is no field`)
    for (const inner of listOf(field.subField)) look(inner, field["@id"])
    if (field.subField !== undefined) return
    const encoding = files.get(field.source?.fileObject?.["@id"])
    if (encoding === undefined) faults.push(`${field["@id"]} comes from a file that is not there`)
    const way = encoding === "application/x-parquet" ? "column" : "jsonPath"
    if (!/^sc:(?:Text|Boolean|Integer|Float)$/.test(field.dataType) || !isText(field.source?.extract?.[way])) {
      faults.push(`${field["@id"]} comes from ${JSON.stringify(field.source)}`)
    }
  }
  for (const set of listOf(document.recordSet)) {
    ids.push(set["@id"])
    if (set["@type"] !== "cr:RecordSet" || listOf(set.field).length === 0) faults.push(`${set["@id"]} has no fields`)
    for (const field of listOf(set.field)) look(field, set["@id"])
  }
  if (new Set(ids).size !== ids.length) faults.push("two things have one @id")
  return faults
}

/** Returns the values at a path such as $.messages[*].role. */
export const valuesAt = (row: any, jsonPath: string): ReadonlyArray<unknown> =>
  jsonPath.replace(/^\$\.?/, "").split(".").reduce<ReadonlyArray<any>>((values, step) => {
    const inner = values.map((value) => value?.[step.replace("[*]", "")])
    return step.endsWith("[*]") ? inner.flat() : inner
  }, [row])
