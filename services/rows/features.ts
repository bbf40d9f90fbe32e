/** The columns of a file as the Hugging Face datasets library names them, learned from its rows. */
import { isFields, type WrittenRow } from "./fields.ts"
import { elementsOf, hasUnusualNumber, membersOf } from "./json-text.ts"

/** What is known of a value: one kind, a list of one, or a struct by field. */
export type Feature =
  | { readonly kind: "null" }
  | { readonly kind: "string" | "bool" | "int64" | "float64" }
  | { readonly kind: "list"; readonly of: Feature }
  | { readonly kind: "struct"; readonly fields: ReadonlyMap<string, Feature> }
  /** Rows do not agree, so no loader can give the column one type. */
  | { readonly kind: "mixed" }

/** Returns what is known of a column from one value. */
export const featureOf = (value: unknown): Feature => {
  if (value === null || value === undefined) return { kind: "null" }
  if (typeof value === "string") return { kind: "string" }
  if (typeof value === "boolean") return { kind: "bool" }
  if (typeof value === "number") return { kind: Number.isSafeInteger(value) ? "int64" : "float64" }
  if (Array.isArray(value)) return { kind: "list", of: value.map(featureOf).reduce(merge, { kind: "null" }) }
  if (typeof value === "object") {
    return { kind: "struct", fields: new Map(Object.entries(value).map(([name, part]) => [name, featureOf(part)])) }
  }
  return { kind: "mixed" }
}

/** Returns what is known of the columns from one row. Numbers are told apart as they are written: 1.0 is no integer. */
export const featureOfRow = ({ text, value }: WrittenRow): Feature =>
  hasUnusualNumber(text) ? featureOfText(text.trim()) : featureOf(value)

/** Returns what is known of the columns once another row is read. */
export const withRow = (known: Feature, row: WrittenRow): Feature =>
  !hasUnusualNumber(row.text) && isCovered(known, row.value) ? known : merge(known, featureOfRow(row))

/** Whether a value says nothing new of a column, which is so for most rows of a file: then nothing has to be built. */
const isCovered = (known: Feature, value: unknown): boolean => {
  if (value === null || value === undefined) return true
  switch (known.kind) {
    case "null":
      return false
    case "mixed":
      return true
    case "string":
      return typeof value === "string"
    case "bool":
      return typeof value === "boolean"
    case "int64":
      return Number.isSafeInteger(value)
    case "float64":
      return typeof value === "number"
    case "list":
      return Array.isArray(value) && value.every((part) => isCovered(known.of, part))
    case "struct":
      return isFields(value) && Object.keys(value).every((name) => {
        const part = known.fields.get(name)
        return part !== undefined && isCovered(part, value[name])
      })
  }
}

const featureOfText = (text: string): Feature => {
  if (text.startsWith("{")) {
    return { kind: "struct", fields: new Map(membersOf(text).map(({ name, text }) => [name, featureOfText(text)])) }
  }
  if (text.startsWith("[")) {
    return { kind: "list", of: elementsOf(text).map(featureOfText).reduce(merge, { kind: "null" }) }
  }
  if (!/^[-\d]/.test(text)) return featureOf(JSON.parse(text))
  return { kind: /[.eE]/.test(text) || !isInt64(BigInt(text)) ? "float64" : "int64" }
}

const isInt64 = (number: bigint): boolean => BigInt.asIntN(64, number) === number

/** Returns what is known of a column from two values, or from two columns that are read as one. */
export const merge = (a: Feature, b: Feature): Feature => {
  if (a.kind === "null") return b
  if (b.kind === "null") return a
  if (a.kind === "list" && b.kind === "list") return { kind: "list", of: merge(a.of, b.of) }
  if (a.kind === "struct" && b.kind === "struct") {
    const fields = new Map(a.fields)
    for (const [name, feature] of b.fields) {
      const known = fields.get(name)
      fields.set(name, known === undefined ? feature : merge(known, feature))
    }
    return { kind: "struct", fields }
  }
  if (a.kind === b.kind) return a
  const numbers = [a.kind, b.kind].every((kind) => kind === "int64" || kind === "float64")
  return { kind: numbers ? "float64" : "mixed" }
}

/** Returns the entry of a dataset card; a column that is null in every row is called a string. */
export const renderFeature = (name: string, feature: Feature): Readonly<Record<string, unknown>> => {
  switch (feature.kind) {
    case "struct":
      return { name, struct: [...feature.fields].map(([inner, part]) => renderFeature(inner, part)) }
    case "list":
      return feature.of.kind === "struct"
        ? { name, list: [...feature.of.fields].map(([inner, part]) => renderFeature(inner, part)) }
        : { name, list: dtypeOf(feature.of) }
    default:
      return { name, dtype: dtypeOf(feature) }
  }
}

const dtypeOf = ({ kind }: Feature): string => (kind === "null" || kind === "mixed" ? "string" : kind)

/** Returns a key that is equal for files which a loader can read as one. */
export const shapeKey = (feature: Feature): string => {
  switch (feature.kind) {
    case "struct":
      return `{${[...feature.fields].map(([name, part]) => `${name}:${shapeKey(part)}`).sort().join()}}`
    case "list":
      return `[${shapeKey(feature.of)}]`
    default:
      return feature.kind === "null" ? "?" : feature.kind
  }
}
