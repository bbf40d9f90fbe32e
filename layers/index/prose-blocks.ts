/** Comments and strings of several lines: no chunk is cut inside one, and those that explain at length are not shown. */
import { eachProse } from "./lexis.ts"

export interface ProseBlock {
  readonly start: number
  /** Behind its last unit, which may be that of a quote. */
  readonly end: number
  /** Whether it is a comment, or a string that stands for one, of more lines than are worth their room. */
  readonly isTold: boolean
}

/** A comment of more lines is left out where code is shown. */
const mostLines = 3

/** What no comment says but one about who may use the file. */
const licence =
  /\bcopyright\b.*(?:\d{4}|©|\(c\))|\ball rights reserved\b|\blicen[sc]ed under\b|\bSPDX-License|\b(?:MIT|BSD)\b.* licen[sc]e\b/i

/**
 * Returns the comments and strings of a text that go over a line end, in their order; comments on lines that
 * follow each other are one.
 */
export const proseBlocksOf = (text: string, language: string): ReadonlyArray<ProseBlock> => {
  const blocks: Array<ProseBlock> = []
  /** The run of comments on lines of their own that has been read so far. */
  let run: { readonly start: number; readonly end: number } | undefined
  const flush = () => {
    if (run !== undefined) add(run.start, run.end, true)
    run = undefined
  }
  const add = (start: number, end: number, isProse: boolean) => {
    const lines = countLineEnds(text, start, end)
    if (lines === 0) return
    blocks.push({ start, end, isTold: isProse && (lines >= mostLines || licence.test(text.slice(start, end))) })
  }
  eachProse(text, language, 0, text.length, (kind, start, end) => {
    const isAlone = isFirstOfLine(text, start) && isLastOfLine(text, end)
    if (kind === "comment" && isAlone) {
      if (run !== undefined && isNextLine(text, run.end, start)) run = { start: run.start, end }
      else {
        flush()
        run = { start, end }
      }
      return
    }
    flush()
    add(start, end, kind === "string" && language === "python" && isAlone && isStatement(text, start))
  })
  flush()
  return blocks
}

const countLineEnds = (text: string, start: number, end: number): number => {
  let count = 0
  for (let at = text.indexOf("\n", start); at !== -1 && at < end; at = text.indexOf("\n", at + 1)) count++
  return count
}

const isFirstOfLine = (text: string, offset: number): boolean => {
  let at = offset - 1
  while (at >= 0 && (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9)) at--
  return at < 0 || text.charCodeAt(at) === 10
}

const isLastOfLine = (text: string, end: number): boolean => {
  let at = end
  while (at < text.length && (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9 || text.charCodeAt(at) === 13)) {
    at++
  }
  return at >= text.length || text.charCodeAt(at) === 10
}

/** Whether only one line end and white space lie between. */
const isNextLine = (text: string, from: number, to: number): boolean => {
  let newlines = 0
  for (let at = from; at < to; at++) {
    const unit = text.charCodeAt(at)
    if (unit === 10) newlines++
    else if (unit > 32) return false
  }
  return newlines === 1
}

/** Whether a string at the start of a line is a statement of its own: what comes before does not go on. */
const isStatement = (text: string, start: number): boolean => {
  let at = start - 1
  while (at >= 0 && text.charCodeAt(at) <= 32) at--
  return at < 0 || !"([{,=+%\\|".includes(text[at] ?? "")
}
