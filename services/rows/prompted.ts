/** What rows that ask with one text have in common, under the names that trainers give their columns. */
import { withoutBegin } from "../formats/base-models.ts"
import { splitPrompt } from "../formats/split-prompt.ts"
import { readPrompt } from "../next-edit/read-prompt.ts"
import { type Fields, textOf } from "./fields.ts"
import { eventSections, nextEditSections } from "./next-edit-picture.ts"
import { answers, aside, code, type NamedText, type Picture, type Section } from "./picture.ts"

/** Returns what a row asks; TRL calls it "prompt", while LLaMA-Factory, Alpaca and others call it "instruction". */
export const promptOf = (row: Fields): string | undefined => textOf(row["prompt"]) ?? textOf(row["instruction"])

/** Returns what a row answers; TRL calls it "completion", while LLaMA-Factory, Alpaca and others call it "output". */
export const answerOf = (row: Fields): string | undefined => textOf(row["completion"]) ?? textOf(row["output"])

/** Returns whether the answer is wanted, as a row says it; LLaMA-Factory calls it "kto_tag". */
export const labelOf = (row: Fields): unknown => row["label"] ?? row["kto_tag"]

/** An answer to a prompt, and the name that it is shown under. */
export interface Answer extends NamedText {
  readonly isWanted: boolean
}

type PromptAnswers = readonly [Answer, ...ReadonlyArray<Answer>]

const shown = ["prompt", "instruction", "input", "completion", "output", "chosen", "rejected"]

/** Returns what a person sees of a row whose prompt and answers stand in columns of these names. */
export const promptedPicture = (row: Fields, given: PromptAnswers): Picture => ({
  shown,
  sections: promptedSections(promptOf(row) ?? "", given)
})

/**
 * Returns a prompt and its answers. A prompt with a model's tokens is taken apart, so that each answer stands where it
 * belongs. Of two answers the better one comes first, and they are compared.
 */
export const promptedSections = (prompt: string, given: PromptAnswers): ReadonlyArray<Section> =>
  editSections(withoutBegin(prompt), given) ?? promptSections(withoutBegin(prompt), given)

const editSections = (prompt: string, given: PromptAnswers): ReadonlyArray<Section> | undefined => {
  const read = readPrompt(prompt)
  return read === undefined ? undefined : [
    ...nextEditSections(read.shown, given.map((answer) => ({ ...answer, read: read.parse(answer.text) }))),
    ...eventSections(read.shown.events),
    ...aside("the whole prompt", prompt)
  ]
}

const promptSections = (prompt: string, [better, worse]: PromptAnswers): ReadonlyArray<Section> => {
  const split = splitPrompt(prompt)
  const { name, text } = better
  const tone = better.isWanted ? "wanted" : "unwanted"
  if (split === undefined) {
    return [worse === undefined ? code(name, text, tone) : answers(better, worse), code("prompt", prompt)]
  }
  const { head, prefix, suffix } = split
  return [
    worse === undefined
      ? { kind: "cut", name, prefix, middle: text, suffix, tone }
      : answers(better, worse, { prefix, suffix }),
    ...aside("context", head)
  ]
}
