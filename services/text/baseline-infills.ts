/** Answers to gaps that need no model: what a model has to be better than. */

/** How an answer is made of what stands around a gap. */
type BaselineInfill = (prefix: string, suffix: string) => string

/** Most lines that are looked through, counted back from the gap. */
const mostLines = 2000

/**
 * Returns the rest of the line that went on after what the line of the gap begins with; where none begins so, the line
 * that followed the line most like the one above the gap. Of equal ones the nearest counts. "" where nothing is alike.
 *
 * @example
 * similarLine("a = f(1)\nb = 2\na = ", "") // "f(1)"
 */
export const similarLine: BaselineInfill = (prefix) => {
  const lines = prefix.split("\n").slice(-mostLines)
  const head = lines.pop() ?? ""
  const begun = head.trimStart()
  if (begun !== "") {
    const same = lines.findLast((line) => line.trimStart().startsWith(begun) && line.trim() !== begun.trim())
    return same?.trimStart().slice(begun.length) ?? ""
  }
  const above = wordsOf(lines.at(-1) ?? "")
  let [best, found] = [0, ""]
  for (let place = lines.length - 2; place >= 0; place--) {
    const next = (lines[place + 1] ?? "").trimStart()
    const likeness = next === "" ? 0 : likenessOf(above, wordsOf(lines[place] ?? ""))
    if (likeness > best) [best, found] = [likeness, next]
  }
  return found
}

/** Returns the first line with ink behind the gap: what a model says that does not see where to stop. */
export const suffixEcho: BaselineInfill = (_, suffix) =>
  suffix.split("\n", mostLines).find((line) => line.trim() !== "")?.trim() ?? ""

const wordsOf = (line: string): ReadonlySet<string> => new Set(line.match(/[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu))

/** Share of the words of both that both have (Dice). */
const likenessOf = (one: ReadonlySet<string>, other: ReadonlySet<string>): number => {
  if (one.size === 0 || other.size === 0) return 0
  const shared = [...one].filter((word) => other.has(word)).length
  return 2 * shared / (one.size + other.size)
}

/** The baselines by the names that users give them. */
export const baselines = {
  "similar-line": similarLine,
  "suffix-echo": suffixEcho
} satisfies Record<string, BaselineInfill>

/** The name of a baseline. */
export type BaselineName = keyof typeof baselines
