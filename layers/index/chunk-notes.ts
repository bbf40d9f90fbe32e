/** What is read off the text of a chunk when it is found, and kept, because it is likely to be found again. */
import { eachMention } from "./mentions.ts"
import { ownText } from "./own-text.ts"
import { isPreamble, shownCode } from "./shown-code.ts"

/** A name that a chunk mentions. */
export interface ChunkMention {
  readonly name: string
  readonly isMember: boolean
  /** Whether the name, as a member or not, comes up here first. */
  readonly isFirst: boolean
}

export interface ChunkNotes {
  readonly language: string
  /** What of its code is shown; "" where that would be of no use. */
  readonly shown: () => string
  /** The names that it mentions, each at most once as a member and once otherwise, in the order of their places. */
  readonly mentions: () => ReadonlyArray<ChunkMention>
}

/** Returns the notes on a chunk; each is made when it is first asked for. */
export const notesOn = (chunk: string, language: string): ChunkNotes => {
  const text = ownText(chunk)
  let shown: string | undefined
  let mentions: ReadonlyArray<ChunkMention> | undefined
  return {
    language,
    shown: () => shown ??= usefulCode(text, language),
    mentions: () => mentions ??= mentionsIn(text, language)
  }
}

/** Less code says nothing. UTF-16 units. */
const leastCode = 20

const usefulCode = (text: string, language: string): string => {
  const code = shownCode(text, language)
  return code.length < leastCode || isPreamble(code) ? "" : code
}

const mentionsIn = (text: string, language: string): ReadonlyArray<ChunkMention> => {
  const mentions: Array<ChunkMention> = []
  const bare = new Set<string>()
  const members = new Set<string>()
  eachMention(text, language, 0, text.length, (name, role) => {
    if (role === "variable") return
    const isMember = role === "member"
    const [own, others] = isMember ? [members, bare] : [bare, members]
    if (own.has(name)) return
    own.add(name)
    mentions.push({ name, isMember, isFirst: !others.has(name) })
  })
  return mentions
}
