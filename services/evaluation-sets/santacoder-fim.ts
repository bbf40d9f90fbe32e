/**
 * santacoder-fim: single lines that were taken out of functions in Python, JavaScript and Java, judged by exact match
 * (Allal et al. 2023, bigcode/santacoder-fim-task).
 */
import { type EvaluationSet, holdsNoEdits, noEvaluationRow, unknownOrigin } from "./row.ts"
import { hasTexts, languageTold, programGroup, toldIn } from "./told.ts"

/** How the set names the languages that its program counts. */
const shortNames: ReadonlyMap<string, string> = new Map([["python", "py"], ["javascript", "js"]])

/** The set. Gaps of one program are a group. It holds no path, repository or date. */
export const santacoderFim: EvaluationSet = {
  name: "santacoder-fim",
  is: (row) => hasTexts(row, ["prompt", "suffix", "canonical_solution"]),
  read: (row) => {
    const [prefix, suffix, gold] = [toldIn(row, "prompt"), toldIn(row, "suffix"), toldIn(row, "canonical_solution")]
    return {
      ...unknownOrigin,
      _tag: "infill",
      id: toldIn(row, "name"),
      language: languageTold(toldIn(row, "language"), ""),
      group: programGroup(prefix, gold, suffix),
      prefix,
      suffix,
      gold,
      removed: "",
      context: [],
      prompt: null
    }
  },
  write: (row) => {
    if (row._tag !== "infill") return noEvaluationRow(holdsNoEdits)
    const { gold, id, language, prefix, suffix } = row
    return {
      name: id,
      language: shortNames.get(language) ?? language,
      prompt: prefix,
      suffix,
      canonical_solution: gold
    }
  }
}
