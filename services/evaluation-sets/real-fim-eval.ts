/**
 * Real-FIM-Eval: what commits of 2025 added, and what they wrote in place of something, judged by perplexity (Gong et al.
 * 2025, gonglinyuan/real_fim_eval).
 */
import { type EvaluationSet, holdsNoEdits, noEvaluationRow, unknownOrigin } from "./row.ts"
import { dateTold, hasTexts, languageTold, toldIn } from "./told.ts"

/** The set. Its repository is the group. */
export const realFimEval: EvaluationSet = {
  name: "real-fim-eval",
  is: (row) => hasTexts(row, ["repo", "path", "prompt", "suffix", "canonical_solution"]),
  read: (row) => {
    const [path, repository, removed] = [toldIn(row, "path"), toldIn(row, "repo"), toldIn(row, "to_remove")]
    return {
      ...unknownOrigin,
      _tag: "infill",
      path,
      language: languageTold(toldIn(row, "lang"), path),
      repository,
      commit: toldIn(row, "ref"),
      group: repository,
      kind: removed === "" ? "add" : "edit",
      date: dateTold(toldIn(row, "timestamp")),
      prefix: toldIn(row, "prompt"),
      suffix: toldIn(row, "suffix"),
      gold: toldIn(row, "canonical_solution"),
      removed,
      context: [],
      prompt: null
    }
  },
  write: (row) => {
    if (row._tag !== "infill") return noEvaluationRow(holdsNoEdits)
    const { commit, date, gold, language, path, prefix, removed, repository, suffix } = row
    return {
      repo: repository,
      ref: commit,
      path,
      timestamp: date,
      lang: language,
      prompt: prefix,
      suffix,
      to_remove: removed,
      canonical_solution: gold
    }
  }
}
