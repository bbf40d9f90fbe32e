/** What tasks that type keys into a text are asked about both. */
import { file, oneOf, text } from "./kinds.ts"

export const notations = ["canonical", "lenient"] as const
export type Notation = (typeof notations)[number]

export const keysAsked = {
  kind: text("KEYS"),
  heading: "Text",
  alias: "k",
  help: "The keystrokes, such as 'ihello<Esc>'"
} as const

export const notation = {
  kind: oneOf(notations),
  heading: "Text",
  help: "How keys are written",
  more:
    "canonical is VimGolf's, as in <Esc>, <CR>, <C-v>, <lt>; lenient also takes \\033, \\x1b, {esc}, \\n and names in any case.",
  default: "canonical"
} as const

export const textAsked = {
  source: {
    kind: file(),
    heading: "Text",
    help: "File with the text; - is standard input",
    otherwise: "an empty text"
  },
  text: {
    kind: text(),
    heading: "Text",
    help: "The text itself, instead of a file"
  }
} as const
