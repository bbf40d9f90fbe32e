/**
 * Prompts of next edits that an editor has rendered itself, read back as far as they say what they are: what could be added
 * to them, and whether an answer is worth showing.
 */
import type { Dialect, ReadMoment } from "../../../services/next-edit/dialect.ts"
import { dialects } from "../../../services/next-edit/dialects/all.ts"
import type { EditMoment } from "../../../services/next-edit/example.ts"
import { offerOf } from "../../../services/next-edit/offer.ts"

/** A prompt, and the moment that it shows. */
export interface ForeignPrompt {
  readonly dialect: Dialect
  readonly prompt: string
  readonly moment: EditMoment
  /** The text of the region, and the offset of the cursor in it. */
  readonly region: string
  readonly cursor: number
}

/** What a model of a dialect says where nothing is to be done; other dialects say it in no way that is known here. */
const noEdits: Readonly<Record<string, (read: ForeignPrompt) => string>> = {
  zeta2: ({ cursor, region }) => `${region.slice(0, cursor)}<|user_cursor|>${region.slice(cursor)}\n>>>>>>> UPDATED\n`,
  "zeta2.1": () => "<|marker_1|><|marker_1|>",
  sweep: ({ region }) => `\n${region}`
}

/** Reads a prompt of a dialect whose answers can be told from none; undefined for every other text. */
export const readForeign = (prompt: string): ForeignPrompt | undefined => {
  for (const dialect of dialects) {
    const read = dialect.name in noEdits ? dialect.read(prompt) : undefined
    if (read !== undefined) return foreignOf(dialect, prompt, read)
  }
  return undefined
}

const foreignOf = (dialect: Dialect, prompt: string, read: ReadMoment): ForeignPrompt => {
  const { above, below, events, path, region } = read
  const cursor = read.cursor ?? 0
  const file = { path, text: above + region + below }
  return {
    dialect,
    prompt,
    moment: { file, cursor: above.length + cursor, events, related: [], ancestors: [] },
    region,
    cursor
  }
}

/** Returns the answer as it may be shown: itself, or that there is nothing to do. */
export const shownAnswer = (read: ForeignPrompt, answer: string): string => {
  const { dialect, moment, prompt, region } = read
  const start = moment.cursor - read.cursor
  const shown = { prompt, system: null, region: { start, end: start + region.length } }
  const offer = offerOf(moment, shown, dialect.parse(answer, shown, moment))
  return offer._tag === "none" ? noEdits[dialect.name]?.(read) ?? answer : answer
}
