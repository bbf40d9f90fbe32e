/** Our own rows of next edits: a dialect's prompt tells the moment, and its answer what comes next. */
import { applied, type Dialect, momentOf, type ReadMoment } from "../next-edit/dialect.ts"
import { dialects } from "../next-edit/dialects/all.ts"
import { zeta1 } from "../next-edit/dialects/zeta1.ts"
import { type EditRow, type NoEvaluationRow, noEvaluationRow, type RowOrigin } from "./row.ts"

/** Returns the row of a prompt and its answers; undefined where the prompt is none of a dialect. */
export const ownEdit = (
  origin: RowOrigin,
  prompt: string,
  completion: string,
  unwanted: string | undefined
): EditRow | NoEvaluationRow | undefined => {
  const found = readPrompt(prompt, origin.contextChars)
  if (found === undefined) return undefined
  const { dialect, read } = found
  const { moment, shown } = momentOf(prompt, read)
  const after = (answer: string): string | undefined => {
    const parsed = dialect.parse(answer, shown, moment)
    return parsed._tag === "unreadable" ? undefined : applied(moment.file.text, shown, parsed)
  }
  const wanted = after(completion)
  if (wanted === undefined) return noEvaluationRow("the answer is none of its dialect")
  return {
    ...origin,
    path: origin.path === "" ? read.path : origin.path,
    _tag: "edit",
    moment,
    wanted: [wanted],
    rejected: unwanted === undefined ? null : after(unwanted) ?? null,
    asked: { dialect: dialect.name, shown, completion }
  }
}

interface ReadEditPrompt {
  readonly dialect: Dialect
  readonly read: ReadMoment
}

const readPrompt = (prompt: string, contextChars: number): ReadEditPrompt | undefined => {
  for (const dialect of dialects) {
    const read = dialect.read(prompt)
    if (read !== undefined) return { dialect, read }
  }
  // A prompt of ZED may show other files behind its instruction, with a line end behind them.
  const at = prompt.indexOf("\n\n") + 2
  const read = contextChars === 0 ? undefined : zeta1.read(prompt.slice(0, at) + prompt.slice(at + contextChars + 1))
  return read === undefined ? undefined : { dialect: zeta1, read }
}

/** The lines of a file that a row tells beside its text: the region after the edit, and what stands around it. */
export interface ToldEdit {
  readonly above: string
  readonly wanted: string
  readonly below: string
}

/** What a prompt may end with, or an answer begin with: no dialect changes from one to the other elsewhere. */
const borders = /\n|<\[fim-middle\]>|$/g

/**
 * Returns where the prompt ends in a text that holds a prompt of a dialect and its answer: where what is in front of it
 * tells the moment, and what is behind it leads to the edit that is told. Undefined where there is no such place.
 */
export const promptOfText = (text: string, { above, below, wanted }: ToldEdit): number | undefined => {
  const ends = [...text.matchAll(borders)].flatMap(({ 0: border, index }) => [index, index + border.length])
  const mayBe = dialects.filter(({ controls }) => controls.some((control) => text.includes(control)))
  if (mayBe.length === 0) return undefined
  for (const end of ends.toReversed()) {
    const prompt = text.slice(0, end)
    for (const dialect of mayBe) {
      const read = dialect.read(prompt)
      if (read === undefined || read.above !== above || read.below !== below) continue
      const { moment, shown } = momentOf(prompt, read)
      const answer = dialect.parse(text.slice(end), shown, moment)
      if (answer._tag === "unreadable") continue
      if (applied(moment.file.text, shown, answer) === above + wanted + below) return end
    }
  }
  return undefined
}
