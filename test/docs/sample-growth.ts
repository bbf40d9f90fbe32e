/** What lintseq's page shows: a program of six lines that grows. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { retrace } from "./program.ts"

const program = `def mean(values):
    if not values:
        return 0
    return sum(values) / len(values)

print(mean([1, 2]))
`

export const sampleGrowth = async (): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), "retrace-growth-"))
  try {
    const row = { instruction: "Write a mean", response: program }
    writeFileSync(join(folder, "one.jsonl"), `${JSON.stringify(row)}\n`)
    const { stdout } = await retrace({ folder, args: ["lintseq", "--input", "one.jsonl", "--preview", "1"] })
    return `\`\`\`diff\n${stdout.trimEnd()}\n\`\`\``
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
