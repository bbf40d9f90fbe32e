/** What the README shows of a dataset: the summary of a small run, and one of its rows, shortened. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { retrace } from "./program.ts"
import { withShop } from "./shop.ts"

interface Row {
  readonly prompt: string
  readonly chosen: string
  readonly rejected: string
  readonly metadata: Readonly<Record<string, unknown>>
}

const args = ["generate", "--repo", "shop", "--dataset-type", "dpo", "--format", "PSM"]

export const sampleOutput = (): Promise<string> =>
  withShop(async ({ folder, told }) => {
    const { stderr } = await retrace({ folder, args })
    const rows = readFileSync(join(folder, "dataset/train_dpo.jsonl"), "utf8").trim().split("\n")
      .map((line): Row => JSON.parse(line))
    const row = rows.find(({ chosen, metadata }) => metadata["negative"] === "operator" && !chosen.includes("\n"))
    if (row === undefined) throw new Error("there is no row of one line with a wrong operator")
    // What it said before was progress, which a slow machine says more of.
    const summary = told(stderr.slice(stderr.indexOf("Wrote ")).trim())
    return `\`\`\`console\n$ retrace ${args.join(" ")}\n${summary}\n\`\`\`\n\n` +
      `\`\`\`json\n${shortened(row)}\n\`\`\``
  })

/** The row on a few lines, its prompt cut down to what stands around the gap. */
const shortened = ({ chosen, metadata, prompt, rejected }: Row): string => {
  const [, prefix = "", suffix = ""] = /^<\|fim_prefix\|>([^]*)<\|fim_suffix\|>([^]*)<\|fim_middle\|>$/.exec(prompt) ??
    []
  const short = `<|fim_prefix|>…${prefix.slice(prefix.lastIndexOf("\n"))}<|fim_suffix|>` +
    `${suffix.slice(0, suffix.indexOf("\n") + 1)}…<|fim_middle|>`
  const fields = (keys: ReadonlyArray<string>) =>
    keys.map((key) => `${JSON.stringify(key)}: ${JSON.stringify(metadata[key])}`).join(", ")
  return `{
  "prompt": ${JSON.stringify(short)},
  "chosen": ${JSON.stringify(chosen)},
  "rejected": ${JSON.stringify(rejected)},
  "metadata": { ${fields(["repo", "filepath", "language"])},
    ${fields(["commit_message", "kind", "negative"])}, … }
}`
}
