/** Prompts of next edits, in whichever dialect they are: each is read by the dialect that wrote it, and by no other. */
import { type Dialect, momentOf, type NextEditAnswer, type ReadMoment } from "./dialect.ts"
import { dialects } from "./dialects/all.ts"

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
