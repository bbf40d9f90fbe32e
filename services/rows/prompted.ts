/** What rows that ask with one text have in common, under the names that trainers give their columns. */
import { withoutBegin } from "../formats/base-models.ts"
import { splitPrompt } from "../formats/split-prompt.ts"
import { parseRegion, parseZed } from "../formats/zed.ts"
import { type Fields, metadataOf, textOf } from "./fields.ts"
import { code, type Picture, type Section, type Tone } from "./picture.ts"

/** Returns what a row asks; TRL calls it "prompt", while LLaMA-Factory, Alpaca and others call it "instruction". */
export const promptOf = (row: Fields): string | undefined => textOf(row["prompt"]) ?? textOf(row["instruction"])

/** Returns what a row answers; TRL calls it "completion", while LLaMA-Factory, Alpaca and others call it "output". */
export const answerOf = (row: Fields): string | undefined => textOf(row["completion"]) ?? textOf(row["output"])

/** Returns whether the answer is wanted, as a row says it; LLaMA-Factory calls it "kto_tag". */
export const labelOf = (row: Fields): unknown => row["label"] ?? row["kto_tag"]

/** An answer to a prompt, and the name that it is shown under. */
export interface Answer {
  readonly name: string
  readonly text: string
  readonly tone: Tone
}

type PromptAnswers = readonly [Answer, ...ReadonlyArray<Answer>]

const shown = ["prompt", "instruction", "input", "completion", "output", "chosen", "rejected"]

/** Returns what a person sees of a row whose prompt and answers stand in columns of these names. */
export const promptedPicture = (row: Fields, answers: PromptAnswers): Picture => ({
  shown,
  sections: promptedSections(row, promptOf(row) ?? "", answers)
})

/**
 * Returns a prompt and its answers. A prompt with a model's tokens is taken apart, so that each answer stands where it
 * belongs. Of two answers the better one comes first.
 */
export const promptedSections = (row: Fields, prompt: string, answers: PromptAnswers): ReadonlyArray<Section> =>
  zedSections(row, withoutBegin(prompt), answers) ?? promptSections(withoutBegin(prompt), answers)

const zedSections = (row: Fields, prompt: string, answers: PromptAnswers): ReadonlyArray<Section> | undefined => {
  const { context_chars: chars } = metadataOf(row)
  const zed = parseZed(prompt, answers[0].text, typeof chars === "number" ? chars : 0)
  return zed === undefined ? undefined : [
    code("edits so far", zed.events),
    ...answers.flatMap(({ name, text, tone }): ReadonlyArray<Section> => {
      const region = parseRegion(text)
      return region === undefined
        ? [code(name, text, tone)]
        : [
          { kind: "cut", name, prefix: zed.before, middle: region, suffix: zed.after, tone },
          { kind: "change", name: `${name}: what changes`, before: zed.region, after: region }
        ]
    })
  ]
}

const promptSections = (prompt: string, answers: PromptAnswers): ReadonlyArray<Section> => {
  const split = splitPrompt(prompt)
  const sections = answers.map(({ name, text, tone }): Section =>
    split === undefined
      ? code(name, text, tone)
      : { kind: "cut", name, prefix: split.prefix, middle: text, suffix: split.suffix, tone }
  )
  const before = split === undefined
    ? [code("prompt", prompt)]
    : split.head === ""
    ? []
    : [code("context", split.head)]
  return [...before, ...sections, ...differenceOf(answers)]
}

/** Returns what turns the worse of two answers into the better. */
const differenceOf = ([better, worse]: PromptAnswers): ReadonlyArray<Section> =>
  worse === undefined
    ? []
    : [{ kind: "change", name: `from ${worse.name} to ${better.name}`, before: worse.text, after: better.text }]
