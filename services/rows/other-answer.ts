/**
 * Rows that tell wanted from unwanted by a label hold one answer each; the other answer to the same question stands in
 * another row of the file, if it is there at all.
 */
import { splitPrompt } from "../formats/split-prompt.ts"
import { readPrompt } from "../next-edit/read-prompt.ts"
import { cursorMark } from "../formats/zed.ts"
import { isFields } from "./fields.ts"
import { labelOf } from "./prompted.ts"
import { shapeOf } from "./shapes.ts"

/** A row that is asked again elsewhere: how to find the other row, and how to know it. */
export interface OtherAnswerQuery {
  /** A text that the other row holds on its line, whichever way its writer spells JSON. */
  readonly holding: string
  readonly isIt: (row: unknown) => boolean
}

/** Longer texts make no search faster. UTF-16 units. */
const longestNeedle = 80

/** Returns how to find the row with the other answer; undefined for a row whose question has none elsewhere. */
export const otherAnswerOf = (row: unknown): OtherAnswerQuery | undefined => {
  const question = questionOf(row)
  if (question === undefined) return undefined
  const holding = longestPlainRun(tellingParts(question.prompt))
  return holding === "" ? undefined : {
    holding,
    isIt: (candidate) => {
      const other = questionOf(candidate)
      return other !== undefined && other.isWanted !== question.isWanted && other.prompt === question.prompt
    }
  }
}

const questionOf = (row: unknown): { readonly prompt: string; readonly isWanted: boolean } | undefined => {
  if (!isFields(row)) return undefined
  const label = labelOf(row)
  const asked = typeof label === "boolean" ? shapeOf(row).asked?.(row) : undefined
  return asked === undefined || typeof label !== "boolean" ? undefined : { prompt: asked.prompt, isWanted: label }
}

/** So far around the place that is asked for a prompt is unlike others. UTF-16 units. */
const nearby = 400

/** The parts of a prompt that few others have: what all prompts of a file begin with tells none of them from the rest. */
const tellingParts = (prompt: string): ReadonlyArray<string> => {
  const edit = readPrompt(prompt)
  if (edit !== undefined) {
    const { cursor, region } = edit.shown
    return cursor === null ? [region] : [region.slice(0, cursor), region.slice(cursor)]
  }
  const cursor = prompt.indexOf(cursorMark)
  if (cursor !== -1) {
    const behind = cursor + cursorMark.length
    return [prompt.slice(Math.max(0, cursor - nearby), cursor), prompt.slice(behind, behind + nearby)]
  }
  const split = splitPrompt(prompt)
  return split === undefined ? [prompt] : [split.prefix.slice(-nearby), split.suffix.slice(0, nearby)]
}

/** The longest run of characters that JSON never escapes, so that it stands in every spelling as it is. */
const longestPlainRun = (texts: ReadonlyArray<string>): string =>
  texts.flatMap((text) => text.match(/[\w .,:;()[\]{}*!?=|@#$%^~-]+/g) ?? []).reduce(
    (longest, run) => run.length > longest.length ? run : longest,
    ""
  ).slice(0, longestNeedle)
