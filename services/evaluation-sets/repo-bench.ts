/**
 * RepoBench 1.1: the next line of a file, with parts of other files (Liu et al. 2023, Leolty/repobench). Imports stand
 * apart from the code, and no suffix is known. The prefix is the one that its own program makes of them.
 */
import { type Fields, isFields } from "../rows/fields.ts"
import {
  type EvaluationSet,
  holdsNoEdits,
  type InfillRow,
  lengthOfContext,
  noEvaluationRow,
  unknownOrigin
} from "./row.ts"
import { dateTold, hasTexts, languageTold, toldIn } from "./told.ts"

const prefixOf = (row: Fields): string => {
  const imports = toldIn(row, "import_statement")
  return `${imports === "" ? "" : `${imports}\n`}${toldIn(row, "cropped_code").trimEnd()}\n`
}

/** Lengths of prompts in tokens up to which a level goes, and how many characters a token is taken to have. */
const levels = [[1600, "2k"], [3600, "4k"], [7200, "8k"], [10800, "12k"], [14400, "16k"], [21600, "24k"], [
  28800,
  "32k"
], [
  57600,
  "64k"
]] as const
const charactersPerToken = 4

const levelOf = ({ context, prefix }: InfillRow): string => {
  const characters = prefix.length + lengthOfContext(context)
  return levels.find(([most]) => characters / charactersPerToken <= most)?.[1] ?? "128k"
}

/** The set. Its repository is the group; what it calls a level is told by an estimate. */
export const repoBench: EvaluationSet = {
  name: "repobench",
  is: (row) => hasTexts(row, ["cropped_code", "next_line"]),
  read: (row) => {
    const [path, repository] = [toldIn(row, "file_path"), toldIn(row, "repo_name")]
    const files: ReadonlyArray<unknown> = Array.isArray(row["context"]) ? row["context"] : []
    const context = files.filter(isFields).map((file) => ({
      path: toldIn(file, "path"),
      text: toldIn(file, "snippet")
    }))
    return {
      ...unknownOrigin,
      _tag: "infill",
      path,
      language: languageTold("", path),
      repository,
      group: repository,
      date: dateTold(toldIn(row, "created_at")),
      prefix: prefixOf(row),
      suffix: "",
      gold: toldIn(row, "next_line"),
      removed: "",
      context,
      contextChars: lengthOfContext(context),
      prompt: null
    }
  },
  write: (row) => {
    if (row._tag !== "infill") return noEvaluationRow(holdsNoEdits)
    const { context, date, gold, path, prefix, repository } = row
    if (gold.includes("\n") || !/(?:^|\n)[ \t]*$/.test(prefix)) return noEvaluationRow("the form holds one whole line")
    const start = prefix.lastIndexOf("\n") + 1
    return {
      repo_name: repository,
      file_path: path,
      context: context.map(({ path, text }) => ({ path, snippet: text })),
      import_statement: "",
      cropped_code: prefix.slice(0, Math.max(0, start - 1)),
      // The line is asked for whole, with its indentation.
      next_line: prefix.slice(start) + gold,
      level: levelOf(row),
      created_at: date
    }
  }
}
