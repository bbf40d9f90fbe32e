/**
 * CrossCodeEval: a statement that needs other files of its repository (Ding et al. 2023, amazon-science/cceval). Its rows
 * also come without `crossfile_context`, and with an empty one where nothing was found.
 */
import { type Fields, isFields, textOf } from "../rows/fields.ts"
import { languageNamed } from "../text/language.ts"
import { countLines } from "../text/span.ts"
import {
  type ContextFile,
  type EvaluationSet,
  holdsNoEdits,
  lengthOfContext,
  noEvaluationRow,
  unknownOrigin
} from "./row.ts"
import { hasTexts, languageTold, toldIn } from "./told.ts"

const metadataIn = (row: Fields): Fields => (isFields(row["metadata"]) ? row["metadata"] : {})

const contextIn = (row: Fields): ReadonlyArray<ContextFile> => {
  const context = isFields(row["crossfile_context"]) ? row["crossfile_context"] : {}
  const list: ReadonlyArray<unknown> = Array.isArray(context["list"]) ? context["list"] : []
  const files = list.filter(isFields).map((chunk) => ({
    path: toldIn(chunk, "filename"),
    text: toldIn(chunk, "retrieved_chunk")
  }))
  const text = textOf(context["text"]) ?? textOf(row["crossfile_context"]) ?? ""
  return files.length > 0 || text === "" ? files : [{ path: "", text }]
}

/** Stands before a prompt, so other files are in comments there. */
const commented = (context: ReadonlyArray<ContextFile>, language: string): string => {
  const mark = languageNamed(language)?.lineComment ?? "#"
  return context.map(({ path, text }) => `${path}\n${text}`.split("\n").map((line) => `${mark} ${line}`).join("\n"))
    .map((block) => `${block}\n\n`).join("")
}

/** The set. It holds no commit, kind or date, and its repository is the group. */
export const crossCodeEval: EvaluationSet = {
  name: "crosscodeeval",
  is: (row) => hasTexts(row, ["prompt", "groundtruth"]),
  read: (row) => {
    const metadata = metadataIn(row)
    const [path, repository] = [toldIn(metadata, "file"), toldIn(metadata, "repository")]
    const context = contextIn(row)
    return {
      ...unknownOrigin,
      _tag: "infill",
      id: toldIn(metadata, "task_id"),
      path,
      language: languageTold("", path),
      repository,
      group: repository,
      prefix: toldIn(row, "prompt"),
      suffix: toldIn(row, "right_context"),
      gold: toldIn(row, "groundtruth"),
      removed: "",
      context,
      contextChars: lengthOfContext(context),
      prompt: null
    }
  },
  write: (row) => {
    if (row._tag !== "infill") return noEvaluationRow(holdsNoEdits)
    const { context, gold, id, language, path, prefix, repository, suffix } = row
    return {
      prompt: prefix,
      groundtruth: gold,
      right_context: suffix,
      metadata: {
        task_id: id,
        repository,
        file: path,
        context_start_lineno: 0,
        groundtruth_start_lineno: lineOfEnd(prefix),
        right_context_start_lineno: lineOfEnd(prefix + gold)
      },
      crossfile_context: {
        text: commented(context, language),
        list: context.map(({ path, text }) => ({ retrieved_chunk: text, filename: path, score: 0 }))
      }
    }
  }
}

/** The number of the line that a text ends in, from 0. */
const lineOfEnd = (text: string): number => countLines(`${text}.`) - 1
