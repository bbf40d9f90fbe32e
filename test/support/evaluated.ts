/** Rows to be evaluated on, and models that answer them as a script says. */
import { writeFileSync } from "node:fs"
import { randomOf } from "../../services/text/random.ts"

/** Code of another file, as rows show it to models without tokens for files. */
const contextOf = (number: number) => (number % 5 === 0 ? `# --- g.py ---\ng = ${number}\n` : "")

/** A held-out row of a gap in StarCoder's tokens; so many rows of a number share a group. */
export const gapRow = (number: number, rowsOfGroup = 4) => ({
  prompt: `<fim_prefix>${
    contextOf(number)
  }def f_${number}(x):\n    y = x\n    return <fim_suffix>\n\n\nf_${number}(1)\n<fim_middle>`,
  completion: `x + ${number}`,
  metadata: {
    language: number % 3 === 0 ? "go" : "python",
    kind: number % 2 === 0 ? "expression" : "line-end",
    filepath: `f_${number}.py`,
    format: "PSM",
    group: `g${Math.floor(number / rowsOfGroup)}`,
    commit: `c${number}`,
    context_chars: contextOf(number).length
  }
})

export const gapRows = (count: number, rowsOfGroup = 4) =>
  Array.from({ length: count }, (_, number) => gapRow(number, rowsOfGroup))

/** Writes values as JSON Lines. */
export const writeLines = (path: string, values: ReadonlyArray<unknown>) =>
  writeFileSync(path, values.map((value) => `${JSON.stringify(value)}\n`).join(""))

/** Answers of a model that is right with a probability; two models of one seed are right in the same rows, as far as may be. */
export const answersOf = (rows: ReturnType<typeof gapRows>, share: number, seed: string) =>
  rows.map(({ completion, prompt }) => ({
    prompt,
    answer: randomOf(seed, prompt).next() < share ? completion : "wrong"
  }))
