/**
 * `pnpm bench near-duplicates <rows.jsonl>... [--rows=1000000] [--planted=0.1]`: how fast near-duplicates are found and how
 * much memory that takes, whether planted ones are found, and whether rows that come in parts give the same.
 *
 * The rows of the files are taken again and again, each time with names of their own, until there are enough; a share of
 * them is planted once more with one line that differs.
 */
import { createReadStream } from "node:fs"
import { createInterface } from "node:readline"
import { splitPrompt } from "../../services/formats/split-prompt.ts"
import { parseRegion, parseZed } from "../../services/formats/zed.ts"
import { comparedText, signatureBytes, signatureOf } from "../../services/hygiene/min-hash.ts"
import { makeNearDuplicates, type NearDuplicates } from "../../services/hygiene/near-duplicates.ts"
import { type Fields, metadataOf, textOf } from "../../services/rows/fields.ts"
import type { PlacedText } from "../../services/rows/picture.ts"
import { fingerprint } from "../../services/text/random.ts"

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
