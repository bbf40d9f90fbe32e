/** A last line that tells whether somebody wrote in a file of ours since: it holds a hash of what is above it. */
import { fingerprint } from "../../services/text/random.ts"

/** How the languages of our files mark a comment. */
const marks = { markdown: ["<!-- ", " -->"], python: ["# ", ""], yaml: ["# ", ""], sh: ["# ", ""] } as const

/** A language whose files can be signed. */
export type SignedLanguage = keyof typeof marks

/** Returns a text with its signature. */
export const signed = (language: SignedLanguage, text: string): string => {
  const [open, close] = marks[language]
  return `${text}\n${open}written by retrace report, ${fingerprint("card", text)}${close}\n`
}

/** Whether a file is as `signed` left it. */
export const isUntouched = (text: string): boolean => {
  const match = /^([^]*)\n(?:<!--|#) written by retrace report, ([\da-f]{16})(?: -->)?\n$/.exec(text)
  return match !== null && match[2] === fingerprint("card", match[1] ?? "")
}
