/** How long answers are, beside how long they should be: a model that says less is right more often, and helps less. */
import { countLines } from "../../text/span.ts"
import { countCharacters } from "./characters.ts"

/** The length of a text. */
export interface TextLength {
  readonly characters: number
  /** Lines with or without their end; the empty text has none. */
  readonly lines: number
}

/** Returns the length of a text without the white space at its ends. */
export const lengthOfText = (text: string): TextLength => {
  const inked = text.trim()
  return { characters: countCharacters(inked), lines: inked === "" ? 0 : countLines(inked) }
}
