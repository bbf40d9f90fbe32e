/** What a file is, told by its first bytes: something that is unpacked or read, or something else that has a name. */

/** What is to be done with bytes. */
export type ByteKind =
  | { readonly _tag: "gzip" | "zstd" | "parquet" | "text" }
  | { readonly _tag: "UTF-16"; readonly label: "utf-16le" | "utf-16be" }
  /** `name` goes on from "it is", and `advice` says what makes rows of it. */
  | { readonly _tag: "foreign"; readonly name: string; readonly advice: string }

const unpack = (program: string) => `unpack it with ${program} first`
const convert = "write it as JSON Lines or Parquet first"

/** How files begin that hold no rows as they are. Bytes as characters of their numbers. */
const foreign: ReadonlyArray<readonly [start: string, name: string, advice: string]> = [
  ["BZh", "packed by bzip2", unpack("bunzip2")],
  ["\xfd7zXZ\0", "packed by xz", unpack("unxz")],
  ["\x04\x22\x4d\x18", "packed by lz4", unpack("unlz4")],
  ["LZIP", "packed by lzip", unpack("lzip -d")],
  ["\xff\x06\0\0sNaPpY", "packed by snappy", unpack("snzip -d")],
  ["PK\x03\x04", "a zip archive", unpack("unzip")],
  ["PK\x05\x06", "a zip archive with nothing in it", "name another file"],
  ["7z\xbc\xaf\x27\x1c", "a 7z archive", unpack("7z x")],
  ["Rar!\x1a\x07", "a rar archive", unpack("unrar x")],
  ["ARROW1", "an Arrow or Feather file", convert],
  ["FEA1", "a Feather file", convert],
  ["\xff\xff\xff\xff", "an Arrow stream", convert],
  ["ORC", "an ORC file", convert],
  ["Obj\x01", "an Avro file", convert],
  ["PARE", "a Parquet file with an encrypted footer", "write it without encryption first"],
  ["SQLite format 3\0", "an SQLite database", convert],
  ["\x89HDF\r\n\x1a\n", "an HDF5 file", convert],
  ["\x93NUMPY", "a NumPy array", convert],
  ["\x80\x02", "a Python pickle", convert],
  ["\x80\x03", "a Python pickle", convert],
  ["\x80\x04", "a Python pickle", convert],
  ["\x80\x05", "a Python pickle", convert],
  ["%PDF-", "a PDF document", "name a file of rows"],
  ["\x89PNG", "an image", "name a file of rows"],
  ["\x7fELF", "a program", "name a file of rows"],
  ["version https://git-lfs.github.com/", "a pointer of Git LFS, and not the file itself", "run git lfs pull first"]
]

/** tar has its mark behind the first header's fields. */
const tarMark = 257

/** The lines that are looked at before a text is called a table, and their least number. */
const tableLines = 12
const leastTableLines = 2

const foreignKind = (name: string, advice: string): ByteKind => ({ _tag: "foreign", name, advice })

/** Tells what bytes are; `isWhole` says that nothing comes behind them. */
export const kindOf = (head: Buffer, fileName: string, isWhole: boolean): ByteKind => {
  const start = head.toString("latin1", 0, 64)
  if (start.startsWith("\x1f\x8b")) return { _tag: "gzip" }
  // Frames that are to be skipped may stand before the first one that is not.
  const isSkipped = start.startsWith("*M\x18", 1) && start.charCodeAt(0) >> 4 === 5
  if (isSkipped || start.startsWith("\x28\xb5\x2f\xfd")) return { _tag: "zstd" }
  if (start.startsWith("PAR1")) return { _tag: "parquet" }
  for (const [mark, name, advice] of foreign) if (start.startsWith(mark)) return foreignKind(name, advice)
  if (head.toString("latin1", tarMark, tarMark + 5) === "ustar") return foreignKind("a tar archive", unpack("tar -x"))
  if (/^(?:\xff\xfe\0\0|\0\0\xfe\xff|[[{]\0\0\0|\0\0\0[[{])/.test(start)) {
    return foreignKind("a text in UTF-32", "write it in UTF-8 first")
  }
  if (/^(?:\xff\xfe|[[{\s]\0)/.test(start)) return { _tag: "UTF-16", label: "utf-16le" }
  if (/^(?:\xfe\xff|\0[[{\s])/.test(start)) return { _tag: "UTF-16", label: "utf-16be" }
  return textKind(head, fileName, isWhole)
}

/** A text is taken as JSON Lines, unless it is clear that it is something else. */
const textKind = (head: Buffer, fileName: string, isWhole: boolean): ByteKind => {
  const lines = head.toString("utf8").replace(/^\ufeff/, "").split(/\r\n|\r|\n/)
  if (!isWhole) lines.pop()
  const filled = lines.filter((line) => line.trim() !== "").slice(0, tableLines)
  const [first = ""] = filled
  const name = fileName.toLowerCase().replace(/\.(?:gz|gzip|zst|zstd)$/, "")
  if ("[{\x1e".includes(first.trimStart().charAt(0))) return { _tag: "text" }
  if (name.endsWith(".tsv") || isTable(filled, "\t")) {
    return foreignKind("a table of values between tabs (TSV)", convert)
  }
  if (name.endsWith(".csv") || isTable(filled, ",") || isTable(filled, ";")) {
    return foreignKind("a table of values between commas (CSV)", convert)
  }
  if (/^\s*<(?:[?!a-z])/i.test(first)) return foreignKind("XML or HTML", convert)
  if (/\.ya?ml$/.test(name) || first.startsWith("%YAML") || first === "---") return foreignKind("YAML", convert)
  if (name.endsWith(".br")) return foreignKind("packed by brotli", unpack("brotli -d"))
  return { _tag: "text" }
}

/** Whether all lines have as many separators, and none of them begins as JSON does. */
const isTable = (lines: ReadonlyArray<string>, separator: string): boolean => {
  // Separators in quotes are part of a value.
  const counts = lines.map((line) => line.replace(/"(?:[^"]|"")*"/g, "").split(separator).length)
  return lines.length >= leastTableLines && (counts[0] ?? 0) > 1 && counts.every((count) => count === counts[0]) &&
    !lines.some((line) => /^\s*[[{]/.test(line))
}
