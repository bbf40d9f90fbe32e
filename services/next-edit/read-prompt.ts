/** Prompts of next edits, in whichever dialect they are: each is read by the dialect that wrote it, and by no other. */
import { type Dialect, momentOf, type NextEditAnswer, type ReadMoment } from "./dialect.ts"
import { endOfLine } from "../text/span.ts"
import { dialectNamed, dialects } from "./dialects/all.ts"
import { sweepMark } from "./sweep-blocks.ts"
import { zetaTokens } from "./zeta-prompt.ts"

/** A prompt that a dialect has read. */
export interface ReadPrompt {
  readonly dialect: Dialect
  readonly shown: ReadMoment
  /** Reads an answer to the prompt. */
  readonly parse: (answer: string) => NextEditAnswer
}

/** Reads a prompt; undefined where no dialect does. */
export const readPrompt = (prompt: string): ReadPrompt | undefined => {
  for (const dialect of dialects) {
    const shown = dialect.read(prompt)
    if (shown === undefined) continue
    const made = momentOf(prompt, shown)
    return { dialect, shown, parse: (answer) => dialect.parse(answer, made.shown, made.moment) }
  }
  return undefined
}

/** A text that a model is trained on as a whole, taken apart. */
export interface TrainedEdit {
  readonly prompt: string
  readonly answer: string
}

/** Returns the prompt and the answer in a text of both; undefined where `format` names no dialect, or none wrote the text. */
export const splitTrainedEdit = (text: string, format: unknown): TrainedEdit | undefined => {
  if (typeof format !== "string" || dialectNamed(format) === undefined) return undefined
  for (const end of promptEnds(text)) {
    const prompt = text.slice(0, end)
    if (readPrompt(prompt) !== undefined) return { prompt, answer: text.slice(end) }
  }
  return undefined
}

/** What stands last in the prompts of each dialect. */
const lastMarks = [zetaTokens.middle, "<|im_start|>assistant\n", "### Response:\n\n"]

/** Where a prompt may end: behind a mark, or at the line that names what Sweep's models write, with its end or without. */
const promptEnds = (text: string): ReadonlyArray<number> => {
  const behindMarks = lastMarks.flatMap((mark) => {
    const at = text.lastIndexOf(mark)
    return at === -1 ? [] : [at + mark.length]
  })
  const updated = text.lastIndexOf(`\n${sweepMark}updated/`)
  if (updated === -1) return behindMarks
  const lineEnd = endOfLine(text, updated + 1)
  return [...behindMarks, lineEnd + 1, lineEnd]
}
