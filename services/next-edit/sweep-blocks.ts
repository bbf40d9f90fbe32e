/** What the prompts of both of Sweep's dialects share: blocks, each under a line that names it. */
import type { EditEvent } from "./example.ts"

/** Stands before the name of a block. */
export const sweepMark = "<|file_sep|>"

/** A block of a prompt. */
export interface SweepBlock {
  readonly name: string
  /** What stands below the name; null where the name is all that there is. */
  readonly text: string | null
}

/** Returns the blocks of a prompt; none for a text that does not begin with one. */
export const sweepBlocks = (prompt: string): ReadonlyArray<SweepBlock> =>
  prompt.startsWith(sweepMark)
    ? prompt.slice(sweepMark.length).split(`\n${sweepMark}`).map((block) => {
      const end = block.indexOf("\n")
      return end === -1 ? { name: block, text: null } : { name: block.slice(0, end), text: block.slice(end + 1) }
    })
    : []

/** Returns what a block tells of an event; undefined for one that holds something else. */
export const eventOfBlock = (path: string | undefined, { text }: SweepBlock): EditEvent | undefined => {
  const [, before, after] = /^original:\n([^]*?)\nupdated:\n([^]*)$/.exec(text ?? "") ?? []
  return path === undefined || before === undefined || after === undefined
    ? undefined
    : { path, before: endedLines(before), after: endedLines(after) }
}

const endedLines = (text: string): string => (text === "" ? "" : `${text}\n`)
