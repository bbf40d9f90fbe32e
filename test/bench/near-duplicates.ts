/**
 * `pnpm bench near-duplicates <rows.jsonl>... [--rows=1000000] [--planted=0.1]`: how fast near-duplicates are found and how
 * much memory that takes, whether planted ones are found, and whether rows that come in parts give the same.
 *
 * The rows of the files are taken again and again, each time with names of their own, until there are enough; a share of
 * them is planted once more with one line that differs. In the end all of them are written as a run writes them, with and
 * without near-duplicates.
 */
import { createReadStream, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import * as Effect from "effect/Effect"
import * as FileWriter from "../../layers/writer/FileWriter.ts"
import { splitPrompt } from "../../services/formats/split-prompt.ts"
import { parseRegion, parseZed } from "../../services/formats/zed.ts"
import { comparedText, signatureBytes, signatureOf } from "../../services/hygiene/min-hash.ts"
import { makeNearDuplicates, type NearDuplicates } from "../../services/hygiene/near-duplicates.ts"
import { type Fields, metadataOf, textOf } from "../../services/rows/fields.ts"
import type { PlacedText } from "../../services/rows/picture.ts"
import { fingerprint } from "../../services/text/random.ts"
import { type PooledRecord, Writer } from "../../services/Writer.ts"
import { findNearDuplicates } from "../../tasks/generate/near-duplicates.ts"

const args = process.argv.slice(2)
const option = (name: string, fallback: number) =>
  Number(args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3) ?? fallback)
const wanted = option("rows", 1_000_000)
const planted = option("planted", 0.1)
const say = (line: string) => process.stdout.write(`${line}\n`)
const megabytes = () => Math.round(process.memoryUsage().rss / 2 ** 20)
const mostMegabytes = () => Math.round(process.resourceUsage().maxRSS / 1024)

const placeOf = (row: Fields): PlacedText => {
  const [prompt, completion] = [textOf(row["prompt"]) ?? "", textOf(row["completion"]) ?? ""]
  const { context_chars: chars } = metadataOf(row)
  const zed = parseZed(prompt, completion, typeof chars === "number" ? chars : 0)
  if (zed !== undefined) return { prefix: zed.before, middle: parseRegion(completion) ?? completion, suffix: zed.after }
  const split = splitPrompt(prompt)
  return { prefix: split?.prefix ?? "", middle: completion, suffix: split?.suffix ?? "" }
}

const texts: Array<string> = []
for (const path of args.filter((arg) => !arg.startsWith("--"))) {
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const text = comparedText(placeOf(JSON.parse(line)))
    if (texts.length < wanted) texts.push(text)
  }
}
if (texts.length === 0) throw new Error("pass files of rows of sft")
const mean = texts.reduce((sum, text) => sum + text.length, 0) / texts.length
say(`${texts.length} rows read, ${Math.round(mean)} characters compared of each`)

const alone = makeNearDuplicates()
for (const [at, text] of texts.entries()) {
  const signature = signatureOf(text)
  if (signature !== undefined) alone.add(fingerprint("row", at), "train", signature)
}
const found = alone.result()
const goneShare = (100 * found.leftOut.train / texts.length).toFixed(1)
say(`as they are: ${goneShare} % go, ${found.clusters} clusters, ${found.largest} rows in the largest`)

// Signatures of all rows, in one block, so that they can be given in parts: as jobs would hand them over.
const bytes = Buffer.alloc(wanted * signatureBytes)
const rowName = (row: number) => fingerprint("planted", row)
const sideOf = (row: number) => row % 10 === 9 ? "held" : "train"
const isPlanted = (row: number) => row % Math.round(1 / planted) === 1
let [made, signing] = [0, 0]
while (made < wanted) {
  const text = texts[made % texts.length] ?? ""
  const round = Math.floor(made / texts.length)
  const renamed = round === 0 ? text : text.replace(/[A-Za-z_]{3,}/g, (word) => `${word}${round}`)
  for (const one of isPlanted(made + 1) ? [renamed, renamed.replace(/\w+/, "planted")] : [renamed]) {
    if (made === wanted) break
    const start = performance.now()
    const signature = signatureOf(one)
    signing += performance.now() - start
    if (signature !== undefined) bytes.set(signature, made * signatureBytes)
    made++
  }
}
const perSecond = (rows: number, millis: number) => `${Math.round(1000 * rows / millis)} rows/s`
say(`signatures of ${wanted} rows: ${perSecond(wanted, signing)}`)

const inParts = (parts: number): NearDuplicates => {
  const gatherer = makeNearDuplicates()
  const before = megabytes()
  const start = performance.now()
  for (let part = parts - 1; part >= 0; part--) {
    for (let row = part; row < wanted; row += parts) {
      gatherer.add(
        rowName(row),
        sideOf(row),
        bytes.subarray(row * signatureBytes, (row + 1) * signatureBytes)
      )
    }
  }
  const result = gatherer.result()
  say(
    `${parts} parts: ${
      perSecond(wanted, performance.now() - start)
    }, at most ${mostMegabytes()} MB, of which ${before} before`
  )
  return result
}

const told = [1, 2, 8].map((parts) => {
  const { reasonAgainst, ...figures } = inParts(parts)
  const gone = Uint8Array.from(
    { length: wanted },
    (_, row) => reasonAgainst(rowName(row), sideOf(row)) !== undefined ? 1 : 0
  )
  // A copy is found when it or what it was made of goes; its place follows that of the other.
  const copies = Array.from({ length: wanted }, (_, row) => row).filter(isPlanted)
  const foundCopies = copies.filter((row) => gone[row] === 1 || gone[row - 1] === 1).length
  return { ...figures, copies: copies.length, foundCopies, gone: fingerprint(gone.join("")) }
})
say(JSON.stringify(told[0]))
say(new Set(told.map((one) => JSON.stringify(one))).size === 1 ? "the same rows from 1, 2 and 8 parts" : "PARTS DIFFER")

/** Writes all rows as a run does, from the pools on: what it takes to look through them, and to leave out what is alike. */
const writeRun = (isWithout: boolean) =>
  Effect.gen(function*() {
    const folder = mkdtempSync(join(tmpdir(), "retrace-bench-"))
    yield* Effect.addFinalizer(() => Effect.sync(() => rmSync(folder, { recursive: true })))
    const writer = yield* Writer
    const run = yield* writer.openRun({
      directory: folder,
      identity: "bench",
      resume: false,
      overwrite: false,
      files: [],
      bufferBytes: 2 ** 24
    })
    const recordOf = (row: number): PooledRecord => ({
      pool: sideOf(row),
      key: fingerprint("key", row),
      mate: rowName(row),
      rival: "",
      answers: fingerprint("answer", row),
      facet: "some",
      ...(isWithout
        ? { signature: bytes.toString("hex", row * signatureBytes, (row + 1) * signatureBytes) }
        : {}),
      json: Buffer.from(JSON.stringify({ row, text: texts[row % texts.length] }))
    })
    const itemRows = 1000
    for (let item = 0; item * itemRows < wanted; item++) {
      const count = Math.min(itemRows, wanted - item * itemRows)
      const records = Array.from({ length: count }, (_, at) => recordOf(item * itemRows + at))
      yield* run.commit({ item, records, ledger: {} })
    }
    const start = performance.now()
    const pools = { train: ["train"], held: ["held"] }
    const alike = isWithout ? yield* findNearDuplicates(run, pools) : undefined
    const found = performance.now()
    let rows = 0
    for (const side of ["train", "held"] as const) {
      const summary = yield* run.assemble({
        name: `${side}.jsonl`,
        pools: pools[side],
        hasRivals: false,
        apartFrom: side === "train" ? [] : pools.train,
        repeats: { pools: ["train", "held"], most: 5 },
        share: 1,
        ...(alike === undefined ? {} : { reasonAgainst: alike.reasonAgainst })
      })
      rows += summary.rows
    }
    const end = performance.now()
    say(
      `${isWithout ? "without" : "with"} near-duplicates: ${rows} of ${wanted} rows written; ` +
        `looked through in ${((found - start) / 1000).toFixed(1)} s, written in ${
          ((end - found) / 1000).toFixed(1)
        } s, ` +
        `at most ${mostMegabytes()} MB so far`
    )
  }).pipe(Effect.scoped, Effect.provide(FileWriter.layer), Effect.runPromise)

await writeRun(false)
await writeRun(true)
