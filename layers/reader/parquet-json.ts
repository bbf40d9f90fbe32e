/**
 * Values of Parquet as JSON, exact: integers of 64 bits and decimals have all their digits, times have all digits of
 * their unit, and bytes that are no text are written in hexadecimal, as 0x00ff.
 */
import { isUtf8 } from "node:buffer"
import { type FileMetaData, type ParquetParsers, parquetSchema, type SchemaElement, type SchemaTree } from "hyparquet"

/** Writes a value of one column as JSON. */
type WriteJson = (value: unknown) => string

/** A value of a column of JSON: it is written as it is. */
class JsonText {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

const textOfBytes = (bytes: Uint8Array): string => {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return isUtf8(view) ? view.toString("utf8") : `0x${view.toString("hex")}`
}

const same = <A>(value: A): A => value

/** Leaves to us what would be rounded: times stay numbers in their unit, and JSON stays text. */
export const exactParsers: Partial<ParquetParsers> = {
  timestampFromMilliseconds: same,
  timestampFromMicroseconds: same,
  timestampFromNanoseconds: same,
  dateFromDays: same,
  stringFromBytes: (bytes: Uint8Array | undefined) => bytes && textOfBytes(bytes),
  jsonFromBytes: (bytes: Uint8Array | undefined) => bytes && new JsonText(textOfBytes(bytes))
}

/**
 * Returns metadata by which the library gives decimals, intervals and BSON as they are stored, and maps as lists of keys
 * and values: as objects they would lose keys that are equal, and the types of the others.
 */
export const exactMetadata = (metadata: FileMetaData): FileMetaData => ({
  ...metadata,
  schema: metadata.schema.map((element) => {
    const { converted_type: converted, logical_type: logical, ...rest } = element
    if (isMapElement(element)) return rest
    const isKept = converted !== "DECIMAL" && converted !== "INTERVAL" && converted !== "BSON" &&
      logical?.type !== "DECIMAL"
    return isKept ? element : rest
  })
})

const isMapElement = ({ converted_type: converted, logical_type: logical }: SchemaElement): boolean =>
  converted === "MAP" || converted === "MAP_KEY_VALUE" || logical?.type === "MAP"

/** Returns what writes a row of the file, as the library gives it, as a JSON object with its columns in their order. */
export const rowWriter = (metadata: FileMetaData): WriteJson => structWriter(parquetSchema(metadata).children)

const structWriter = (children: ReadonlyArray<SchemaTree>): WriteJson => {
  const fields = children.map((child) => ({
    name: child.element.name,
    start: `${JSON.stringify(child.element.name)}:`,
    write: fieldWriter(child)
  }))
  return (value) => {
    if (typeof value !== "object" || value === null) return "null"
    let text = "{"
    for (const { name, start, write } of fields) {
      text += (text.length === 1 ? "" : ",") + start + write(fieldOf(value, name))
    }
    return `${text}}`
  }
}

const listOf = (write: WriteJson): WriteJson => (value) =>
  isList(value) ? `[${[...value].map(write).join(",")}]` : "null"

const isList = (value: unknown): value is Iterable<unknown> => Array.isArray(value) || ArrayBuffer.isView(value)

/** A column, which is a list of its own where it is repeated outside of any list. */
const fieldWriter = (tree: SchemaTree): WriteJson =>
  tree.element.repetition_type === "REPEATED" ? listOf(valueWriter(tree)) : valueWriter(tree)

const valueWriter = (tree: SchemaTree): WriteJson => {
  const { children, element } = tree
  if (children.length === 0) return orNull(leafWriter(element))
  const [inner] = children
  if (inner !== undefined && children.length === 1 && inner.element.repetition_type === "REPEATED") {
    if (isMapElement(element) && inner.children.length === 2) return mapWriter(inner)
    if (element.converted_type === "LIST" || element.logical_type?.type === "LIST") return listWriter(inner)
  }
  return element.logical_type?.type === "VARIANT" ? orNull(writeAny) : structWriter(children)
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined

/** What a group repeats: the library gives some lists as they are, and others as an object that holds them. */
const entriesIn = (value: unknown, { element }: SchemaTree): ReadonlyArray<unknown> | undefined => {
  const entries = isList(value) ? value : fieldOf(value, element.name)
  return isList(entries) ? [...entries] : undefined
}

const listWriter = (inner: SchemaTree): WriteJson => {
  const [item] = inner.children
  const write = item === undefined || inner.children.length > 1 ? valueWriter(inner) : fieldWriter(item)
  return (value) => {
    // Within such an object each entry is one again.
    const isWrapped = !isList(value) && item !== undefined && inner.children.length === 1
    const entries = entriesIn(value, inner)
    return entries === undefined
      ? "null"
      : `[${entries.map((entry) => write(isWrapped ? fieldOf(entry, item.element.name) : entry)).join(",")}]`
  }
}

/** A map as an object: its keys as texts, equal ones as often as they stand in it. */
const mapWriter = (inner: SchemaTree): WriteJson => {
  const [keys, values] = inner.children.map((child) => ({ name: child.element.name, write: fieldWriter(child) }))
  if (keys === undefined || values === undefined) return writeAny
  const keyed = (key: string): string => (key.startsWith("\"") ? key : JSON.stringify(key))
  return (value) => {
    const entries = entriesIn(value, inner)
    return entries === undefined
      ? "null"
      : `{${
        entries.map((entry) =>
          `${keyed(keys.write(fieldOf(entry, keys.name)))}:${values.write(fieldOf(entry, values.name))}`
        ).join(",")
      }}`
  }
}

const orNull = (write: WriteJson): WriteJson => (value) => value === null || value === undefined ? "null" : write(value)

/** A value of which the schema says no more than what it is in JavaScript. */
const writeAny: WriteJson = (value) => {
  if (typeof value === "string") return JSON.stringify(value)
  if (value === null || value === undefined) return "null"
  if (typeof value === "bigint") return String(value)
  if (typeof value === "number") return Number.isFinite(value) ? JSON.stringify(value) : JSON.stringify(String(value))
  if (value instanceof JsonText) return writeJsonText(value)
  if (value instanceof Uint8Array) return JSON.stringify(textOfBytes(value))
  if (isList(value)) return listOf(writeAny)(value)
  if (typeof value !== "object" || value instanceof Date) return JSON.stringify(value)
  return `{${Object.entries(value).map(([name, part]) => `${JSON.stringify(name)}:${writeAny(part)}`).join(",")}}`
}

/** Text of a JSON column on one line; what is no JSON is a text. */
const writeJsonText = ({ text }: JsonText): string => {
  try {
    JSON.parse(text)
  } catch {
    return JSON.stringify(text)
  }
  return text.replace(/[\r\n]+/g, " ").trim()
}

const writeQuoted = (text: string): string => `"${text}"`

const leafWriter = (element: SchemaElement): WriteJson => {
  const { converted_type: converted, logical_type: logical, type } = element
  if (converted === "DECIMAL" || logical?.type === "DECIMAL") {
    const scale = element.scale ?? (logical?.type === "DECIMAL" ? logical.scale : 0)
    return (value) => decimal(integerOf(value), scale)
  }
  if (converted === "INTERVAL") {
    return (value) => (value instanceof Uint8Array ? writeQuoted(interval(value)) : writeAny(value))
  }
  if (converted === "DATE" || logical?.type === "DATE") return (value) => day(Number(integerOf(value)))
  if (type === "INT96") return (value) => instant(integerOf(value), 9, "")
  if (logical?.type === "TIMESTAMP") {
    const digits = unitDigits[logical.unit]
    return (value) => instant(integerOf(value), digits, logical.isAdjustedToUTC ? "Z" : "")
  }
  if (converted === "TIMESTAMP_MILLIS") return (value) => instant(integerOf(value), 3, "Z")
  if (converted === "TIMESTAMP_MICROS") return (value) => instant(integerOf(value), 6, "Z")
  if (logical?.type === "TIME") {
    const digits = unitDigits[logical.unit]
    return (value) => writeQuoted(clock(integerOf(value), digits))
  }
  if (converted === "TIME_MILLIS") return (value) => writeQuoted(clock(integerOf(value), 3))
  if (converted === "TIME_MICROS") return (value) => writeQuoted(clock(integerOf(value), 6))
  if (type === "FLOAT" || type === "DOUBLE" || logical?.type === "FLOAT16") return float
  return writeAny
}

const unitDigits = { MILLIS: 3, MICROS: 6, NANOS: 9 } as const

/** A number with a point even where it is whole, as a column of such numbers has it; what JSON does not know is a text. */
const float: WriteJson = (value) => {
  if (typeof value !== "number") return writeAny(value)
  if (!Number.isFinite(value)) return writeQuoted(String(value))
  const text = Object.is(value, -0) ? "-0" : String(value)
  return /[.e]/.test(text) ? text : `${text}.0`
}

/** A stored integer, whichever way it is stored; bytes are signed, the first ones the greatest. */
const integerOf = (value: unknown): bigint => {
  if (typeof value === "bigint") return value
  if (typeof value === "number") return BigInt(value)
  if (!(value instanceof Uint8Array) || value.length === 0) return 0n
  const hex = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex")
  return BigInt.asIntN(value.length * 8, BigInt(`0x${hex}`))
}

const decimal = (unscaled: bigint, scale: number): string => {
  if (scale <= 0) return `${unscaled}${unscaled === 0n ? "" : "0".repeat(-scale)}`
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, "0")
  return `${unscaled < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

const secondsOfDay = 86_400n

/** Divides so that the rest is never negative. */
const floorDivide = (value: bigint, by: bigint): readonly [bigint, bigint] => {
  const rest = ((value % by) + by) % by
  return [(value - rest) / by, rest]
}

const millisOfDay = 86_400_000

/** A day, counted from 1970; a number where no calendar has it. */
const dayText = (days: number): string | undefined => {
  const date = new Date(days * millisOfDay)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString().slice(0, -"T00:00:00.000Z".length)
}
const day = (days: number): string => {
  const text = dayText(days)
  return text === undefined ? String(days) : writeQuoted(text)
}

const clock = (units: bigint, digits: number): string => {
  const [seconds, fraction] = floorDivide(units, 10n ** BigInt(digits))
  const two = (value: bigint) => String(value).padStart(2, "0")
  return `${two(seconds / 3600n)}:${two(seconds / 60n % 60n)}:${two(seconds % 60n)}.${
    String(fraction).padStart(digits, "0")
  }`
}

/** A point in time with all digits of its unit; `zone` is "Z", or "" where the file does not say which zone it means. */
const instant = (units: bigint, digits: number, zone: string): string => {
  const [days, rest] = floorDivide(units, secondsOfDay * 10n ** BigInt(digits))
  const date = dayText(Number(days))
  return date === undefined ? String(units) : writeQuoted(`${date}T${clock(rest, digits)}${zone}`)
}

/** An interval as ISO 8601 has it, from its months, days and milliseconds. */
const interval = (bytes: Uint8Array): string => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const [months, days, millis] = [0, 4, 8].map((at) => view.getUint32(at, true))
  return `P${months}M${days}DT${(millis ?? 0) / 1000}S`
}
